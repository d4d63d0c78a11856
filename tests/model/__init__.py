"""A small real model reviews, served on this machine: `make test-model`."""
