"""Kinds of case register here what only they know; the engine does the rest."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from cases.checks import Check
from cases.errors import Problem
from cases.models import Case
from cities import built, keys
from cities.models import Outcome, Procedure
from providers import registry
from providers.models import Organisation, Registration
from records.words import full_moment


@dataclass(frozen=True)
class Shown:
    """A template, and what it shows."""

    template: str
    found: Any


@dataclass(frozen=True)
class Announcing:
    """What is on record so far where a text leaves it to the office whether the public is told of a decision."""

    chosen: bool | None
    why: str


class CaseKind(ABC):
    """`key` is a Procedure.kind. Templates: `facts_template` shows what is asked for, `shown_template` what publicity shows."""

    key: str
    edition_kind: str  # a providers.models.ListEdition.Kind
    facts_template: str
    shown_template: str
    texts: ClassVar[dict[str, str]] = {}  # what is written in words, by its key in the submission

    @abstractmethod
    def begin(self, case: Case, *, at: datetime) -> None:
        """Create the detail row of a new draft."""

    @abstractmethod
    def problems(self, case: Case, *, at: datetime) -> list[Problem]:
        """What is missing or wrong in what was filled in."""

    @abstractmethod
    def filing_checks(self, case: Case, *, at: datetime) -> list[Check]:
        """Asked once, of the moment the application is filed; again where it is moved to another version of its rules, or that
        is previewed. The case never counts against itself."""

    @abstractmethod
    def question(self, case: Case, *, at: datetime) -> Any:
        """What the state checks and the effect of a case both read; whoever holds the lock hands it from one to the other."""

    def questions(self, cases: list[Case], *, at: datetime) -> dict[UUID, Any]:
        """By case, the questions of those of several that can be read at once beforehand: none of them changes what another is
        about. Each of the rest is put in its turn."""
        return {}

    @abstractmethod
    def state_checks(self, case: Case, *, at: datetime, question: Any = None) -> list[Check]:
        """Asked at submission, decision, opening of publicity and effect."""

    @abstractmethod
    def submission(self, case: Case, *, at: datetime) -> dict[str, Any]:
        """What was filed, to be frozen."""

    @abstractmethod
    def shown(self, questions: list[Any]) -> list[dict[str, Any]]:
        """What publicity shows of each: the list before and after. No personal data."""

    @abstractmethod
    def take_effect(self, case: Case, edition: registry.Draft, question: Any) -> None:
        """Add its change to the edition in the making, under the lock under which the question was put. Raises
        StaleOperation if the list has moved on."""

    def asked(self, case: Case) -> str:
        """What is asked for in a few words, from what was filed; it must not ask the database."""
        return ""

    def about_day(self, case: Case, *, at: datetime) -> str:
        """What whoever names a last day of such a case had better know, as a clause; mostly nothing."""
        return ""

    def others(self, case: Case, kind: str) -> list[tuple[Organisation, str]]:
        """Organisations besides its own that a letter of this kind concerns, and what of theirs; mostly none."""
        return []

    def ends_partner(self, case: Case) -> Organisation | None:
        """With whom its unit is ordered to part by the change it is to apply for now; mostly nobody."""
        return None

    def subjects(self, case: Case) -> dict[str, str]:
        """The organisations, by credit code, of which a material per partner asks one each; mostly none."""
        return {}

    def outcome_problems(
        self, case: Case, outcome: Outcome, *, named_day: date | None, at: datetime
    ) -> list[Problem]:
        """Why this outcome cannot be given at its desk yet, or not with this last day, whatever its role; mostly nothing."""
        return []

    def demanded_before(self, case: Case, outcome: Outcome) -> str | None:
        """What the last order demanded, where this outcome gives the next: whoever gives it writes what that one demands. None
        where it gives none, or the first; mostly so."""
        return None

    def demand(self, case: Case, text: str, *, at: datetime) -> None:  # noqa: B027 -- most kinds order nothing
        """Keep what the order demands that is about to be given."""

    def announcing(self, case: Case, outcome: Outcome) -> Announcing | None:
        """Where who gives this outcome also chooses whether the public is told of it; mostly not."""
        return None

    def announce(  # noqa: B027 -- most kinds leave no choice
        self, case: Case, announced: bool, why: str, *, by: Any, at: datetime
    ) -> None:
        """Put that choice on record. The case is locked."""

    def foreseen(self, case: Case, at: datetime) -> Shown | None:
        """What a decision at its desk would bring about now, for whoever is to give it; mostly nothing that is not shown anyway."""
        return None

    def outcome(self, case: Case, at: datetime) -> Shown | None:
        """Of a case that is closed: how it ended and what that means for its registration, in one place; mostly said elsewhere."""
        return None

    def followed(  # noqa: B027 -- most kinds do nothing then
        self, case: Case, outcome: Outcome, *, by: Any, at: datetime, named_day: date | None, opinion: str
    ) -> None:
        """Once an outcome has led the case on, in the same transaction: what only this kind does then. `named_day` is the last
        day that was named with it."""

    def tells(self, case: Case, kind: str, outcome: Outcome | None) -> str:
        """By which kind of letter (`cases.letters`) its unit is told; of what the office does of its own accord mostly by none."""
        return "" if case.channel == Case.Channel.OFFICE else kind

    def letter_facts(self, case: Case, kind: str, at: datetime) -> dict[str, Any]:
        """What the wording of a letter of this kind says besides what all of them do; mostly nothing."""
        return {}

    def why_gone(self, registration: Registration) -> str:
        """Of a unit that has left the list: why nothing of this kind can be begun or filed for it; empty where it can."""
        assert registration.valid_to is not None
        return f"{registration.organisation}已于 {full_moment(registration.valid_to)} 移出名单"

    @abstractmethod
    def edit_url(self, case: Case) -> str:
        """Where the applicant goes on with the draft or the correction."""


_kinds: dict[str, CaseKind] = {}


def register(kind: CaseKind) -> None:
    if kind.key not in keys.PROCEDURE_KINDS:
        raise ValueError(f"{kind.key} is not in cities.keys.PROCEDURE_KINDS")
    _kinds[kind.key] = kind
    built.declare(kind.key)


def of(case: Case) -> CaseKind:
    return of_procedure(case.procedure)


def of_procedure(procedure: Procedure) -> CaseKind:
    return _kinds[procedure.kind]
