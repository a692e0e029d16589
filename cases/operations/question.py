"""What a case asks of the list that it would change: read once, whoever asks about it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cases.models import Case
from cases.operations.words import in_own_terms
from providers import queries, snapshots
from providers.models import Registration
from providers.operations import ListOperation
from providers.snapshots import Snapshot, StaleOperation


def registration_of(case: Case) -> Registration:
    assert case.registration is not None
    return case.registration


@dataclass
class Question:
    case: Case
    at: datetime
    operations: list[ListOperation]

    @property
    def registration(self) -> Registration:
        return registration_of(self.case)

    @cached_property
    def list_now(self) -> Snapshot:
        return queries.state(self.registration, self.operations, self.at)

    @cached_property
    def outcome(self) -> Snapshot | StaleOperation:
        """The list after the operations, or why they do not fit it any more."""
        try:
            return snapshots.after(self.list_now, self.operations)
        except StaleOperation as stale:
            return stale

    @property
    def list_then(self) -> Snapshot:
        """The same as it is now where they do not fit."""
        return self.list_now if isinstance(self.outcome, StaleOperation) else self.outcome

    @property
    def stale(self) -> str:
        """Why they do not fit, in the programme's words."""
        told = self.outcome.message if isinstance(self.outcome, StaleOperation) else ""
        return in_own_terms(told, self.case.programme)
