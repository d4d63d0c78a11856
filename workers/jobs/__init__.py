"""Read, think, write: one job a file."""
