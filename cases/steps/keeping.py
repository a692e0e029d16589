"""What checks said, kept with the moment at which they were asked; and the numbers that cases get."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from cases.checks import Check
from cases.models import Case, CaseCounter, CheckRun
from cities.models import Programme


def take_number(programme: Programme, series: str, at: datetime) -> str:
    """The next number of a series in the local year of that moment, e.g. prefix-2026-0142. Call inside a transaction."""
    year = timezone.localtime(at).year
    counter, _ = CaseCounter.objects.select_for_update().get_or_create(
        programme=programme, series=series, year=year
    )
    counter.last += 1
    counter.save()
    middle = "" if series == "case" else f"{series}-"
    return f"{programme.number_prefix}-{middle}{year}-{counter.last:04d}"


def keep_checks(case: Case, found: Mapping[str, list[Check]], moment: str, at: datetime) -> None:
    for purpose, group in found.items():
        if group:
            CheckRun.objects.create(
                case=case, purpose=purpose, moment=moment, at=at, checks=[check.to_json() for check in group]
            )


def keep_checks_of(found: Mapping[Case, list[Check]], moment: str, at: datetime) -> None:
    """Of the state of several cases."""
    CheckRun.objects.bulk_create(
        CheckRun(
            case=case,
            purpose=CheckRun.Purpose.STATE,
            moment=moment,
            at=at,
            checks=[check.to_json() for check in checks_of_it],
        )
        for case, checks_of_it in found.items()
        if checks_of_it
    )


def filing_checks(case: Case) -> list[Check]:
    """What the filing checks said when the case was filed; never asked again."""
    run = case.check_runs.filter(purpose=CheckRun.Purpose.FILING).first()
    return [Check.from_json(data) for data in run.checks] if run else []
