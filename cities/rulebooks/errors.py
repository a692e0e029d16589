from dataclasses import dataclass


@dataclass(frozen=True)
class RulebookError:
    """What is wrong with one line of a file, told to whoever wrote it."""

    file: str
    line: int
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}: {self.reason}"


class RulebookErrors(Exception):
    """Everything that is wrong in all files of one run; nothing of them was loaded."""

    def __init__(self, errors: list[RulebookError]) -> None:
        self.errors = sorted(errors, key=lambda error: (error.file, error.line, error.key))
        super().__init__("\n".join(str(error) for error in self.errors))


class RulebookRefused(Exception):
    """A step of a rulebook's life that cannot be taken now, with every reason, in a user's words."""

    def __init__(self, *reasons: str) -> None:
        self.reasons = list(reasons)
        super().__init__("\n".join(reasons))


class Problems:
    """Collects the errors of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.errors: list[RulebookError] = []

    def add(self, line: int, key: str, reason: str) -> None:
        self.errors.append(RulebookError(self.file, line, key, reason))
