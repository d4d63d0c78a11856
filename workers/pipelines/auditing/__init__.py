"""The parts of an audit: what is read, three scores with their reasons, what specialists are asked."""
