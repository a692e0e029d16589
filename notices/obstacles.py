"""What keeps a text from becoming a document: asked before anything is opened, and again before the file is made."""

from notices.pdf import fonts
from records.personal import NO_DISCLOSURE, gate


def in_text(text: str) -> str:
    """As a sentence; empty where nothing stands in the way."""
    if found := gate({"文书": text}):
        return f"{found[0]}，不能公开（{NO_DISCLOSURE}）。去掉以后再办"
    return fonts.why_not(text)
