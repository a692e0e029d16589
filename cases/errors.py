from collections.abc import Sequence
from dataclasses import dataclass

from cases.checks import Check


@dataclass(frozen=True)
class Problem:
    """Something wrong with what was filled in: which field, what to do, under which article."""

    field: str
    message: str
    article: str = ""


class Refused(Exception):
    """A step that cannot be taken now; the message says what, the fact and what to do. Nothing was changed."""

    def __init__(
        self, message: str, *, problems: Sequence[Problem] = (), checks: Sequence[Check] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.problems = list(problems)
        self.checks = list(checks)
