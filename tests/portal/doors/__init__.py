"""Every door of the site against one table (table.py): who may go through it, and what everybody else is told."""
