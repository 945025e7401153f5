"""The activation patterns of the cells of a block, layer by layer.

A layer adds its words only; those of the layers before are looked up when they are wanted, through
the cell that each cell came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symnet.exact.arrays import Ints, Words


@dataclass(frozen=True)
class Pattern:
    """The words of one layer's units on cells, and those of the cells that they came from.

    ``positive`` are the units that are positive, ``zero`` those that vanish identically, None where
    there is none; cell c lies in cell ``parent[c]`` of ``before``.
    """

    positive: Words
    zero: Words | None = None
    before: Pattern | None = None
    parent: Ints | None = None

    @staticmethod
    def empty(cells: int) -> Pattern:
        """The pattern of no units."""
        return Pattern(np.zeros((cells, 0), dtype=np.uint64))

    @property
    def cells(self) -> int:
        """The number of cells."""
        return self.positive.shape[0]

    def refined(self, parent: Ints, positive: Words, zero: Words | None) -> Pattern:
        """The pattern of parts of these cells, with the words of one more layer."""
        return Pattern(positive, zero, self, parent)

    def of(self, cells: Ints) -> Pattern:
        """The pattern of some of the cells."""
        return self.refined(cells, np.zeros((cells.shape[0], 0), dtype=np.uint64), None)

    def words(self) -> tuple[Words, Words | None]:
        """The words of all layers, side by side."""
        parts: list[tuple[Words, Words | None, Ints | None]] = []
        node: Pattern | None = self
        cell: Ints | None = None
        while node is not None:
            parts.insert(0, (node.positive, node.zero, cell))
            if node.parent is not None:
                cell = node.parent if cell is None else node.parent.take(cell)
            node = node.before
        width = sum(positive.shape[1] for positive, _, _ in parts)
        result = np.empty((self.cells, width), dtype=np.uint64)
        vanishing = any(zero is not None for _, zero, _ in parts)
        zeros = np.zeros_like(result) if vanishing else None
        start = 0
        for positive, zero, at in parts:
            columns = slice(start, start := start + positive.shape[1])
            result[:, columns] = positive if at is None else positive.take(at, axis=0)
            if zeros is not None and zero is not None:
                zeros[:, columns] = zero if at is None else zero.take(at, axis=0)
        return result, zeros

    def __reduce__(self) -> tuple[Any, ...]:
        return Pattern, self.words()  # what other cells came from is not sent along


def joined_words(patterns: Sequence[Pattern]) -> tuple[Words, Words]:
    """The words of the cells of all blocks, those that are positive and those that vanish.

    Where none vanishes, the second array takes no memory.
    """
    parts = [pattern.words() for pattern in patterns]
    positive = np.concatenate([part[0] for part in parts]) if len(parts) > 1 else parts[0][0]
    if all(zero is None for _, zero in parts):
        return positive, np.broadcast_to(np.uint64(0), positive.shape)
    zeros = [np.zeros_like(words) if zero is None else zero for words, zero in parts]
    return positive, np.concatenate(zeros)
