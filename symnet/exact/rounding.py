"""The unit roundoff that every float filter uses, and a hook that inflates it.

A float64 operation returns ``fl(a op b) = (a op b)(1 + delta)`` with ``|delta| <= u = 2**-53``,
underflow apart (Higham, *Accuracy and Stability of Numerical Algorithms*, 2002, section 2.2). A
filter multiplies `u` by an operation count; when `u` is inflated every filter becomes more
cautious, more signs go to exact arithmetic, and no answer may change. Tests rely on that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

UNIT_ROUNDOFF = 2.0**-53

_roundoff: ContextVar[float] = ContextVar("unit_roundoff", default=UNIT_ROUNDOFF)


def unit_roundoff() -> float:
    """Return the unit roundoff in force: 2**-53 unless inflated."""
    return _roundoff.get()


@contextmanager
def inflated_roundoff(factor: float) -> Iterator[None]:
    """Multiply the unit roundoff of all filters by `factor >= 1`; infinity forces exact arithmetic.

    >>> with inflated_roundoff(2.0**53):
    ...     unit_roundoff()
    1.0
    """
    if not factor >= 1:
        raise ValueError(f"the unit roundoff may only be inflated: factor >= 1, got {factor}")
    token = _roundoff.set(UNIT_ROUNDOFF * factor)
    try:
        yield
    finally:
        _roundoff.reset(token)
