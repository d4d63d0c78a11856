"""RULES: what is allowed. Pure data; opens no sockets."""
