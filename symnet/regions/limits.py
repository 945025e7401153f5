"""How far a decomposition may go, who does it, and who hears how far it is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from symnet.errors import TooManyRegionsError

#: Seconds before the first remark on stderr, and between two.
_PATIENCE = 5.0


@dataclass(frozen=True)
class Limits:
    """What every engine asks while it works.

    ``progress`` is called with a line on how far it is; ``bound`` gives the greatest number of
    regions that there can be, for the error at ``max_regions``. A region may lie in ``parts`` of
    the cells that the engine counts. ``n_jobs`` is joblib's.
    """

    max_regions: int | None = None
    progress: Callable[[str], None] | None = None
    bound: Callable[[], int] | None = None
    parts: int = 1
    n_jobs: int | None = 1

    def say(self, what: str) -> None:
        """Tell who wants to know."""
        if self.progress is not None:
            self.progress(what)

    def check(self, cells: int, place: str) -> None:
        """Raise an error if there are too many regions already."""
        regions = -(-cells // self.parts)
        if self.max_regions is None or regions <= self.max_regions:
            return
        bound = ""
        if self.bound is not None:
            bound = f" (there cannot be more than {readable(self.bound())})"
        raise TooManyRegionsError(
            f"more than max_regions={self.max_regions} regions: {regions} found so far, {place}"
            f"{bound}; allow more, or take a smaller domain"
        )


NO_LIMITS = Limits()


class Remarks:
    """Progress on stderr: nothing for the first seconds, then a line every few."""

    def __init__(self, wanted: bool | None) -> None:
        self.wanted = sys.stderr.isatty() if wanted is None else wanted
        self.start = self.last = time.monotonic()

    def __call__(self, what: str) -> None:
        now = time.monotonic()
        if self.wanted and now - self.last > _PATIENCE:
            self.last = now
            print(f"symnet: {what}, after {now - self.start:.0f} s", file=sys.stderr, flush=True)


def readable(number: int) -> str:
    """A whole number, or its size where it is long.

    >>> readable(1234), readable(7**100)
    ('1234', 'about 10^84')
    """
    if number.bit_length() <= 40:
        return str(number)
    # digits of numbers that may be too long to print
    return f"about 10^{int((number.bit_length() - 1) * 0.30102999566398)}"
