"""Documentation pages: what they are to say, how they are written, and whether they still say it."""
