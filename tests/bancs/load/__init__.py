"""What the site bears, and what visitors see when something dies: `make load`, bounded, on the loopback."""
