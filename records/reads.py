"""What is the same for all that is done under one lock, read once while that lasts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

About = ParamSpec("About")
Answer = TypeVar("Answer")
_known: ContextVar[dict[Any, Any] | None] = ContextVar("known_reads", default=None)


@contextmanager
def kept() -> Iterator[None]:
    """While this lasts, a `shared` read is asked once for each of its arguments. For one act of one moment on many cases,
    which changes nothing of what is read."""
    if _known.get() is not None:
        yield
        return
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def shared(read: Callable[About, Answer]) -> Callable[About, Answer]:
    """A read whose answer may be kept: rules, decisions, the calendar, who may do what. Rows are told apart by their keys,
    and nobody changes the answer."""

    @wraps(read)
    def asked(*about: About.args, **more: About.kwargs) -> Answer:
        known = _known.get()
        if known is None:
            return read(*about, **more)
        key = (read, about, *more.items())
        if key not in known:
            known[key] = read(*about, **more)
        answer: Answer = known[key]
        return answer

    return asked


def tell(read: Callable[..., Answer], *about: Any, answer: Answer) -> None:
    """Have an answer kept that was read for many at once."""
    known = _known.get()
    if known is not None:
        known[read.__wrapped__, about] = answer  # type: ignore[attr-defined]
