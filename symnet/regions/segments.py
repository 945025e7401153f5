"""Cells of a line, one after the other."""

from __future__ import annotations

from dataclasses import dataclass

from symnet.exact.arrays import Ints
from symnet.regions.pattern import Pattern


@dataclass(frozen=True)
class Segments:
    """A part of a line: cell c lies between the vertices ``vertex[c]`` and ``vertex[c + 1]``.

    These are rows of the vertex table, from left to right.
    """

    vertex: Ints
    pattern: Pattern

    @property
    def cells(self) -> int:
        """The number of cells."""
        return self.pattern.cells
