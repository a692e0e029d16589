"""Which columns of which table hold something about a person: every app declares its own here, in one place."""

from collections.abc import Iterable

_personal: dict[str, frozenset[str]] = {}
_others: dict[str, frozenset[str]] = {}


def declare(model: str, *fields: str) -> None:
    """These columns say something of a person. `model` as in "accounts.User"."""
    _personal[model] = _personal.get(model, frozenset()) | frozenset(fields)


def declare_impersonal(model: str, fields: Iterable[str], why: str) -> None:
    """These only sound like it; `why` says what they are."""
    if not why:
        raise ValueError(f"{model}: say why this is nobody's")
    _others[model] = _others.get(model, frozenset()) | frozenset(fields)


def personal_fields(model: str) -> frozenset[str]:
    return _personal.get(model, frozenset())


def declared() -> dict[str, frozenset[str]]:
    """By model, everything that was said about, one way or the other."""
    models = _personal.keys() | _others.keys()
    none: frozenset[str] = frozenset()
    return {model: _personal.get(model, none) | _others.get(model, none) for model in models}
