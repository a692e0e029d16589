"""What a correction adds to its dossier: what it rests on, which stays in the office."""

from collections.abc import Iterable

from cases import dossier
from cases.dossier import Asked, Facts, Part, Place
from cases.models import Case
from corrections.queries import KIND


def register() -> None:
    dossier.register(Place.COURSE, evidence)


def evidence(case: Case, asked: Asked) -> Iterable[Part]:
    if case.procedure.kind != KIND:
        return
    correction = case.correction
    corrects = f"{correction.corrects}名单" if correction.corrects else ""
    yield Part(
        "更正的依据",
        [
            Facts(
                [
                    ("更正哪一版", corrects),
                    ("哪里有误（公开）", correction.reason),
                    ("依据（不公开）", correction.evidence),
                ]
            )
        ],
    )
