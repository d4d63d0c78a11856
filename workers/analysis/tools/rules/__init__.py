"""Rules as data: what to look for, and what to say about it."""
