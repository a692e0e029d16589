"""The least that a kind of case by which somebody enters a list has to be: it asks who is barred, and nothing else."""

from datetime import datetime
from typing import Any

from cases import bars, engine, kinds, steps
from cases.checks import Check
from cases.errors import Problem
from cases.kinds import CaseKind
from cases.models import Case
from cities.models import Programme
from cities.queries import procedure_in_force
from providers import registry
from providers.models import ListEdition, Organisation
from tests.conftest import NOW


class Entry(CaseKind):
    key = "entry"
    edition_kind = ListEdition.Kind.CHANGE
    facts_template = shown_template = "corrections/note.html"

    def begin(self, case: Case, *, at: datetime) -> None:
        pass

    def problems(self, case: Case, *, at: datetime) -> list[Problem]:
        return []

    def filing_checks(self, case: Case, *, at: datetime) -> list[Check]:
        return []

    def question(self, case: Case, *, at: datetime) -> datetime:
        return at

    def state_checks(self, case: Case, *, at: datetime, question: Any = None) -> list[Check]:
        return bars.bar_checks(case.organisation, case.programme, at, case.rulebook)

    def submission(self, case: Case, *, at: datetime) -> dict[str, Any]:
        return {}

    def shown(self, questions: list[Any]) -> list[dict[str, Any]]:
        return [{} for _ in questions]

    def take_effect(self, case: Case, edition: registry.Draft, question: Any) -> None:
        pass  # who enters is not the matter here

    def edit_url(self, case: Case) -> str:
        return "/"


def open_kind(monkeypatch: Any) -> None:
    """As an app does when it starts, for this test alone."""
    monkeypatch.setitem(kinds._kinds, Entry.key, Entry())


def begin(programme: Programme, organisation: Organisation, by: Any) -> Case:
    procedure = procedure_in_force(programme, "entry", NOW)
    assert procedure is not None
    return Case.objects.create(
        programme=programme, procedure=procedure, organisation=organisation, created_at=NOW, created_by=by
    )


def file(programme: Programme, organisation: Organisation, by: Any, at: datetime = NOW) -> Case:
    return engine.load(steps.submit(begin(programme, organisation, by), by=by, at=at).pk)
