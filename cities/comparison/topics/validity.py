"""What the rules rest on, and when they begin and end to bind."""

from cities.comparison.cells import SILENT, Line, head_line
from cities.comparison.facts import Facts
from cities.comparison.topics.topic import Group, Topic
from records.words import full_day

BEGINS, ENDS = "effective_from", ("effective_to", "ends_on_event")
# A version without a first day is a text for comment: drafts are not compared.
NOT_ISSUED = "尚未发布，日期待定"


def _text(facts: Facts) -> list[Line]:
    book = facts.rulebook
    known = [f"第 {book.version} 版", book.document_number, "、".join(book.issuers)]
    return [Line(book.title, "".join(f"，{one}" for one in known if one))]


def _begins(facts: Facts) -> list[Line]:
    book = facts.rulebook
    if book.effective_from is None:
        return [head_line(facts, book.begins_in, NOT_ISSUED, "", BEGINS)]
    return [head_line(facts, book.begins_in, full_day(book.effective_from), "", BEGINS)]


def _ends(facts: Facts) -> list[Line]:
    book = facts.rulebook
    day = f"{full_day(book.effective_to)} 之后" if book.effective_to else ""
    if not day and not book.ends_on_event:
        return [head_line(facts, book.validity_article, SILENT, "", *ENDS)]
    aside = f"，{day}" if day and book.ends_on_event else ""
    return [head_line(facts, book.validity_article, book.ends_on_event or day, aside, *ENDS)]


GROUP = Group("效力", (Topic("依据", _text), Topic("施行", _begins), Topic("失效", _ends)))
