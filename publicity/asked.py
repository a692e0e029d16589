"""What the row of a publicity asks of an objection, and who asks it: the text or the platform."""

from dataclasses import dataclass
from datetime import date

from cities import keys
from cities.calendar import CalendarMissing, Span, SpanError, span, start_of
from cities.models import Stage


@dataclass(frozen=True)
class Asked:
    """`required` and `optional` are keys of keys.OBJECTION_FIELDS. Without an `article` the demands are the platform's own."""

    kinds: tuple[str, ...]
    required: tuple[str, ...]
    optional: tuple[str, ...]
    article: str

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(key for key in keys.OBJECTION_FIELDS if key in self.required + self.optional)

    def of_person(self, person: str) -> tuple[str, ...]:
        return tuple(key for key in self.fields if person in keys.OBJECTION_FIELDS[key].whose)

    def must(self, person: str) -> tuple[str, ...]:
        return tuple(key for key in self.of_person(person) if key in self.required)

    @property
    def kind_words(self) -> str:
        return "、".join(keys.OBJECTION_KINDS[kind] for kind in self.kinds)

    def words(self, person: str) -> str:
        """What such a person writes and hands in, as a clause."""
        whole = "单位全称" if person == "organisation" else "真实姓名"
        more = [keys.OBJECTION_FIELDS[key].title for key in self.must(person)]
        return "、".join([whole, *more, "联系方式"])

    @property
    def of_individual(self) -> str:
        return self.words("individual")

    @property
    def of_organisation(self) -> str:
        return self.words("organisation")


NOTHING = Asked(("objection",), (), (), "")


def of(stage: Stage) -> Asked:
    is_written = stage.objection_required or stage.objection_optional
    required = stage.objection_required if is_written else keys.OBJECTION_PRACTICE_REQUIRED
    optional = stage.objection_optional if is_written else keys.OBJECTION_PRACTICE_OPTIONAL
    kinds = stage.objection_kinds or ["objection"]
    return Asked(tuple(kinds), tuple(required), tuple(optional), stage.objection_article)


def handling(stage: Stage, received_on: date) -> Span | None:
    """By when one received that day is to be handled; None where no row says, or the calendar does not reach."""
    if stage.objection_days is None or stage.objection_counting is None:
        return None
    try:
        return span(stage.objection_days, stage.objection_counting, start_of(received_on))
    except (CalendarMissing, SpanError):
        return None
