"""A document as a file after GB/T 9704-2012: tagged and archival, its fonts in it, nothing fetched from anywhere."""

from notices.pdf.rendering import Made, render, render_document, text_of

__all__ = ["Made", "render", "render_document", "text_of"]
