"""The interface of a code base as one small model, whatever the language."""
