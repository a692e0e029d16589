"""One value of a file turned into what its field holds, as plain JSON: days and hours stay text in their one form."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, time
from difflib import get_close_matches
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from cities.models import CitedRow
from cities.models.place import falling_days
from cities.rulebooks.schema import Key, head, keys_of
from cities.rulebooks.source import Node

SLUG = re.compile(r"[-a-zA-Z0-9_]+")
HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
READING_KEYS = ("question", "reading", "alternatives")
# Which values of the row rest on the reading; left out where none does.
READ_VALUES = "of"
# No text says these; they are how a file is written.
NOT_READ = ("key", "article", "rules", "interpretations")
# Besides the reading itself: what it sets, or why it sets nothing.
ALTERNATIVE_KEYS = ({"reading", "sets"}, {"reading", "why_not"})


class Wrong(ValueError):
    """Why a value cannot stand, at its own line where it has one; `beside` holds what else is wrong in it."""

    def __init__(self, reason: str, line: int | None = None, beside: Iterable["Wrong"] = ()) -> None:
        super().__init__(reason)
        self.line, self.beside = line, tuple(beside)

    def each(self) -> Iterator["Wrong"]:
        yield self
        for one in self.beside:
            yield from one.each()


def convert(key: Key, node: Node) -> Any:
    """The normalised value. Raises Wrong with a sentence that ends in what was expected."""
    for kind, converter in _CONVERTERS:
        if isinstance(key.field, kind):
            return converter(key, node)
    raise TypeError(f"no way to read {key.field!r} from a file")


def written(node: Node) -> str:
    """What stands there, short enough for a sentence."""
    if isinstance(node.value, dict):
        return "一组键"
    if isinstance(node.value, list):
        return "一个列表"
    if node.value is None:
        return "空"
    return f"“{(str(node.value).lower() if isinstance(node.value, bool) else str(node.value))[:40]}”"


def _yes_or_no(_key: Key, node: Node) -> bool:
    if not isinstance(node.value, bool):
        raise Wrong(f"写的是{written(node)}（应为 true 或 false）")
    return node.value


def _number(key: Key, node: Node) -> int:
    most = 32767 if isinstance(key.field, models.SmallIntegerField) else 2147483647
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise Wrong(f"写的是{written(node)}（应为 0 到 {most} 之间的整数）")
    return value


def _day(_key: Key, node: Node) -> str:
    try:
        return date.fromisoformat(str(node.value)).isoformat()
    except ValueError:
        raise Wrong(f"写的是{written(node)}（应为日期，如 2024-03-27）") from None


def _hour(_key: Key, node: Node) -> str:
    if not HOUR.fullmatch(str(node.value)):
        raise Wrong(f"写的是{written(node)}（应为时刻，如 17:30；不写就是 24:00）")
    return time.fromisoformat(str(node.value)).isoformat(timespec="minutes")


def text(key: Key, node: Node) -> str:
    """Text within the field's length; one of its choices where it has them."""
    value = node.value
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Wrong(f"写的是{written(node)}（应为文字）")
    value = str(value).strip()
    choices = {str(code): label for code, label in key.field.flatchoices if code != ""}
    if choices and value not in choices:
        raise Wrong(f"写的是{written(node)}（{_expected_choice(value, choices)}）")
    if isinstance(key.field, models.SlugField) and not SLUG.fullmatch(value):
        raise Wrong(f"写的是{written(node)}（应为代码：只用字母、数字、下划线和连字符）")
    length = getattr(key.field, "max_length", None)
    if length and len(value) > length:
        raise Wrong(f"有 {len(value)} 个字（应为 {length} 个字以内）")
    if not value:
        raise Wrong("不能为空（应为文字）")
    return value


def _expected_choice(value: str, choices: dict[str, Any]) -> str:
    """All of them, the closest first where the value is only misspelt or is the word that pages show."""
    said = {code: f"{code} {label}" for code, label in choices.items()}
    meant = [code for code, label in choices.items() if value == label]
    meant = meant or get_close_matches(value, list(choices), n=1, cutoff=0.6)
    closest_one = f"最接近的是 {said[meant[0]]}；" if meant else ""
    return f"{closest_one}应为 {'、'.join(said.values())} 之一"


def _list(key: Key, node: Node) -> list[Any]:
    if not isinstance(node.value, list):
        raise Wrong(f"写的是{written(node)}（应为列表，每项前加 -）")
    if key.column == "interpretations":
        return _every(partial(_reading, item, key) for item in node.value)
    if key.column == "reminder_days":
        return _falling_days(node.value)
    return _every(partial(_sentence, item, key.name) for item in node.value)


def _every(asked: Iterable[Callable[[], Any]]) -> list[Any]:
    """All of them; raises Wrong with everything that is wrong in any."""
    found: list[Any] = []
    wrongs: list[Wrong] = []
    for ask in asked:
        try:
            found.append(ask())
        except Wrong as wrong:
            wrongs += wrong.each()
    if wrongs:
        raise Wrong(str(wrongs[0]), wrongs[0].line, wrongs[1:])
    return found


def _falling_days(items: list[Node]) -> list[Any]:
    days = [item.value for item in items]
    try:
        falling_days(days)
    except ValidationError as refused:
        raise Wrong(f"写的是 {'、'.join(map(written, items))}（{refused.messages[0]}）") from None
    return days


def _reading(node: Node, key: Key) -> dict[str, Any]:
    entries = node.value
    if not isinstance(entries, dict) or set(entries) - {READ_VALUES} != set(READING_KEYS):
        named = entries if isinstance(entries, dict) else {}
        unknown = "".join(f"，不认识“{name}”" for name in named if name not in (*READING_KEYS, READ_VALUES))
        raise Wrong(
            f"每条解释要有三个键{unknown}（应为 question 问题、reading 我们怎么理解、alternatives 还可以怎么理解；另可写 of 哪些值由此而来）",
            node.line,
        )
    readers: dict[str, Callable[[], Any]] = {
        "question": partial(_sentence, entries["question"], "question"),
        "reading": partial(_sentence, entries["reading"], "reading"),
        "alternatives": partial(_alternatives, entries["alternatives"], key),
    }
    if READ_VALUES in entries:
        readers[READ_VALUES] = partial(_read_values, entries[READ_VALUES], key)
    return dict(zip(readers, _every(readers.values()), strict=True))


def _read_values(node: Node, key: Key) -> list[str]:
    """The columns that a reading is about."""
    keys = {name: one for name, one in _keys(key.field.model).items() if name not in NOT_READ}
    if not isinstance(node.value, list) or not node.value:
        raise Wrong(f"of 写的是{written(node)}（应为列表，{expected(keys)}）", node.line)
    return _every(partial(_read_value, item, keys) for item in node.value)


def _read_value(node: Node, keys: dict[str, Key]) -> str:
    if node.value not in keys:
        raise Wrong(f"of 里不认识{written(node)}（{closest(str(node.value), keys)}）", node.line)
    return keys[node.value].column


def _keys(model: type[models.Model]) -> dict[str, Key]:
    return keys_of(model) if issubclass(model, CitedRow) else head(model)


def _alternatives(node: Node, key: Key) -> list[Any]:
    if not isinstance(node.value, list):
        raise Wrong("alternatives 应为列表，没有别的理解就写 []", node.line)
    return _every(partial(_alternative, item, key) for item in node.value)


def _alternative(node: Node, key: Key) -> Any:
    """A sentence, or a reading with the values that the row takes if the office chooses it, or with why it takes none."""
    entries = node.value
    if not isinstance(entries, dict):
        return _sentence(node, "alternatives")
    if set(entries) not in ALTERNATIVE_KEYS:
        raise Wrong(
            "另一种理解写成一句话，或两个键（应为 reading 怎么理解，和 sets 这一行改取什么值或者 why_not 为什么不改值）",
            node.line,
        )
    reading = _sentence(entries["reading"], "reading")
    if "why_not" in entries:
        return {"reading": reading, "why_not": _sentence(entries["why_not"], "why_not")}
    return {"reading": reading, "sets": _sets(entries["sets"], key)}


def _sets(node: Node, key: Key) -> dict[str, Any]:
    """By column, as the row itself would hold them."""
    keys = settable(key.field.model)
    if not isinstance(node.value, dict) or not node.value:
        raise Wrong(f"sets 写的是{written(node)}（应为一组键，{expected(keys)}）", node.line)
    return dict(_every(partial(_set, name, entry, keys) for name, entry in node.value.items()))


def _set(name: str, entry: Node, keys: dict[str, Key]) -> tuple[str, Any]:
    if name not in keys:
        raise Wrong(f"sets 里不认识“{name}”（{closest(name, keys)}）", entry.line)
    try:
        return keys[name].column, convert(keys[name], entry)
    except Wrong as wrong:
        raise Wrong(f"sets.{name} {wrong}", wrong.line or entry.line) from None


def settable(model: type[models.Model]) -> dict[str, Key]:
    """What an office decision can set of a row without a new version, by the name it has in a file."""
    if not issubclass(model, CitedRow):
        return {}
    return {name: key for name, key in keys_of(model).items() if key.column in model.settable}


def closest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"最接近的是 {close[0]}" if close else expected(known)


def expected(known: Iterable[str]) -> str:
    return f"可用的：{'、'.join(known) or '没有'}"


def _sentence(node: Node, name: str) -> str:
    if not isinstance(node.value, str) or not node.value.strip():
        raise Wrong(f"{name} 写的是{written(node)}（应为文字）", node.line)
    return node.value.strip()


_CONVERTERS: tuple[tuple[type[models.Field], Callable[[Key, Node], Any]], ...] = (
    (models.BooleanField, _yes_or_no),
    (models.IntegerField, _number),
    (models.DateField, _day),
    (models.TimeField, _hour),
    (models.JSONField, _list),
    (models.ForeignKey, text),
    (models.CharField, text),
)
