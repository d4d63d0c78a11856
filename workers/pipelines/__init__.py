"""One use case each; values in, values out."""
