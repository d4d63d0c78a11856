"""A repository's own rules about what is written for it."""
