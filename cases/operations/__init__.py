"""What the kinds of case that change a registration's list share: the words, the forms and the comparison of its operations."""
