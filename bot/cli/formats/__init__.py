"""How findings are written: pure functions from a Review to text."""
