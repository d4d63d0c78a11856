"""FRONT DOORS: every way in."""
