"""Code seen without a model."""
