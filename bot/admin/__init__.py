"""REST for operators; nothing here yet."""
