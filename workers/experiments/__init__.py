"""Comparisons of models and configurations; nothing here yet."""
