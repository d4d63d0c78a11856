"""One slash command a file: usage, who may, arguments → wanted work."""
