"""What the tests pipeline knows of tests: how a repository writes them, what is wrong with one, and what one is worth."""
