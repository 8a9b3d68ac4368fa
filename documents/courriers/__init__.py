"""The letters that settling finds due: what they say, when they are made, and what the post says of them."""
