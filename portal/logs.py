"""Log lines: which request or task each belongs to, and nothing personal in any."""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

from records.personal import masked

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_NOBODYS = "-"
_request_id: ContextVar[str] = ContextVar("request_id", default=_NOBODYS)

# What people type stands behind these names, in an address, a form or a dictionary.
_FIELDS = "name|full_name|username|contact|contact_person|phone|mobile|email|address|matter|identity|password|token|q"
_FIELD = re.compile(
    rf"""(['"]?\b(?:{_FIELDS})\b['"]?\s*[:=]\s*)(?:\[[^\]]*\]|'[^']*'|"[^"]*"|[^\s,&;)\]}}]+)"""
)
_QUERY = re.compile(r"(?<=[\w/])\?[^\s\"'<>]*")
# Behind these words a database quotes the row that it refused; also within a line, where somebody has written the error out.
_ROW = re.compile(r"(?:DETAIL:|Failing row contains).*$", re.MULTILINE)
# Whoever has what stands behind these may act with it: links of invitations, new passwords and receipts.
_SECRET_PATH = re.compile(r"(/(?:invitations|password/reset|publicity/receipt)/)[^\s\"'<>]+")


def enter(request_id: str) -> None:
    """From now on this thread's lines belong to that request or task."""
    _request_id.set(request_id)


def leave(**kwargs: object) -> None:
    _request_id.set(_NOBODYS)


def current() -> str:
    return _request_id.get()


def scrubbed(text: str) -> str:
    """Without query strings, secret links, what was typed into fields that name people, personal numbers, and rows a database
    quotes."""
    bare = _SECRET_PATH.sub(r"\1***", _QUERY.sub("", _ROW.sub("", text)))
    return masked(_FIELD.sub(r"\1***", bare))


def _message(record: logging.LogRecord) -> str:
    """Without the words of what was raised, which Celery writes into its own line."""
    text, error = record.getMessage(), (record.exc_info or (None, None))[1]
    for said in (repr(error), str(error)) if error is not None else ():
        text = text.replace(said, type(error).__qualname__) if said else text
    return scrubbed(text)


class RequestId(logging.Filter):
    """Notes on each line whose it is."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current()
        return True


class PlainFormatter(logging.Formatter):
    """For a person at a terminal; the lines of what was raised are scrubbed too."""

    def format(self, record: logging.LogRecord) -> str:
        return scrubbed(super().format(record))


class JsonFormatter(logging.Formatter):
    """One object per line. Left out are `extra=` values and the words of what was raised: both may quote what somebody typed."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", _NOBODYS),
            "message": _message(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 -- logging's own name
        """Where it was raised and what kind it is, with what had caused it."""
        told, error = [], ei[1]
        while error is not None:
            told.append("".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__)
            error = error.__cause__ or error.__context__
        return "\n".join(reversed(told))
