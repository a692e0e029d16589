"""Plays rehearsals on the real engine, and leaves the database as it was."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db import connection, transaction

from cities.calendar.loading import seed
from cities.models import CalendarYear, TextRule
from cities.rulebooks.errors import RulebookRefused
from cities.rulebooks.load import load
from portal.rehearsals import acts, given, observing
from portal.rehearsals.reading import Rehearsal
from portal.rehearsals.scene import Difference, Misspelt
from records import clock, postman


@dataclass(frozen=True)
class Played:
    rehearsal: Rehearsal
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        return not self.differences


def play_all(rehearsals: Iterable[Rehearsal]) -> Iterator[Played]:
    """Each on its own rulebook, loaded once for all that share it. The database must hold no rulebook yet."""
    by_rulebook = sorted(rehearsals, key=lambda one: str(one.rulebook))
    for _, group in groupby(by_rulebook, key=lambda one: one.rulebook):
        some = list(group)
        with on_rulebook(some):
            for one in some:
                yield Played(one, tuple(play(one)))


@contextmanager
def on_rulebook(rehearsals: Sequence[Rehearsal]) -> Iterator[None]:
    """Within the block the rulebook that they share is loaded, as of before the first of them begins."""
    with transaction.atomic():
        before = min(map(_begins, rehearsals)) - timedelta(days=1)
        with clock.stopped_at(before):
            if not CalendarYear.objects.exists():
                seed(before)
            load([rehearsals[0].rulebook], at=before)
        yield
        transaction.set_rollback(True)


def play(rehearsal: Rehearsal) -> list[Difference]:
    """What was not as expected at the first step where something was not. Nothing stays of the story, and nobody is called
    to send its letters."""
    with transaction.atomic(), postman.here():
        try:
            return _play(rehearsal)
        finally:
            transaction.set_rollback(True)


def _begins(rehearsal: Rehearsal) -> datetime:
    return rehearsal.given["published"]


def _play(rehearsal: Rehearsal) -> list[Difference]:
    begin = _begins(rehearsal)
    if unknown := set(rehearsal.proves) - _rules(rehearsal):
        wrong = "、".join(sorted(unknown))
        return [Difference(rehearsal.story[0], "proves", "规则文件 rules 里有的代码", f"没有 {wrong}")]
    with clock.stopped_at(begin):
        try:
            scene = given.arrange(rehearsal, begin)
        except (Misspelt, RulebookRefused) as wrong:
            return [Difference(rehearsal.story[0], "given", "能照这样开始", str(wrong))]
    for step in rehearsal.story:
        with clock.stopped_at(step.at):
            try:
                acts.take(step, scene)
                _commit()
                found = observing.differences(step, scene)
            except Misspelt as wrong:
                found = [Difference(step, step.action, "演练里有的名称", str(wrong))]
        if found:
            return found
    return []


def _rules(rehearsal: Rehearsal) -> set[str]:
    rows = TextRule.objects.filter(rulebook__programme__slug=rehearsal.programme)
    return set(rows.values_list("key", flat=True))


def _commit() -> None:
    """Do what waits for a commit: the transaction of a rehearsal never has one."""
    waiting, connection.run_on_commit = connection.run_on_commit, []
    for entry in waiting:
        entry[1]()
