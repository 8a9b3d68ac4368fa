"""What a driver tells the prefecture, and the exchange that follows."""
