"""The operator's REST interface."""
