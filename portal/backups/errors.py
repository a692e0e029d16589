class BackupRefused(Exception):
    """Why nothing was written or restored, as a sentence with what to do."""
