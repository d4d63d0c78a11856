"""One expert a file: what one reviewer looks for."""
