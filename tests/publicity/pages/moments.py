"""What these tests share."""

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.conftest import PDF, at

DURING = at("2026-09-30 09:00")

LAST_SECOND = at("2026-10-03 23:59:59")

OVER = at("2026-10-04 00:00:00")


def text(response: Any) -> str:
    """What the main part of a page says."""
    body = re.findall(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body))


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("证据.pdf", PDF, "application/pdf")
