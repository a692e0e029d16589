"""Uploads: what they say they are is checked against what they are; they lie under random names outside any public path, the
sensitive ones encrypted."""

from records.files.kinds import DEFAULT_PAGES, KINDS, accepted_suffixes, wording
from records.files.orphans import remove_orphans
from records.files.reading import is_there, opened, proves
from records.files.refused import FileRefused
from records.files.serving import download
from records.files.storing import keep_made, remove, store, whole

__all__ = [
    "DEFAULT_PAGES",
    "KINDS",
    "FileRefused",
    "accepted_suffixes",
    "download",
    "is_there",
    "keep_made",
    "opened",
    "proves",
    "remove",
    "remove_orphans",
    "store",
    "whole",
    "wording",
]
