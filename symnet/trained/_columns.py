"""Rows and columns of affine maps chosen and combined; floats stay floats where they can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpq, fmpz, fmpz_mat

from ..exact.affine import AffineMap

#: A unit's share in each neuron: h_i = factor * unit.
Members = tuple[tuple[int, fmpq], ...]


def rows_of(affine: AffineMap, rows: Sequence[int]) -> AffineMap:
    """Some rows of W and b."""
    if len(rows) == affine.shape[0]:
        return affine
    if affine.is_float:
        return AffineMap.from_floats(affine.weight[list(rows)], affine.bias[list(rows)])
    matrix, denominator = affine.integers()
    table = matrix.tolist()
    return AffineMap.from_integers(
        fmpz_mat(len(rows), affine.shape[1] + 1, [v for i in rows for v in table[i]]), denominator
    )


@dataclass(frozen=True)
class Absorbed:
    """How the outputs h of a layer are made of units g: what the next map becomes.

    ``members[j]`` are the neurons that are multiples of unit j, ``constants`` those that have one
    value, and ``sums`` is the number of units that follow, one for each row of the next map (of
    those in ``targets``), with what it is to be multiplied by and what is to be added.
    """

    members: tuple[Members, ...]
    constants: Mapping[int, fmpq]
    targets: tuple[int, ...] = ()
    factor: fmpq = fmpq(1)  # noqa: RUF009
    added: tuple[fmpq, ...] = ()

    def into(self, after: AffineMap) -> AffineMap:
        """The next map, as one of the units."""
        plain = all(len(m) == 1 and m[0][1] == 1 for m in self.members)
        if plain and after.is_float and not self.targets and not any(self.constants.values()):
            columns = [m[0][0] for m in self.members]
            return AffineMap.from_floats(after.weight[:, columns], after.bias)
        return self._exactly(after)

    def _exactly(self, after: AffineMap) -> AffineMap:
        matrix, denominator = after.integers()
        common = fmpz(self.factor.q)
        numbers = [c for m in self.members for _, c in m]
        for v in (*numbers, *self.constants.values(), *self.added):
            common = common.lcm(v.q)
        scale = denominator * common
        members = [[(i, _whole(c, common)) for i, c in m] for m in self.members]
        constants = [(i, _whole(v, common)) for i, v in self.constants.items() if v]
        one = _whole(self.factor * denominator, common)
        table = []
        for r, row in enumerate(matrix.tolist()):
            new = [sum([row[i] * c for i, c in m]) for m in members]
            new += [one if t == r else fmpz(0) for t in self.targets]
            last = row[-1] * common + sum([row[i] * v for i, v in constants])
            if r in self.targets:
                last += _whole(self.added[self.targets.index(r)] * denominator, common)
            table.append([*new, last])
        width = len(self.members) + len(self.targets) + 1
        flat = [v for row in table for v in row]
        return AffineMap.from_integers(fmpz_mat(len(table), width, flat), scale)


def _whole(value: fmpq, common: fmpz) -> fmpz:
    return value.p * (common // value.q)


def proportional(affine: AffineMap, rows: Sequence[int]) -> list[list[tuple[int, fmpq]]]:
    """The rows [w | b] in groups of positive multiples of the first: pairs (row, factor).

    Floats find what may be proportional, integers decide.
    """
    if not rows:
        return []
    table = np.column_stack([affine.weight, affine.bias])[list(rows)]
    probe = np.cos(np.arange(1, table.shape[1] + 1) ** 2 * 1.0)
    with np.errstate(all="ignore"):
        size = np.abs(table).max(axis=1, keepdims=True)
        image = (table / size) @ probe
    order = np.argsort(image, kind="stable").tolist()
    tolerance = 1e-9 * table.shape[1]
    groups: list[list[tuple[int, fmpq]]] = []
    near: list[tuple[float, list[tuple[int, fmpq]]]] = []
    for place in order:
        value = image[place]
        near = [(v, g) for v, g in near if not value - v > tolerance]
        for _, group in near:
            factor = _factor(affine, group[0][0], rows[place])
            if factor is not None:
                group.append((rows[place], factor))
                break
        else:
            group = [(rows[place], fmpq(1))]
            groups.append(group)
            near.append((value, group))
    return sorted((_led(group) for group in groups), key=lambda g: g[0][0])


def _led(group: list[tuple[int, fmpq]]) -> list[tuple[int, fmpq]]:
    """A group as multiples of its row with the least number."""
    first = min(group)
    return sorted((i, c / first[1]) for i, c in group)


def _factor(affine: AffineMap, one: int, other: int) -> fmpq | None:
    """c > 0 with row ``other`` = c row ``one``, if there is one."""
    matrix, _ = affine.integers()
    n = affine.shape[1] + 1
    pairs = [(matrix[one, j], matrix[other, j]) for j in range(n)]
    lead = next(((a, b) for a, b in pairs if a), None)
    if lead is None or not lead[1] or (lead[0] > 0) != (lead[1] > 0):
        return None
    a0, b0 = lead
    if all(a * b0 == b * a0 for a, b in pairs):
        return fmpq(b0, a0)
    return None
