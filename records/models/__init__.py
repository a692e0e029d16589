from records.models.base import Kept
from records.models.event import Event
from records.models.file import StoredFile
from records.models.letter import Letter, LetterDelivery
from records.models.trail import TrailBlock

__all__ = ["Event", "Kept", "Letter", "LetterDelivery", "StoredFile", "TrailBlock"]
