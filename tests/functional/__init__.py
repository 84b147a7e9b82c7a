"""Functional tests: the real program, over the wire."""
