"""A document in its parts, in the order of GB/T 9704-2012: what page and PDF are both made from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from notices import codes
from notices.models import Notice, NoticeTemplate
from notices.wording import Words
from records import words

_FIRST = re.compile(r"[一二三四五六七八九十]+、")
_SECOND = re.compile(r"（[一二三四五六七八九十]+）")
# The fields of a wording that hold names, and what stands between several.
NAMES = ("单位", "伙伴", "项目", "称谓", "伙伴称谓")
_BETWEEN = re.compile(r"、|等\d+家")
OPEN_TO_ALL = "（此件公开发布）"
# Columns whose cells are never longer; the rest share what is left of the page.
NARROW, CODE = "narrow", "code"
WIDTHS = {"序号": NARROW, "变动": NARROW, "统一社会信用代码": CODE}


@dataclass(frozen=True)
class Paragraph:
    """`head` is the part of it that is a heading, up to its full stop; `level` 1 or 2, 0 where there is none."""

    level: int
    head: str
    text: str


@dataclass(frozen=True)
class Attachment:
    """`label` is 附件, with a number where there are several."""

    label: str
    title: str
    heads: list[str]
    rows: list[list[str]]

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Each head with how wide its column is; empty where it takes its share."""
        return [(head, WIDTHS.get(head, "")) for head in self.heads]

    @property
    def cells(self) -> list[list[tuple[str, str]]]:
        return [
            [(cell, width) for cell, (_, width) in zip(row, self.columns, strict=True)] for row in self.rows
        ]

    @property
    def named_rows(self) -> list[list[tuple[str, str]]]:
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Imprint:
    """The foot of the last page (版记, 7.4): whom copies go to, who printed it and when."""

    copies: str
    organ: str
    day: str

    @property
    def parts(self) -> list[str]:
        told = [f"抄送：{self.copies}。"] if self.copies else []
        return [*told, self.organ, f"{self.day}印发"]


@dataclass(frozen=True)
class Document:
    organs: list[str]
    number: str
    title: str
    addressees: str
    paragraphs: list[Paragraph]
    attachments: list[Attachment]
    day: str
    note: str
    has_seal: bool
    code: str
    address: str
    imprint: Imprint | None = None
    names: tuple[str, ...] = ()  # of those in its title, which are not broken

    @property
    def list_of_attachments(self) -> list[str]:
        """附件：1.… as it stands below the text, without a full stop."""
        if len(self.attachments) == 1:
            return [f"附件：{self.attachments[0].title}"]
        rows = [f"{place}.{one.title}" for place, one in enumerate(self.attachments, start=1)]
        return [f"附件：{row}" if not place else row for place, row in enumerate(rows)]

    @property
    def parts(self) -> list[str]:
        """Every piece of text of it, in its order."""
        heads = [*self.organs, self.number] if self.number else []
        cells = [
            part
            for one in self.attachments
            for part in (one.label, one.title, *one.heads, *(cell for row in one.rows for cell in row))
        ]
        body = [f"{paragraph.head}{paragraph.text}" for paragraph in self.paragraphs]
        addressees = [f"{self.addressees}："] if self.addressees else []
        foot = self.imprint.parts if self.imprint else []
        told = [*addressees, *body, *self.list_of_attachments, *self.organs, self.day]
        return [*heads, self.title, *told, *([self.note] if self.note else []), *cells, *foot]


def of(notice: Notice) -> Document:
    """What is not public has no 附注 that says so."""
    said = Words(notice.title, notice.addressees, notice.body, notice.attachments, notice.copies)
    found = _document(
        said, notice.issuers, notice.template, day=notice.written_on, number=notice.number, code=notice.code
    )
    return replace(found, names=names_in(notice.facts), note=found.note if notice.is_public else "")


def names_in(facts: Mapping[str, str]) -> tuple[str, ...]:
    """One by one, where a field holds several."""
    found = [name for field in NAMES for name in _BETWEEN.split(facts.get(field, ""))]
    return tuple(dict.fromkeys(filter(None, found)))


def sample(template: NoticeTemplate, said: Words, organs: list[str], day: date, number: str) -> Document:
    """What is previewed: it has neither number nor code."""
    return _document(said, organs, template, day=day, number=number, code="")


def _document(
    said: Words, organs: list[str], template: NoticeTemplate, *, day: date, number: str, code: str
) -> Document:
    return Document(
        organs=organs,
        number=number,
        title=said.title,
        addressees=said.addressees.rstrip("：:"),
        paragraphs=[_paragraph(line) for line in said.body.splitlines()],
        attachments=_attachments(said.attachments),
        day=words.full_day(day),
        note=OPEN_TO_ALL if template.letterhead else "",
        has_seal=template.signing == NoticeTemplate.Signing.SEAL,
        code=codes.shown(code) if code else "",
        address=address_of(code) if code else "",
        imprint=_imprint(said, template, words.full_day(day)),
    )


def _imprint(said: Words, template: NoticeTemplate, day: str) -> Imprint | None:
    return Imprint(said.copies.rstrip("。"), template.imprint, day) if template.imprint else None


def _paragraph(line: str) -> Paragraph:
    level = 1 if _FIRST.match(line) else 2 if _SECOND.match(line) else 0
    if not level:
        return Paragraph(0, "", line)
    head, stop, rest = line.partition("。")
    return Paragraph(level, head + stop, rest) if rest else Paragraph(level, line, "")


def _attachments(found: list[dict[str, Any]]) -> list[Attachment]:
    many = len(found) > 1
    return [
        Attachment(f"附件{place}" if many else "附件", one["title"], one["heads"], one["rows"])
        for place, one in enumerate(found, start=1)
    ]


def address_of(code: str) -> str:
    """Where a document is verified: whole only on a site that knows its own address."""
    path = reverse("verify_code", args=[code])
    return urljoin(settings.PORTAL_BASE_URL, path) if settings.PORTAL_BASE_URL else ""
