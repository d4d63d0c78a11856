"""GitHub's REST API, as values."""
