"""What `quorum doctor` looks at: one check a file, each a row of `registry.py`."""
