"""One reading of comparators, so that 不超过, 不少于, 多于 and 少于 are never confused."""

from cities.models import Limit

_COMPARE = {
    Limit.Comparator.AT_MOST: lambda value, number: value <= number,
    Limit.Comparator.AT_LEAST: lambda value, number: value >= number,
    Limit.Comparator.MORE_THAN: lambda value, number: value > number,
    Limit.Comparator.LESS_THAN: lambda value, number: value < number,
}
_CAPS = {Limit.Comparator.AT_MOST, Limit.Comparator.LESS_THAN}


def holds(comparator: str, value: int, number: int) -> bool:
    return _COMPARE[Limit.Comparator(comparator)](value, number)


def is_worse(comparator: str, value: int, than: int) -> bool:
    """Whether a value strays further from what the comparator asks than another does."""
    return value > than if comparator in _CAPS else value < than


def wording(limit: Limit) -> str:
    """The limit as the office would say it, e.g. 原则上不超过 10 家."""
    return strictly(limit, f"{limit.get_comparator_display()} {limit.number} {limit.get_unit_display()}")


def strictly(limit: Limit, words: str) -> str:
    """How strictly it binds, around what it says."""
    if limit.strictness == Limit.Strictness.HARD:
        return words
    if limit.strictness == Limit.Strictness.FLAGGED:
        return f"{words}，不合的只标注，不拦"
    return f"{limit.get_strictness_display()}{words}"
