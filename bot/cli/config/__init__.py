"""`quorum config …`: write, check, show and import configuration; one action a file."""
