class FileRefused(Exception):
    """Why an upload was not taken, as a sentence with what to do."""
