"""The parts of the tests pipeline: what is worth a test, what is asked of models, and what counts of their answers."""
