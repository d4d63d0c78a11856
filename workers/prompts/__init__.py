"""Prompts as Markdown files, versioned."""
