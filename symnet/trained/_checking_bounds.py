"""Bounds of neurons on a box, and on parts of it, proved in integers and in rational numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..errors import CertificateError
from ..exact.arrays import Bools, Floats
from ..exact.rational_rows import as_fmpq
from ._bounding import Boxes, Interval
from ._cases import Cases, Cut, Goals, relaxations_on, settled
from ._dual import Bound
from ._exact_bounds import exact_bounds, is_relaxation
from ._integer_bounds import IntegerBounds
from ._parts import joined
from ._prepared import Prepared
from ._relaxing import Relaxation

#: So many parts are bounded at a time.
_AT_ONCE = 32


def check_relaxations(
    net: Prepared,
    box: Sequence[Interval],
    layers: Sequence[Relaxation],
    goals: Goals | None = None,
    bounds: Sequence[Bound] = (),
) -> None:
    """Bounds of all neurons on a box, and the lines around their functions, from the inputs on.

    ``goals`` are bounds that have been shown, ``bounds`` come with multipliers.
    """
    for k, (functions, relaxation) in enumerate(zip(net.layers.functions, layers, strict=True)):
        width = len(functions)
        shown = (np.full(width, -np.inf), np.full(width, np.inf)) if goals is None else goals[k]
        for bound in (b for b in bounds if b.neuron[0] == k):
            shown = _with_bound(net, box, layers[:k], bound, *shown)
        _check_bounds(net, box, layers, k, range(len(functions)), shown)
        if not is_relaxation(functions, relaxation):
            raise CertificateError(f"the lines around hidden layer {k} cut its functions")


def _with_bound(
    net: Prepared,
    box: Sequence[Interval],
    before: Sequence[Relaxation],
    bound: Bound,
    low: Floats,
    high: Floats,
) -> tuple[Floats, Floats]:
    """What is shown of a layer, with one more bound, which is verified."""
    _, i = bound.neuron
    if not bound.holds(net, box, before):
        raise CertificateError(f"multipliers do not bound neuron {i} of hidden layer {len(before)}")
    here = np.arange(len(low)) == i
    if bound.sign > 0:
        return low, np.where(here, np.minimum(high, 0), high)
    return np.where(here, np.maximum(low, 0), low), high


def _check_bounds(
    net: Prepared,
    box: Sequence[Interval],
    layers: Sequence[Relaxation],
    k: int,
    neurons: Sequence[int],
    shown: tuple[Floats, Floats],
) -> None:
    """Bounds of some neurons of a layer, given those of the layers before and what is shown."""
    exact = exact_bounds(net, k, neurons, box, layers[:k])
    for i, (low, high) in zip(neurons, exact, strict=True):
        least, greatest = layers[k].low[0, i], layers[k].high[0, i]
        below, above = least <= shown[0][i], greatest >= shown[1][i]
        if not ((below or as_fmpq(least) <= low) and (above or high <= as_fmpq(greatest))):
            raise CertificateError(f"neuron {i} of hidden layer {k} leaves its bounds")


def check_cases(net: Prepared, box: Sequence[Interval], cases: Cases) -> None:
    """That neurons reach the goals on all parts of a box."""
    check_relaxations(net, box, cases.base)
    parts = list(_parts(Boxes.around(box), cases.cut))
    fast = IntegerBounds.of(net.layers, net.layers.maps[-1])
    for start in range(0, len(parts), _AT_ONCE):
        some = joined(parts[start : start + _AT_ONCE])
        shown = None if fast is None else _shown(fast, some, cases.goals)
        for k in range(len(some)) if shown is None else np.flatnonzero(~shown).tolist():
            _check_part(net, cases, parts[start + k])


def _parts(part: Boxes, cut: Cut | None) -> Iterator[Boxes]:
    """What a box is cut into."""
    if cut is None:
        yield part
        return
    below, above = part.high.copy(), part.low.copy()
    below[0, cut.axis] = above[0, cut.axis] = cut.at
    yield from _parts(Boxes(part.low, below), cut.below)
    yield from _parts(Boxes(above, part.high), cut.above)


def _shown(fast: IntegerBounds, parts: Boxes, goals: Goals) -> Bools | None:
    """On which parts integers reach the goals, which are 0 for the functions they are for."""
    sides = fast.sides(parts)
    if sides is None:
        return None
    shown = np.ones(len(parts), dtype=np.bool_)
    for (negative, positive), (least, greatest) in zip(sides, goals, strict=True):
        on, off = np.isfinite(least), np.isfinite(greatest)
        if least[on].any() or greatest[off].any():
            return None
        shown &= ~negative[:, on].any(axis=1) & ~positive[:, off].any(axis=1)
    return shown


def _check_part(net: Prepared, cases: Cases, part: Boxes) -> None:
    """The same in rational numbers."""
    places = [np.isfinite(low) | np.isfinite(high) for low, high in cases.goals]
    last = max((k for k, some in enumerate(places) if some.any()), default=-1)
    layers = relaxations_on(net, part, cases.base, last + 1)
    for k, r in enumerate(layers):
        bends = ~settled(net, k, cases.base[k])
        neurons = np.flatnonzero(bends if k < last else bends & places[k]).tolist()
        base = cases.base[k].low[0], cases.base[k].high[0]
        _check_bounds(net, part.sides(), layers, k, neurons, base)
        if not is_relaxation(net.layers.functions[k], r, neurons):
            raise CertificateError(f"the lines around hidden layer {k} cut its functions")
        low, high = cases.goals[k]
        if not ((r.low[0] >= low) & (r.high[0] <= high)).all():
            raise CertificateError(f"a neuron of hidden layer {k} misses its goal on a part")
