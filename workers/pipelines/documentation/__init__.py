"""The parts of the documentation pipeline: what is asked of models, and what counts of their answers."""
