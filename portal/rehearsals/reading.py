"""Reads rehearsal files: every mistake with its file and line, in the manner of rulebook files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from cities.rulebooks.errors import Problems, RulebookErrors
from cities.rulebooks.source import Node, read
from cities.rulebooks.values import written
from portal.rehearsals.vocabulary import ACTIONS, FILE, Word


@dataclass(frozen=True)
class Step:
    line: int
    action: str
    facts: dict[str, Any]

    @property
    def at(self) -> datetime:
        return self.facts["on"]

    @property
    def expected(self) -> dict[str, Any]:
        return {key: value for key, value in (self.facts.get("expect") or {}).items() if key != LINE}

    def __str__(self) -> str:
        value = self.facts[self.action]
        if isinstance(value, dict):
            value = "，".join(f"{key} {one}" for key, one in value.items() if key != LINE)
        return self.action if value is True else f"{self.action} {value}"


@dataclass(frozen=True)
class Rehearsal:
    file: Path
    line: int
    programme: str
    rulebook: Path
    name: str
    proves: tuple[str, ...]
    given: dict[str, Any]
    story: tuple[Step, ...]


def find(paths: Sequence[Path]) -> list[Path]:
    """The files named, and every rehearsal file in the folders named."""
    found = [sorted(path.rglob("*.yaml")) if path.is_dir() else [path] for path in paths]
    return [path for group in found for path in group]


def read_all(paths: Sequence[Path]) -> list[Rehearsal]:
    """Raises RulebookErrors with all that is wrong in any of them."""
    rehearsals, errors = [], []
    for path in find(paths):
        problems = Problems(str(path))
        rehearsals += _read(path, problems)
        errors += problems.errors
    if errors:
        raise RulebookErrors(errors)
    return rehearsals


def _read(path: Path, problems: Problems) -> list[Rehearsal]:
    root = read(path, problems)
    content = _map(root, FILE, "", problems) if root else None
    if problems.errors or content is None:
        return []
    programme = content["programme"]
    named = content.get("rulebook")
    default = Path(settings.BASE_DIR) / "fixtures/rulebooks" / f"{programme}.yaml"
    rulebook = (path.parent / named).resolve() if named else default
    if not rulebook.is_file():
        problems.add(1, "rulebook", f"没有这个规则文件：{rulebook.name}")
    return [
        _rehearsal(path, programme, rulebook, content["given"], one, problems)
        for one in content["rehearsals"]
    ]


def _rehearsal(
    path: Path, programme: str, rulebook: Path, given: Any, one: dict[str, Any], problems: Problems
) -> Rehearsal:
    steps = [_step(facts, problems) for facts in one["story"]]
    story = tuple(step for step in steps if step)
    for earlier, later in pairwise(story):
        if later.at < earlier.at:
            problems.add(later.line, "story.on", "比上一步早（应按时间先后写）")
    return Rehearsal(
        path, one[LINE], programme, rulebook, one["name"], tuple(one.get("proves", ())), given, story
    )


def _step(facts: dict[str, Any], problems: Problems) -> Step | None:
    done = [name for name in ACTIONS if name in facts]
    if len(done) != 1:
        said = "、".join(done) or "一个也没有"
        problems.add(
            facts[LINE], "story", f"每一步正好做一件事（现在是 {said}；可做的：{'、'.join(ACTIONS)}）"
        )
        return None
    return Step(facts[LINE], done[0], {key: value for key, value in facts.items() if key != LINE})


# Where a map keeps its own line; no key of a file can be empty.
LINE = ""


def _map(node: Node, words: dict[str, Word], path: str, problems: Problems) -> dict[str, Any] | None:
    if not isinstance(node.value, dict):
        problems.add(node.line, path or "文件", f"写的是{written(node)}（应为一组键）")
        return None
    found: dict[str, Any] = {LINE: node.line}
    for key, entry in node.value.items():
        here = f"{path}.{key}".lstrip(".")
        if key not in words:
            problems.add(entry.line, here, f"不认识这个键（{_expected(key, list(words))}）")
        elif (value := _value(entry, words[key], here, problems)) is not None:
            found[key] = value
    for key, word in words.items():
        if word.required and key not in node.value:
            problems.add(node.line, f"{path}.{key}".lstrip("."), f"缺少这个键（{word.meaning}）")
    return found


def _value(node: Node, word: Word, path: str, problems: Problems) -> Any:
    if word.kind == "map":
        return _map(node, word.inside or {}, path, problems)
    if word.kind in ("maps", "texts"):
        return _list(node, word, path, problems)
    if word.kind == "named":
        return _named(node, word, path, problems)
    try:
        found = _PLAIN[word.kind](node.value)
    except (ValueError, TypeError):
        found = None
    if found is None or not _is_allowed(found, word):
        problems.add(node.line, path, f"写的是{written(node)}（应为{_wanted(word)}：{word.meaning}）")
        return None
    return found


def _is_allowed(found: Any, word: Word) -> bool:
    if word.one_of:
        return found in word.one_of
    return word.kind != "number" or found >= word.least


def _wanted(word: Word) -> str:
    if word.one_of:
        return f"{'、'.join(word.one_of)} 之一"
    return f"{word.least} 以上的整数" if word.kind == "number" else _WANTED[word.kind]


def _list(node: Node, word: Word, path: str, problems: Problems) -> list[Any]:
    if not isinstance(node.value, list):
        problems.add(node.line, path, f"写的是{written(node)}（应为列表：{word.meaning}）")
        return []
    if word.required and not node.value:
        problems.add(node.line, path, f"是空的（应至少有一项：{word.meaning}）")
    if word.kind == "texts":
        return [_value(item, Word("text", word.meaning), path, problems) for item in node.value]
    return [found for item in node.value if (found := _map(item, word.inside or {}, path, problems))]


def _named(node: Node, word: Word, path: str, problems: Problems) -> dict[str, Any]:
    if not isinstance(node.value, dict):
        problems.add(node.line, path, f"写的是{written(node)}（应为一组键：{word.meaning}）")
        return {}
    inside = word.inside or {}
    each = inside[""] if "" in inside else Word("map", word.meaning, inside=inside)
    return {key: _value(entry, each, f"{path}.{key}", problems) for key, entry in node.value.items()}


def _expected(key: str, known: list[str]) -> str:
    close = get_close_matches(key, known, n=1, cutoff=0.5)
    return f"应为 {close[0]}" if close else f"这里可用的键：{'、'.join(known)}"


def _text(value: Any) -> str:
    if isinstance(value, bool | list | dict):
        raise TypeError
    return "" if value is None else str(value)


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _day(value: Any) -> date:
    return date.fromisoformat(str(value))


def _moment(value: Any) -> datetime:
    return timezone.make_aware(datetime.strptime(str(value)[:16], "%Y-%m-%d %H:%M"))  # noqa: DTZ007 made aware here


_PLAIN = {"text": _text, "number": _number, "flag": _flag, "day": _day, "moment": _moment}
_WANTED = {
    "text": "文字",
    "flag": "true 或 false",
    "day": "日期，如 2026-03-02",
    "moment": "时刻，如 2026-03-02 09:00",
}
