"""Sets of neurons as rows of packed bits."""

from __future__ import annotations

import numpy as np

from symnet.exact.arrays import Bools, Ints, Octets


def packed(flags: Bools) -> Octets:
    """Rows of flags as rows of octets, at least one octet wide."""
    bits = np.packbits(flags, axis=1)
    return bits if bits.shape[1] else np.zeros((flags.shape[0], 1), dtype=np.uint8)


def union(rows: Octets, start: Ints) -> Octets:
    """The unions of rows start[k], …, start[k + 1] - 1; none of them is empty."""
    result: Octets = np.bitwise_or.reduceat(rows, start, axis=0)
    return result


def members(rows: Octets) -> tuple[Ints, Ints]:
    """(row, member) of all members, by rows and upwards."""
    row, octet = np.nonzero(rows)
    place, bit = np.nonzero(np.unpackbits(rows[row, octet][:, None], axis=1))
    return row[place], 8 * octet[place] + bit


def sizes(rows: Octets) -> Ints:
    """How many members every row has."""
    return np.bitwise_count(rows).sum(axis=1, dtype=np.int64)
