"""The naive twin: no lock, no unique key, a commit a line. It is here to show that the harness can fail."""
