"""Time limits, by check points in the loops of the procedures.

Nothing is interrupted from outside: SymPy's objects remember what is asked of them while they
answer, and an exception that came in between would stay in their memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic


class TimeLimitError(Exception):
    """The time is over."""


_END: ContextVar[float | None] = ContextVar("end", default=None)


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """At most so many seconds for what is inside; an outer limit stays in force."""
    outer = _END.get()
    end = outer if seconds is None else monotonic() + seconds
    token = _END.set(end if outer is None or end is None else min(outer, end))
    try:
        yield
    finally:
        _END.reset(token)


def checkpoint() -> None:
    """Raise :class:`TimeLimitError` where the time is over."""
    end = _END.get()
    if end is not None and monotonic() > end:
        raise TimeLimitError


def remaining(otherwise: float) -> float:
    """The seconds that are left, ``otherwise`` where there is no limit."""
    end = _END.get()
    return otherwise if end is None else max(0.001, end - monotonic())
