"""One static analyser a file."""
