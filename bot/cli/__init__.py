"""One command of the command line a file: run and print."""
