class Refused(Exception):
    """An act that the rules of access do not allow; the message says why and what to do now. Nothing was changed."""
