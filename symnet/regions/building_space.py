"""Functions of n variables: a network with ceil(log2(n + 1)) hidden layers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import mul, sub
from typing import TYPE_CHECKING

from flint import fmpq

from ..errors import DomainError
from ..exact.polyhedron import Polyhedron
from .bends import bends
from .cells import Vector, inner_point
from .domains import space
from .expression_graph import Form, Graph, added, times
from .finding import find_cells
from .hinges import Hinge, hinges
from .layer_list import LayerList

if TYPE_CHECKING:
    from .piecewise_linear import PiecewiseLinear


def sum_of_maxima(pw: PiecewiseLinear) -> LayerList:
    """The function on its domain as affine function plus maxima of n + 1 affine functions."""
    whole = _one_maximum(pw)
    if whole is not None:
        return _layers(pw, [whole])
    layers, domain = pw.network, pw.domain.polyhedron
    n, cells = layers.inputs, pw.cells
    if n > 2 and domain.half_spaces:
        # beyond the domain the facets would have to be continued so that they meet in balance
        if layers.switches:
            raise DomainError(
                f"a function of {n} variables with cases is built on all of R^{n}, and this one "
                "is given on a part of it; leave the domain out, or write the cases with Max and "
                "Min"
            )
        cells, domain = find_cells(layers, space(n).polyhedron), space(n).polyhedron
    solids = [cells.polyhedron(k) for k in range(len(cells))]
    tables = layers.affine_maps(cells.signs.tolist())
    found = hinges(bends(solids, tables, cells.neighbours.tolist(), domain), n)
    kept = [h for h in (_within(h, pw.domain.polyhedron) for h in found) if len(h.forms) > 1]
    return _layers(pw, kept)


def _one_maximum(pw: PiecewiseLinear) -> Hinge | None:
    """A convex function of at most n + 1 maps is their maximum, a concave one their minimum."""
    if pw.network.outputs > 1:
        return None
    rows = {tuple(t.tolist()[0]) for t in pw.network.affine_maps(pw.cells.signs.tolist())}
    if not 1 < len(rows) <= pw.network.inputs + 1:
        return None
    for sign, function in ((1, pw), (-1, -pw)):
        if function.is_convex():
            forms = sorted((tuple(sign * v for v in row) for row in rows), key=lambda r: not any(r))
            return Hinge((fmpq(sign),), tuple(forms))
    return None


def _within(hinge: Hinge, domain: Polyhedron) -> Hinge:
    """The hinge without forms that another one exceeds on the whole domain."""
    kept = list(hinge.forms)
    for form in hinge.forms:
        if any(other != form and _exceeds(other, form, domain) for other in kept):
            kept.remove(form)
    return Hinge(hinge.factors, tuple(kept))


def _exceeds(one: Vector, other: Vector, domain: Polyhedron) -> bool:
    """Whether one affine form is nowhere below another on a polyhedron."""
    *slope, offset = map(sub, other, one)
    most = domain.maximum(slope)
    return most is not None and most + offset <= 0


def _layers(pw: PiecewiseLinear, found: Sequence[Hinge]) -> LayerList:
    """The hinges as neurons, and the affine function that they leave."""
    graph = Graph(pw.network.inputs)
    outputs = range(pw.network.outputs)
    greatest = [graph.greatest([_form(row) for row in h.forms]) for h in found]
    totals = []
    for k, rest in zip(outputs, _affine_rest(pw, found), strict=True):
        parts = [times(f, _fraction(h.factors[k])) for h, f in zip(found, greatest, strict=True)]
        totals.append(added([*parts, _form(rest)]))
    return graph.layers(totals)


def _affine_rest(pw: PiecewiseLinear, found: Sequence[Hinge]) -> list[Vector]:
    """The affine function by which f exceeds its hinges, from its values around one point."""
    domain = pw.domain.polyhedron

    def rest(x: Vector) -> list[fmpq]:
        tops = [max(_at(row, x) for row in h.forms) for h in found]
        return [
            v - sum((h.factors[k] * top for h, top in zip(found, tops, strict=True)), fmpq(0))
            for k, v in enumerate(pw.network.value(x))
        ]

    centre = inner_point(domain.vertices, domain.rays)
    start = rest(centre)
    slopes = []
    for j in range(len(centre)):
        step = fmpq(1)
        while not domain.contains(_moved(centre, j, step)):
            step /= 2
        end = rest(_moved(centre, j, step))
        slopes.append([(v - u) / step for u, v in zip(start, end, strict=True)])
    rows = list(zip(*slopes, strict=True))
    return [
        (*row, u - sum(map(mul, row, centre), fmpq(0))) for row, u in zip(rows, start, strict=True)
    ]


def _moved(x: Vector, place: int, step: fmpq) -> Vector:
    return tuple(v + step * (k == place) for k, v in enumerate(x))


def _at(row: Vector, x: Vector) -> fmpq:
    return sum(map(mul, row, x), row[-1])


def _form(row: Vector) -> Form:
    """A row [a | c] as a form of atoms, -1 for the constant."""
    last = len(row) - 1
    return {(k if k < last else -1): _fraction(v) for k, v in enumerate(row) if v}


def _fraction(v: fmpq) -> Fraction:
    return Fraction(int(v.p), int(v.q))
