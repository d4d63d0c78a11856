"""The parts of suggesting improvements: the question to a model, and what of its answer can be committed."""
