"""Logging in: passwords and who tries too often, the second factor, sessions and what was typed when one was over."""
