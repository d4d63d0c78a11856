"""Pieces of what is posted: pure functions from a Review to Markdown."""
