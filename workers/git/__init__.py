"""Local git repositories, read with git's plumbing."""
