"""The official text of a rulebook's articles: read from Markdown at run time and attached; the repository holds none."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import yaml
from django.db import transaction

from cities.models import OfficialText, Rulebook
from cities.rulebooks import numbering
from records import events
from records.personal import gate

FENCE = "---"
MOST_NAMED = 20
LONGEST_SOURCE = OfficialText._meta.get_field("source").max_length or 0


class MalformedText(ValueError):
    """Why a file cannot be read, each reason with its line, in a user's words."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass
class Section:
    """What stands below one heading of an article, up to the next heading."""

    heading: str
    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


@dataclass
class Document:
    title: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)

    @property
    def source(self) -> str:
        """What it says of where it comes from, else the document itself."""
        number = self.facts.get("document_number")
        named = f"《{self.title}》{f'（{number}）' if number else ''}"
        return str(self.facts.get("source") or named)


@dataclass(frozen=True)
class Attached:
    """The articles that got text, and the headings with text that are no article's."""

    given: list[str]
    unknown: list[str]
    rest: list[str]

    @property
    def inside(self) -> list[str]:
        """Items whose text stands within that of the article above them."""
        given = {numbering.bare(one) for one in self.given}
        return [one for one in self.rest if numbering.above(one) in given]

    @property
    def without(self) -> list[str]:
        inside = self.inside
        return [one for one in self.rest if one not in inside]


def parse(written: str) -> Document:
    """Front matter, `# title`, `## chapter`, `### article`. Raises MalformedText with all that is wrong."""
    lines = written.removeprefix("\ufeff").splitlines()
    wrong: list[str] = []
    document = Document()
    begins = _front_matter(lines, document, wrong)
    section: Section | None = None
    for number, line in enumerate(lines[begins:], start=begins + 1):
        marks, _, heading = line.partition(" ")
        if marks.strip("#") or not marks:
            _take_line(line, number, section, wrong)
        else:
            section = _take_heading(len(marks), heading.strip(), number, document, wrong)
    wrong += _missing(document)
    if wrong:
        raise MalformedText(wrong)
    return document


def _front_matter(lines: list[str], document: Document, wrong: list[str]) -> int:
    """The number of lines it takes."""
    if not lines or lines[0].strip() != FENCE:
        wrong.append("第 1 行：开头没有文件说明（应为两行 --- 之间的 YAML）")
        return 0
    end = next((place for place, line in enumerate(lines[1:], start=1) if line.strip() == FENCE), 0)
    if not end:
        wrong.append("第 1 行：文件说明没有结束（应有第二行 ---）")
        return len(lines)
    try:
        document.facts = yaml.safe_load("\n".join(lines[1:end])) or {}
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        wrong.append(f"第 {place.line + 2 if place else 2} 行：文件说明不是 YAML")
    if not isinstance(document.facts, dict):
        document.facts = {}
        wrong.append("第 2 行：文件说明应为一组键和值")
    return end + 1


def _take_line(line: str, number: int, section: Section | None, wrong: list[str]) -> None:
    if section is not None:
        section.lines.append(line)
    elif line.strip():
        wrong.append(f"第 {number} 行：这段文字不在任何条款的标题（###）下面")


def _take_heading(
    level: int, heading: str, number: int, document: Document, wrong: list[str]
) -> Section | None:
    """The section that begins here; none below a title or a chapter."""
    if not heading:
        wrong.append(f"第 {number} 行：标题是空的")
    elif level == 1 and document.title:
        wrong.append(f"第 {number} 行：又有一个名称（# 只写一次）")
    elif level == 1:
        document.title = heading
    elif level > 3:
        wrong.append(f"第 {number} 行：标题最多三级（条款用 ###）")
    elif level == 3:
        same = next((one for one in document.sections if one.heading == heading), None)
        if same:
            wrong.append(f"第 {number} 行：“{heading}”在第 {same.line} 行已经写过")
        section = Section(heading, number)
        document.sections.append(section)
        return section
    return None


def _missing(document: Document) -> list[str]:
    missing = [] if document.title else ["没有名称（应有一行 # 开头）"]
    return missing if document.sections else [*missing, "没有条款（每条应有一行 ### 开头的标题）"]


def attach(rulebook: Rulebook, document: Document, *, source: str = "", at: datetime) -> Attached:
    """Replaces all that was attached. Raises MalformedText where no article of the rulebook is in the document."""
    numbers = list(rulebook.articles.values_list("number", flat=True))
    found, unknown = _matched(document, numbers)
    if not found:
        raise MalformedText([f"没有一个标题是{rulebook}的条款（它的条款：{_named(numbers)}）"])
    if personal := gate({"来源": source, **{f"条款 {number}": text for number, text in found.items()}}):
        raise MalformedText([f"{one}。条文会公开，删去后再附上" for one in personal])
    said = source.strip() or document.source
    with transaction.atomic():
        OfficialText.objects.filter(rulebook=rulebook).delete()
        OfficialText.objects.bulk_create(
            OfficialText(
                rulebook=rulebook, number=number, text=text, source=said[:LONGEST_SOURCE], attached_at=at
            )
            for number, text in found.items()
        )
        _record(rulebook, said, len(found), at=at)
    return Attached(list(found), unknown, [number for number in numbers if number not in found])


def _matched(document: Document, numbers: list[str]) -> tuple[dict[str, str], list[str]]:
    """The text of each article by its number, and the headings with text that are no article's."""
    found: dict[str, str] = {}
    unknown = []
    for section in document.sections:
        number = _number_of(section.heading, numbers)
        if number and number not in found and section.text:
            found[number] = section.text
        elif section.text:
            unknown.append(section.heading)
    return found, unknown


def _number_of(heading: str, numbers: list[str]) -> str:
    """The article of a heading; one that a title follows (一（一）某类单位) is found without it."""
    return next((one for one in (heading, numbering.bare(heading)) if one in numbers), "")


def _record(rulebook: Rulebook, source: str, count: int, *, at: datetime) -> None:
    events.record(
        "attach_text",
        f"附上{rulebook}的条文原文：{count} 条，来源：{source}",
        at=at,
        by=None,
        data={"version": rulebook.version, "articles": count, "source": source},
        programme=rulebook.programme,
        city=rulebook.programme.city,
    )


def _named(some: Iterable[str]) -> str:
    listed = list(some)
    return "、".join(listed[:MOST_NAMED]) + ("等" if len(listed) > MOST_NAMED else "")
