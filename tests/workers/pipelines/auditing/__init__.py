"""Tests of an audit's parts."""
