"""Reads of cases."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cases import kinds
from cases.errors import Problem
from cases.models import Case, Material
from cities import keys
from cities.models import Outcome, Procedure, RequiredMaterial, Stage


@dataclass(frozen=True)
class Document:
    """One document that a case asks for, with what is filed; `subject` and `name` are of the organisation it is about,
    where the row asks for one of each. Any of the `alternatives` would do as well."""

    row: RequiredMaterial
    material: Material | None
    subject: str = ""
    name: str = ""
    alternatives: tuple["Document", ...] = field(default=(), compare=False)

    @property
    def anchor(self) -> str:
        """What the applicant's form calls it, and where problems point."""
        return "-".join(filter(None, ["material", self.row.key, self.subject]))

    @property
    def title(self) -> str:
        seal = "（盖章）" if self.row.sealed and "盖章" not in self.row.label else ""
        return f"{self.row.label}{seal}"

    @property
    def label(self) -> str:
        return _label(self.row.label, self.name)

    @property
    def awaits_seal_check(self) -> bool:
        return bool(self.row.sealed and self.material and self.material.seal_checked_at is None)

    @property
    def is_confirmed_unread(self) -> bool:
        """Somebody says that its seal is in order, and nobody has opened it."""
        filed = self.material if self.row.sealed else None
        return bool(filed and filed.seal_checked_at and not filed.opened_at)

    @property
    def is_there(self) -> bool:
        return any(one.material for one in (self, *self.alternatives))

    def stands_for(self, other: "Document") -> bool:
        group = (self.row.either_or, self.subject)
        return self != other and bool(self.row.either_or) and group == (other.row.either_or, other.subject)


def required_materials(case: Case) -> list[Document]:
    """The application's own documents, then those of each subject; in a fixed number of queries."""
    rows = list(case.procedure.materials.select_related("article", "rulebook__programme"))
    filed = {(one.key, one.subject): one for one in _current(case)}
    apart = [row for row in rows if row.per == RequiredMaterial.Per.PARTNER]
    subjects = kinds.of(case).subjects(case) if apart else {}
    own = [Document(row, filed.get((row.key, ""))) for row in rows if row not in apart]
    theirs = [
        Document(row, filed.get((row.key, subject)), subject, name)
        for subject, name in subjects.items()
        for row in apart
    ]
    return _with_alternatives([*own, *theirs])


def _with_alternatives(documents: list[Document]) -> list[Document]:
    return [
        replace(one, alternatives=tuple(other for other in documents if other.stands_for(one)))
        for one in documents
    ]


def _current(case: Case) -> Iterable[Material]:
    return case.materials.filter(replaced_at=None).select_related("file", "opened_by", "seal_checked_by")


def is_begun_by_office(procedure: Procedure) -> bool:
    """Whether no unit applies for it."""
    filing = procedure.stages.filter(kind="submission")
    return filing.exists() and not filing.filter(actor="provider").exists()


def names_last_day(outcome: Outcome) -> bool:
    """Whether a person names the last day with it, in place of a rule."""
    return outcome.role == Outcome.Role.RETURN or outcome.names_day


def demand_words(data: dict[str, Any]) -> str:
    """What the order of a decision's event demands, where it was written with the decision; empty elsewhere."""
    return f"要求：{data['demands']}" if data.get("demands") else ""


def is_desk(stage: Stage | None) -> bool:
    """Whether somebody gives an outcome there."""
    return stage is not None and stage.kind in keys.DESKS


def material_label(case: Case, material: Material) -> str:
    """What a filed document is called, also where its row or its subject is gone."""
    row = case.procedure.materials.filter(key=material.key).first()
    subjects = kinds.of(case).subjects(case) if material.subject else {}
    name = subjects.get(material.subject, material.subject)
    return _label(row.label if row else material.key, name)


def _label(label: str, name: str) -> str:
    return f"{name}的{label}" if name else label


def last_hand(case: Case, stage: Stage | None) -> Any:
    """Who last decided the case at a desk, to have it back if it comes back; None where nobody has."""
    if stage is None:
        return None
    last = case.decisions.filter(stage__key=stage.key).select_related("by").first()
    return last.by if last else None


def materials_problems(case: Case, *, at: datetime) -> list[Problem]:
    """Which documents are not there; an either/or group is asked for once, and one of it is enough."""
    missing: list[Document] = []
    for one in required_materials(case):
        is_due = one.row.need == RequiredMaterial.Need.ALWAYS and not one.is_there
        if is_due and not any(other.stands_for(one) for other in missing):
            missing.append(one)
    return [_missing(one) for one in missing]


def _missing(document: Document) -> Problem:
    titles = "或".join(one.title for one in (document, *document.alternatives))
    message = f"上传{_label(titles, document.name)}"
    return Problem(document.anchor, message, document.row.article.number)


def unverified_seals(case: Case) -> list[tuple[str, str]]:
    """Label and article of the sealed materials whose seal nobody has looked at."""
    return [
        (document.label, document.row.article.number)
        for document in required_materials(case)
        if document.awaits_seal_check
    ]
