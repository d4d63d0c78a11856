"""The parts of describing a change: its kinds, files, diagram and issues, and the question to a model."""
