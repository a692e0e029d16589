"""What the rules rest on, and when they begin and end to bind."""

from cities.comparison.cells import SILENT, Line, head_cites
from cities.comparison.facts import Facts
from cities.comparison.topics.topic import Group, Topic
from records.words import full_day


def _text(facts: Facts) -> list[Line]:
    book = facts.rulebook
    known = [f"第 {book.version} 版", book.document_number, "、".join(book.issuers)]
    return [Line(book.title, "".join(f"，{one}" for one in known if one))]


def _begins(facts: Facts) -> list[Line]:
    day = facts.rulebook.effective_from
    return [Line(full_day(day), cites=head_cites(facts)) if day else Line(SILENT, cites=head_cites(facts))]


def _ends(facts: Facts) -> list[Line]:
    book = facts.rulebook
    day = f"{full_day(book.effective_to)} 之后" if book.effective_to else ""
    if not day and not book.ends_on_event:
        return [Line(SILENT, cites=head_cites(facts))]
    aside = f"，{day}" if day and book.ends_on_event else ""
    return [Line(book.ends_on_event or day, aside, cites=head_cites(facts))]


GROUP = Group("效力", (Topic("依据", _text), Topic("施行", _begins), Topic("失效", _ends)))
