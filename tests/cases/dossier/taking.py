"""A dossier taken and looked into."""

import html
import io
import re
import zipfile
from datetime import datetime
from typing import Any

from cases.dossier import Asked, exporting, parts
from cases.models import Case
from records.files.purposes import Purpose
from tests.conftest import NOW

ARCHIVE = Purpose("归档", "")


def take(case: Case, by: Any, *, form: str = "zip", at: datetime = NOW, **asked: Any) -> bytes:
    with exporting.export(case, Asked(by, at, asked.pop("purpose", ARCHIVE), **asked), form).content as made:
        return made.read()


def files_of(dossier: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(dossier)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pages_of(dossier: bytes) -> dict[str, str]:
    """The words of each page by its title."""
    pages = {name: body for name, body in files_of(dossier).items() if name.endswith(".html")}
    return {name.removesuffix(".html").split(" ", 1)[-1]: _words(body) for name, body in pages.items()}


def _words(body: bytes) -> str:
    text = re.sub(r"<style>.*?</style>", "", body.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def with_files(dossier: bytes, **changes: bytes | None) -> bytes:
    """The same with some files otherwise: other bytes, None for gone, a new name for one more."""
    files = {name: body for name, body in (files_of(dossier) | changes).items() if body is not None}
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return sink.getvalue()


def titles(case: Case, by: Any) -> list[str]:
    asked = Asked(by, NOW, ARCHIVE)
    with asked.held:
        return [part.title for part in parts.of(case, asked)]
