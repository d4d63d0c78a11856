"""Configuration of other reviewers → our own file, and a table of what became of each key."""
