"""One GitHub event a file: event → wanted work, as pure functions."""
