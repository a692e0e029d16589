"""What people may do to a case at its desk, and what an app above knows of a stage. Both register here.

The case page in the admin shows one form per action that is allowed now. It knows none of the stages of the apps
above: these bring their actions and notes with them.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django import forms

from accounts import access
from cases.errors import Problem, Refused
from cases.models import Batch, Case, Deadline

# In place of a stage's kind: wherever an open case stands.
ANYWHERE = ""


class DeskForm(forms.Form):
    """What an action asks. It finds a place for every problem of a refusal: at a field, or in the summary with a link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.elsewhere: list[dict[str, str]] = []

    def take(self, refusal: Refused) -> None:
        for problem in refusal.problems:
            name, text = self.place(problem), said(problem)
            if name in self.fields:
                self.add_error(name, text)
            else:
                self.elsewhere.append({"href": self.link(problem), "text": text})

    def place(self, problem: Problem) -> str:
        """The field that a problem belongs to."""
        return problem.field

    def link(self, problem: Problem) -> str:
        """Where on the page a problem without a field is seen."""
        return ""


@dataclass(frozen=True)
class Done:
    """What was done, as a sentence. Not good: it was done, and did not lead where it was meant to."""

    message: str
    is_good: bool = True


class DeskAction(ABC):
    """`key` names it in the posted form, `label` is its button: verb and thing."""

    key: str
    label: str
    permission: str
    template = "admin/cases/desk/form.html"
    warns = False  # whether it cannot be undone
    is_folded = False  # whether its form opens only when asked for
    after_end = False  # whether it can be done to a case that is closed, too
    form_class: type[DeskForm] = DeskForm

    @abstractmethod
    def fits(self, case: Case) -> bool:
        """Whether the case is at a point where this can be done, whoever does it."""

    @abstractmethod
    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        """Do it. The case is locked and fresh. Raises Refused."""

    def available(self, case: Case, user: Any) -> bool:
        return self.fits(case) and access.may(user, self.permission, case.programme)

    def form(self, case: Case, user: Any, at: datetime, data: Any = None, initial: Any = None) -> DeskForm:
        return self.form_class(data, initial=initial, auto_id=f"{self.key}-%s")

    def context(self, case: Case, at: datetime) -> dict[str, Any]:
        """What its template shows before it is done."""
        return {}


class DeskNote(Protocol):
    """What an app above has to say of a case on its page: a template and what it shows; empty for nothing."""

    template: str

    def context(self, case: Case, user: Any, at: datetime) -> dict[str, Any]: ...


# What an app above has to offer on the page of a batch: its label and where it leads; None for nothing.
BatchLink = Callable[[Batch, Any], tuple[str, str] | None]
Standing = Callable[[Case, Deadline | None], str]


@dataclass(frozen=True)
class Waiting:
    """What waits at the desk besides cases, as a sentence that leads there; `late` is how many of it should have been done by now."""

    words: str
    url: str
    late: int = 0


# Of programmes by their keys, on a local day.
Waits = Callable[[list[int], date], list[Waiting]]
# What is still to do on a case that is closed, each with where on its page, or elsewhere, it is done.
Left = Callable[[Case], list[Waiting]]

# What has become since of what a closed case decided, each with where it is read.
Since = Callable[[Case], list[tuple[str, str]]]

_waits: list[Waits] = []
_left: list[Left] = []
_since: list[Since] = []
_actions: list[tuple[str, DeskAction]] = []
_notes: list[DeskNote] = []
_standings: dict[str, Standing] = {}
_batch_links: list[BatchLink] = []


def register(stage_kind: str, action: DeskAction) -> None:
    """Offer an action at a kind of stage, or ANYWHERE."""
    _actions.append((stage_kind, action))


def register_note(note: DeskNote) -> None:
    _notes.append(note)


def register_standing(stage_kind: str, standing: Standing) -> None:
    """How the worklist says where a case stands within a kind of stage; it must not ask the database."""
    _standings[stage_kind] = standing


def register_batch_link(link: BatchLink) -> None:
    _batch_links.append(link)


def batch_links(batch: Batch, user: Any) -> list[tuple[str, str]]:
    return [found for link in _batch_links if (found := link(batch, user))]


def register_waits(waits: Waits) -> None:
    """Tell the worklist what else waits; asked once a page."""
    _waits.append(waits)


def waiting(programmes: list[int], today: date) -> list[Waiting]:
    return [line for waits in _waits for line in waits(programmes, today)] if programmes else []


def register_left(left: Left) -> None:
    """Say what is still to do on a case that is closed."""
    _left.append(left)


def left(case: Case) -> list[Waiting]:
    return [line for read in _left for line in read(case)] if case.status == Case.Status.CLOSED else []


def register_since(since: Since) -> None:
    """Say what has become of what a closed case decided."""
    _since.append(since)


def since(case: Case) -> list[tuple[str, str]]:
    return [line for read in _since for line in read(case)] if case.status == Case.Status.CLOSED else []


def actions(case: Case, user: Any) -> list[DeskAction]:
    """What this person may do to the case now."""
    if case.status == Case.Status.DRAFT or case.stage is None:
        return []
    kinds, is_open = (ANYWHERE, case.stage.kind), case.status == Case.Status.OPEN
    offered = [one for kind, one in _actions if kind in kinds and (is_open or one.after_end)]
    return [action for action in offered if action.available(case, user)]


def find(key: str) -> DeskAction | None:
    return next((action for _, action in _actions if action.key == key), None)


def notes(case: Case, user: Any, at: datetime) -> list[dict[str, Any]]:
    found = [(note.template, note.context(case, user, at)) for note in _notes]
    return [{"template": template, **context} for template, context in found if context]


def standing(case: Case, deadline: Deadline | None) -> str:
    say = _standings.get(case.stage.kind) if case.stage else None
    return say(case, deadline) if say else ""


def said(problem: Problem) -> str:
    return f"{problem.message}（{problem.article}）" if problem.article else problem.message
