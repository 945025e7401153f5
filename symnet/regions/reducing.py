"""The same function with fewer neurons, where neurons double or cancel each other.

For the question whether two functions are equal: the difference of a network and a permuted or
rescaled copy of it has every neuron twice, and layer by layer the two cancel. Regions are those of
the network as it is given, and are not found in this way.
"""

from __future__ import annotations

import numpy as np
from flint import fmpq, fmpz, fmpz_mat

from ..exact.affine import AffineMap
from .activation import IDENTITY, RELU
from .builder import UnitBuilder
from .layer_list import Functions, LayerList

Rows = list[list[fmpq]]


def reduced(layers: LayerList) -> LayerList:
    """An equal function whose neurons are relu or hand their input on.

    Proportional neurons become one, since relu(c u) = c relu(u) and relu(-c u) = c (relu(u) - u)
    for c > 0, and neurons that nothing depends on are left out.

    >>> import numpy as np
    >>> twice = AffineMap.from_floats([[1.0], [2.0], [-1.0]], np.zeros(3))
    >>> total = AffineMap.from_floats([[2.0, -1.0, 1.0], [0.0, 1.0, -2.0]], np.zeros(2))
    >>> small = reduced(LayerList((twice, total), ((RELU,) * 3,)))
    >>> small.widths, small.value([fmpq(3)]), small.value([fmpq(-3)])
    ((2,), [0, 6], [3, -6])
    """
    maps: list[AffineMap] = []
    functions: list[Functions] = []
    affine = layers.maps[0]
    for each, following in zip(layers.functions, layers.maps[1:], strict=True):
        builder = UnitBuilder(affine, each)
        outputs = [builder.neuron(i, f) for i, f in enumerate(each)]
        units, relu_count, _ = builder.units()
        units, after, kinds = _few(units, relu_count, builder.fold(outputs).into(following))
        if RELU in kinds:
            maps.append(units)
            functions.append(kinds)
            affine = after
        else:
            affine = after.after(units)
    return _without_idle([*maps, affine], functions)


def _few(
    units: AffineMap, relu_count: int, after: AffineMap
) -> tuple[AffineMap, AffineMap, Functions]:
    """Units and the map after them, without those that it leaves out.

    What the map makes of linear units is a sum of what comes in. It is handed on as these sums or,
    if there are not fewer of them, as what comes in; equal functions then have equal rows.
    """
    n = units.shape[1]
    rows, table = _rows(units), _rows(after)
    relus = [k for k in range(relu_count) if any(row[k] for row in table)]
    zero = [fmpq(0)] * (n + 1)
    sums = [_combined(row[relu_count:-1], rows[relu_count:], zero) for row in table]
    directions, factors = _directions([row[:-1] for row in sums])
    needed = [j for j in range(n) if any(row[j] for row in sums)]
    if len(needed) <= len(directions):
        directions = [[fmpq(int(i == j)) for i in range(n)] for j in needed]
        factors = [[row[j] for j in needed] for row in sums]
    inner = [rows[k] for k in relus] + [[*row, fmpq(0)] for row in directions]
    outer = [
        [*(row[k] for k in relus), *carried, row[-1] + total[-1]]
        for row, carried, total in zip(table, factors, sums, strict=True)
    ]
    kinds = (RELU,) * len(relus) + (IDENTITY,) * len(directions)
    return _map(inner, n), _map(outer, len(inner)), kinds


def _directions(rows: Rows) -> tuple[Rows, Rows]:
    """Rows of which no two are proportional, and the given rows in terms of them."""
    found: dict[tuple[fmpq, ...], int] = {}
    terms = []
    for row in rows:
        lead = next((v for v in row if v), None)
        if lead is None:
            terms.append((0, fmpq(0)))
        else:
            place = found.setdefault(tuple(v / lead for v in row), len(found))
            terms.append((place, lead))
    places = range(len(found))
    factors = [[c if k == place else fmpq(0) for k in places] for place, c in terms]
    return [list(row) for row in found], factors


def _without_idle(maps: list[AffineMap], functions: list[Functions]) -> LayerList:
    """The layers without neurons that nothing depends on, from the outputs backwards."""
    for k in range(len(functions) - 1, -1, -1):
        kept = np.flatnonzero(maps[k + 1].nonzero[:, :-1].any(axis=0)).tolist()
        if len(kept) == len(functions[k]):
            continue
        kinds = tuple(functions[k][i] for i in kept)
        lines = _rows(maps[k])
        outer = _map([[*(row[i] for i in kept), row[-1]] for row in _rows(maps[k + 1])], len(kept))
        inner = _map([lines[i] for i in kept], maps[k].shape[1])
        if RELU in kinds:
            maps[k : k + 2], functions[k] = [inner, outer], kinds
        else:
            maps[k : k + 2] = [outer.after(inner)]
            del functions[k]
    return LayerList(tuple(maps), tuple(functions))


def _combined(factors: list[fmpq], rows: Rows, zero: list[fmpq]) -> list[fmpq]:
    """The sum of the rows with these factors."""
    total = zero
    for c, row in zip(factors, rows, strict=True):
        if c:
            total = [t + c * v for t, v in zip(total, row, strict=True)]
    return total


def _rows(affine: AffineMap) -> Rows:
    matrix, denominator = affine.integers()
    return [[fmpq(v, denominator) for v in row] for row in matrix.tolist()]


def _map(rows: Rows, inputs: int) -> AffineMap:
    common = fmpz(1)
    for row in rows:
        for v in row:
            common = common.lcm(v.q)
    flat = [v.p * (common // v.q) for row in rows for v in row]
    return AffineMap.from_integers(fmpz_mat(len(rows), inputs + 1, flat), common)
