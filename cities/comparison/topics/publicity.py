"""How long something is shown before it takes effect; asked of several kinds of procedure."""

from collections.abc import Callable

from cities.comparison.cells import Line, by_procedure
from cities.comparison.facts import Facts
from cities.comparison.words import span_line
from cities.models import Stage


def shown_for(*kinds: str) -> Callable[[Facts], list[Line]]:
    def answer(facts: Facts) -> list[Line]:
        return by_procedure(facts, kinds, lambda procedure: map(_line, facts.stages(procedure, "publicity")))

    return answer


def _line(stage: Stage) -> Line:
    return span_line(stage, f"，在{stage.get_channel_display()}" if stage.channel else "")
