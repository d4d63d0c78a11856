"""Which model answers a task, and why: pure functions."""
