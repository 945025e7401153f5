"""The same bounds in rational arithmetic: for what floats leave open, and to check what they said.

Of one box, the first. Only the lines of the relaxations come from floats, exact numbers, which
``is_relaxation`` verifies at the ends of the intervals and at the breakpoints between.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from flint import fmpq, fmpz, fmpz_mat

from ..exact.affine import integers_of_floats
from ..exact.rational_rows import as_fmpq
from ..regions.activation import PiecewiseLinear1D
from ..regions.layer_list import Functions
from ._bounding import Interval
from ._prepared import Prepared
from ._relaxing import Relaxation


def exact_bounds(
    net: Prepared,
    layer: int,
    neurons: Sequence[int],
    box: Sequence[Interval],
    before: Sequence[Relaxation],
) -> list[Interval]:
    """Bounds of some pre-activations of a layer, by intervals and backward, the better of both."""
    rows, denominator = net.integer_rows(layer, neurons)
    return exact_bounds_of(net, rows, denominator, box, before)


def exact_bounds_of(
    net: Prepared,
    rows: Sequence[Sequence[fmpz]],
    scale: fmpz,
    box: Sequence[Interval],
    before: Sequence[Relaxation],
) -> list[Interval]:
    """Bounds of forms ``rows / scale`` in the outputs of the last hidden layer, or the inputs."""
    if not before:
        return [(-_top([-v for v in row], scale, box), _top(row, scale, box)) for row in rows]
    around = list(zip(map(as_fmpq, before[-1].least[0]), map(as_fmpq, before[-1].greatest[0]),
                      strict=True))  # fmt: skip
    tops = _backward(net, [*rows, *([-v for v in row] for row in rows)], scale, box, before)
    found = []
    for k, row in enumerate(rows):
        high = min(_top(row, scale, around), tops[k])
        low = max(-_top([-v for v in row], scale, around), -tops[len(rows) + k])
        found.append((low, high))
    return found


def _top(row: Sequence[fmpz], scale: fmpz, box: Sequence[Interval]) -> fmpq:
    """The maximum of a form on a box."""
    total = fmpq(row[-1])
    for v, (low, high) in zip(row, box, strict=False):
        if v:
            total += v * (high if v > 0 else low)
    return total / scale


def _backward(
    net: Prepared,
    rows: Sequence[Sequence[fmpz]],
    scale: fmpz,
    box: Sequence[Interval],
    before: Sequence[Relaxation],
) -> list[fmpq]:
    """Upper bounds of forms in the outputs of the last of these hidden layers."""
    for k in reversed(range(len(before))):
        lines, q = _integers(before[k])
        # neurons that are off are not looked at
        live = [i for i, pair in enumerate(zip(*lines, strict=True)) if pair != _ZERO]
        up, down = ([side[i] for i in live] for side in lines)
        replaced = []
        for row in rows:
            new, constant = [], row[-1] * q
            for i, above, below in zip(live, up, down, strict=True):
                v = row[i]
                slope, offset = above if v > 0 else below
                new.append(v * slope)
                constant += v * offset
            replaced.append([*new, constant])
        own, denominator = net.integer_rows(k, live)
        last = net.layers.maps[k].shape[1]
        rows = _product([row[:-1] for row in replaced], own, last + 1)
        for row, old in zip(rows, replaced, strict=True):
            row[last] += old[-1] * denominator
        scale *= q * denominator
    return [_top(row, scale, box) for row in rows]


def _product(
    left: list[list[fmpz]], right: Sequence[Sequence[fmpz]], width: int
) -> list[list[fmpz]]:
    """A product of matrices; the middle may be empty."""
    if not left or not right:
        return [[fmpz(0)] * width for _ in left]
    return (fmpz_mat(left) * fmpz_mat(right)).tolist()


Lines = list[tuple[fmpz, fmpz]]
_ZERO = ((0, 0), (0, 0))


def _integers(relaxation: Relaxation) -> tuple[tuple[Lines, Lines], fmpz]:
    """Slopes and offsets of the lines above and below, over one denominator."""
    tables = (relaxation.above[0], relaxation.below[0])
    numbers, exponents = zip(*(integers_of_floats(t) for t in tables), strict=True)
    common = max(exponents)
    lines: list[Lines] = []
    for whole, e in zip(numbers, exponents, strict=True):
        flat = [v << (common - e) for v in whole]
        lines.append([(fmpz(s), fmpz(o)) for s, o in zip(flat[::2], flat[1::2], strict=True)])
    return (lines[0], lines[1]), fmpz(1) << common


def is_relaxation(
    functions: Functions, relaxation: Relaxation, neurons: Sequence[int] | None = None
) -> bool:
    """Whether bounds and lines hold for the functions between the bounds, on the first box."""
    r = relaxation
    tables = (r.low[0], r.high[0], r.least[0], r.greatest[0])
    for i in range(len(functions)) if neurons is None else neurons:
        knots, pieces = _numbers(functions[i])
        low, high, least, greatest = (as_fmpq(t[i]) for t in tables)
        above, below = ([as_fmpq(v) for v in t[i]] for t in (r.above[0], r.below[0]))
        for t in (low, *(b for b in knots if low < b < high), high):
            slope, offset = pieces[sum(b < t for b in knots)]
            value = slope * t + offset
            if not (
                least <= value <= greatest
                and below[0] * t + below[1] <= value <= above[0] * t + above[1]
            ):
                return False
    return True


@lru_cache(maxsize=64)
def _numbers(f: PiecewiseLinear1D) -> tuple[list[fmpq], list[tuple[fmpq, fmpq]]]:
    """The breakpoints, and slope and offset of the pieces."""
    return [as_fmpq(b) for b in f.breakpoints], [(as_fmpq(s), as_fmpq(o)) for s, o in f.pieces]
