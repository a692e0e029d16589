"""What a story knows while it is played: its people, companies and cases, and what the latest step brought about."""

from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from cases import engine
from cases.errors import Refused
from cases.models import Batch, Case
from cities.calendar import Span
from cities.models import Programme
from portal.rehearsals.people import Companies, People
from portal.rehearsals.reading import Rehearsal, Step
from providers.models import Registration


class Misspelt(Exception):
    """A name in a story that nothing there answers to."""


@dataclass(frozen=True)
class Counted:
    """A span that a step asked for, with what it rests on."""

    span: Span
    article: str
    basis: str = ""


@dataclass
class Scene:
    rehearsal: Rehearsal
    programme: Programme
    people: People
    companies: Companies = field(default_factory=Companies)
    cases: dict[str, Case] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    latest: str = ""
    refusal: Refused | None = None
    counted: Counted | None = None

    def unit(self, name: str) -> Registration:
        code = self.companies.code(name)
        rows = Registration.objects.filter(programme=self.programme, organisation__credit_code=code)
        found = rows.select_related("programme__city", "organisation").order_by("-valid_from").first()
        if found is None:
            raise Misspelt(f"given.units 里没有“{name}”")
        return found

    def case(self, step: Step) -> Case:
        name = step.facts.get("case") or self.latest
        if name not in self.cases:
            raise Misspelt(f"没有提交过“{name}”这一件")
        return engine.load(self.cases[name].pk)

    def named_cases(self, step: Step) -> list[Case]:
        names = step.facts.get("cases") or []
        if unknown := [name for name in names if name not in self.cases]:
            raise Misspelt(f"没有提交过“{'、'.join(unknown)}”")
        return [engine.load(self.cases[name].pk) for name in names]

    def batch(self, name: str) -> Batch:
        if name not in self.batches:
            raise Misspelt(f"没有编过“{name}”这一批")
        return self.batches[name]

    def person(self, step: Step, default: str) -> User:
        name = step.facts.get("by", default)
        try:
            return self.people.called(name)
        except KeyError:
            raise Misspelt(f"没有“{name}”这样的人") from None


@dataclass(frozen=True)
class Difference:
    """What a step brought that was not expected; `events` tell the case's story up to there."""

    step: Step
    what: str
    expected: Any
    got: Any
    events: tuple[str, ...] = ()
