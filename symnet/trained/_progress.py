"""How far a search on boxes is: its limits, and who hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from ..errors import SymnetError
from ..regions.limits import Limits, Remarks
from ._prepared import Prepared

#: So many boxes are bounded at a time, and so many entries have the rows of all of them at most.
_AT_ONCE, _ENTRIES = 64, 1 << 22


class OutOfReachError(SymnetError):
    """A search may do no more."""


@dataclass
class Progress:
    """How far a search is."""

    max_boxes: int
    end: float | None
    remarks: Remarks
    boxes: int = 0
    regions: int = 0
    open: int = 0
    #: Where the regions of a part were left, in words.
    left_at: str = ""

    @classmethod
    def within(cls, max_boxes: int, timeout: float | None, wanted: bool | None = None) -> Progress:
        """A search of so many boxes and seconds, which says on stderr how far it is if wanted."""
        end = None if timeout is None else monotonic() + timeout
        return cls(max_boxes, end, Remarks(wanted))

    def start(self, boxes: int, waiting: int, reached: str = "") -> None:
        """Some more boxes are bounded, while others wait; an error where that is too much."""
        if self.boxes >= self.max_boxes or self._is_late:
            raise OutOfReachError(f"{self.boxes} boxes looked at")
        self.boxes += boxes
        self.remarks(f"{self}, {waiting} waiting{reached and '; ' + reached}")

    def limits(self, max_regions: int | None = None) -> Limits:
        """The same limits while regions are looked for."""
        return Limits(max_regions, self._heard)

    def _heard(self, what: str) -> None:
        if self._is_late:
            self.left_at = what
            raise OutOfReachError(what)
        self.remarks(f"{self}, {what}" if self.boxes else what)

    @property
    def _is_late(self) -> bool:
        return self.end is not None and monotonic() > self.end

    def __str__(self) -> str:
        regions = f", {counted(self.regions, 'region')} in some of them" if self.regions else ""
        return f"{counted(self.boxes, 'box')}{regions}"

    def in_words(self, regions: int) -> str:
        """How far the search went, that looked at so many regions of whole domains besides."""
        told = [counted(regions, "region")] if regions else []
        told += [str(self)] if self.boxes else []
        how = ", ".join(told)
        if not self.open:
            return how
        left = f" (left at {self.left_at})" if self.left_at else ""
        return f"{how or 'nothing'} looked at, {counted(self.open, 'box')} left open{left}"


def counted(count: int, noun: str) -> str:
    """A number of things."""
    plural = "es" if noun.endswith("x") else "s"
    return f"{count} {noun}{'' if count == 1 else plural}"


def boxes_at_once(net: Prepared) -> int:
    """How many boxes are bounded at a time: fewer, the larger the network is."""
    widths = [max(m.shape) for m in net.layers.maps]
    return max(1, min(_AT_ONCE, _ENTRIES // (2 * max(widths) ** 2)))
