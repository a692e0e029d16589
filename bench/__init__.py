"""Figures, not tests: nothing here passes or fails. `make bench` prints them, docs/performance.md says how to read them."""
