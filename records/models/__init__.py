from records.models.base import Kept
from records.models.event import Event
from records.models.file import StoredFile

__all__ = ["Event", "Kept", "StoredFile"]
