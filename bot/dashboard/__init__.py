"""Pages for operators; nothing here yet."""
