"""A site in one archive, and back: the database, the private files, and a manifest that says what they should be."""
