"""`quorum models`: one file an action."""
