"""What is about to be published is looked through first: texts, rows, files with what they carry unseen, and file names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Protocol, runtime_checkable

from records.personal import papers
from records.personal.masking import shown
from records.personal.numbers import Found, find


@runtime_checkable
class Paper(Protocol):
    """A stored file (`records.models.StoredFile`)."""

    name: Any
    content: Any
    content_type: Any


@dataclass(frozen=True)
class Finding:
    """A personal number, and where it stands, in words."""

    place: str
    what: str
    masked: str

    def __str__(self) -> str:
        return f"{self.place}：{self.what}"


def gate(what: Mapping[str, Any], words: Mapping[str, str] | None = None) -> list[Finding]:
    """Everything personal in what is about to be published; nothing may be while this finds something.

    `what` is texts, lists, dictionaries and stored files, by what each is called. `words` says how a key is called in a
    finding; a key it does not know is written as it is.
    """
    names = words or {}
    found: list[Finding] = []
    for name, value in what.items():
        found += _of(shown(names.get(name, name)), value, names)
    return found


def _of(place: str, value: Any, words: Mapping[str, str]) -> Iterator[Finding]:
    if isinstance(value, str):  # nearly all are, and whether one is a paper takes long to tell
        yield from _in_text(place, value)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            inside = f"{place}的“{shown(str(words.get(key, key)))}”"
            # A row that is kept by its number, name or the like has it in its key.
            yield from _in_text(inside, str(key))
            yield from _of(inside, inner, words)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for number, inner in enumerate(value, 1):
            yield from _of(f"{place}第 {number} 行", inner, words)
    elif isinstance(value, Paper):
        yield from _of_file(value)
    elif value is not None and not isinstance(value, bool):
        yield from _in_text(place, str(value))


def _of_file(stored: Paper) -> Iterator[Finding]:
    name = f"附件《{shown(stored.name)}》"
    yield from _in_text(f"{name}的文件名", PurePath(stored.name).stem)
    try:
        with stored.content.open("rb") as content:
            for place, text in papers.pieces(content, stored.content_type):
                yield from _in_text(f"{name}{place}", text)
    except papers.Unreadable:
        yield Finding(name, "打不开，看不出里面有没有个人信息", "")


def _in_text(place: str, text: str) -> Iterator[Finding]:
    yield from (Finding(place, _says(one), one.masked) for one in find(text))


def _says(found: Found) -> str:
    return f"像{found.kind} {found.masked}"
