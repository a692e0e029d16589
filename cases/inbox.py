"""Reads of letters: those of an organisation for the people who act for it now, those of a desk for the one they went to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import access
from cases.models import Case
from providers.permissions import VIEW_OWN
from records.letters import worded
from records.models import Letter, LetterDelivery
from records.words import full_day

# What `receipts` asks of the case of a letter.
_OF_CASE = (
    "programme__city",
    "case__programme__city",
    "case__procedure",
    "case__stage",
    "case__organisation",
)


def letters_for(user: Any) -> QuerySet[Any]:
    """All that the organisations were told that somebody acts for now, also before he came, each with `is_unread`: it was
    sent to him and he has not opened it."""
    rows = Letter.objects.filter(_to_own_units(user))
    return _with_unread(rows.select_related("organisation", *_OF_CASE), user)


def desk_letters_for(user: Any) -> QuerySet[Any]:
    """What somebody was told of his desk; his own alone, the same way."""
    return _with_unread(
        Letter.objects.filter(audience=Letter.Audience.STAFF, deliveries__person=user.pk), user
    )


@dataclass(frozen=True)
class Receipt:
    """What has to be confirmed before a unit is told what a case of its holds: until then no page of its, and no mail, says more
    than this (docs/decisions/0075). `letter` is the one that tells it; `why_not`: why it cannot be confirmed now."""

    case: Case
    what: str
    letter: Letter
    why_not: str = ""

    @property
    def title(self) -> str:
        return f"{self.case} {self.what}：待确认收到"

    @property
    def words(self) -> str:
        since, sender = full_day(self.letter.written_at), self.case.programme.authority
        return f"{sender} {since} 向您单位送达：{self.what}（{self.case.programme}，{self.case}）。"


class Receipts(Protocol):
    """What an app above knows of letters that serve something on a unit."""

    def waiting(self, cases: Sequence[Case], at: datetime) -> dict[UUID, Receipt]:
        """Of those of the cases that have something to be confirmed, in a fixed number of queries."""

    def confirmed(self, receipt: Receipt, by: Any, at: datetime) -> None:
        """Somebody who acts for the unit says that it is there. Twice is once."""


_receipts: list[Receipts] = []


def register_receipts(receipts: Receipts) -> None:
    _receipts.append(receipts)


def receipts(cases: Sequence[Case], at: datetime) -> dict[UUID, Receipt]:
    """What waits to be confirmed, by case."""
    return {key: found for one in _receipts for key, found in one.waiting(cases, at).items()}


def receipt_of(case: Case, at: datetime) -> Receipt | None:
    return receipts([case], at).get(case.pk)


def receipt(letter: Letter, at: datetime) -> Receipt | None:
    """What has to be confirmed before a letter is shown: what fetches pages ahead must not serve anything."""
    found = receipt_of(letter.case, at) if letter.case else None
    return found if found and _is_behind(letter, found) else None


def withheld(user: Any, case: Case, at: datetime) -> Receipt | None:
    """What keeps the contents of a case from somebody who acts for its unit; nothing keeps them from the office."""
    found = receipt_of(case, at)
    return found if found and access.may(user, VIEW_OWN, case.organisation) else None


def titled(letters: Iterable[Letter], at: datetime) -> list[tuple[Letter, str]]:
    """Letters, each with what a list calls it: one that waits to be confirmed by no more than what it is."""
    rows = list(letters)
    waiting = receipts(list({row.case_id: row.case for row in rows if row.case}.values()), at)
    return [(row, _title(row, waiting.get(row.case_id) if row.case_id else None)) for row in rows]


def _title(letter: Letter, waiting: Receipt | None) -> str:
    return waiting.title if waiting and _is_behind(letter, waiting) else letter.subject


def _is_behind(letter: Letter, waiting: Receipt) -> bool:
    """What was written to the unit since tells of it too. Whom an order only concerns was told of it."""
    is_its_own = letter.organisation_id == waiting.case.organisation_id
    return is_its_own and letter.written_at >= waiting.letter.written_at


def confirm(letter: Letter, user: Any, at: datetime) -> None:
    if (found := receipt(letter, at)) and not found.why_not:
        for one in _receipts:
            one.confirmed(found, user, at)


def mailed(letter: Letter) -> tuple[str, str] | None:
    """Subject and body of the mail of a letter that waits to be confirmed: that there is something, and where."""
    found = receipt(letter, letter.written_at)
    if found is None:
        return None
    case, at = found.case, letter.written_at
    facts = {"case": case, "organisation": letter.organisation, "receipt": found, "at": at}
    return worded("unconfirmed", facts)


def open_letter(letter: Letter, user: Any, at: datetime) -> None:
    """Who opens a letter has read it, each person for himself."""
    letter.deliveries.filter(person=user.pk, read_at=None).update(read_at=at)


def unread(user: Any) -> int:
    his = LetterDelivery.objects.filter(person=user.pk, read_at=None)
    return his.filter(_to_own_units(user, "letter__") | Q(letter__audience=Letter.Audience.STAFF)).count()


def of_case(case: Any) -> QuerySet[Letter]:
    """What its unit was told of it."""
    own = Letter.objects.filter(case=case, organisation=case.organisation_id)
    return own.filter(audience=Letter.Audience.UNIT)


def _with_unread(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    unread_by_him = LetterDelivery.objects.filter(letter=OuterRef("pk"), person=user.pk, read_at=None)
    return rows.annotate(is_unread=Exists(unread_by_him))


def _to_own_units(user: Any, path: str = "") -> Q:
    own = access.organisations_for(user, VIEW_OWN)
    return Q(**{f"{path}audience": Letter.Audience.UNIT, f"{path}organisation__in": own})
