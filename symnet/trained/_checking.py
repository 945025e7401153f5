"""The proof that a reduced network equals the original one on a domain, in rational arithmetic.

First, that every neuron of which it is said is on one piece of its function: its bounds on a box
are computed anew from lines that are verified, or the regions are found anew and certified. Then,
layer by layer, that the next pre-activations are the same sums: with h the outputs of a layer and g
its units, V h + b = V' g + b' holds if the coefficients of every unit that bends agree, and the
affine rest does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from flint import fmpq, fmpq_mat, fmpz

from ..errors import CertificateError
from ..exact.affine import AffineMap, as_fraction
from ..exact.rational_rows import as_fmpq, clear_denominators
from ..regions.certificate import certify
from ..regions.finding import find_cells
from ..regions.layer_list import Functions, LayerList
from ._checking_bounds import check_cases, check_relaxations
from ._exact_bounds import exact_bounds_of
from ._facts import Facts, pieces_of
from ._reducing import UNUSED, Layer


def check_facts(facts: Facts) -> int:
    """How many neurons are on one piece, each verified."""
    layers = facts.net.layers
    if facts.regions is not None:
        cells = find_cells(layers, facts.domain.polyhedron)
        certify(layers, facts.domain.polyhedron, cells)
        found = pieces_of(layers, cells.signs)
        if [list(row) for row in facts.pieces] != found:
            raise CertificateError("the signs on the regions are not those that were said")
    elif facts.relaxations is not None and facts.box is not None:
        _check_pieces(facts)
        if facts.cases is not None:
            check_cases(facts.net, facts.box, facts.cases)
        goals = None if facts.cases is None else facts.cases.goals
        check_relaxations(facts.net, facts.box, facts.relaxations, goals, facts.bounds)
    return sum(k is not None for row in facts.pieces for k in row)


def _check_pieces(facts: Facts) -> None:
    """That the bounds of every neuron lie on the piece that it is said to be on."""
    assert facts.relaxations is not None
    for k, functions in enumerate(facts.net.layers.functions):
        relaxation = facts.relaxations[k]
        for i, piece in enumerate(facts.pieces[k]):
            knots = functions[i].breakpoints
            low, high = as_fmpq(relaxation.low[0, i]), as_fmpq(relaxation.high[0, i])
            if piece is not None and not (
                (piece == 0 or as_fmpq(knots[piece - 1]) <= low)
                and (piece == len(knots) or high <= as_fmpq(knots[piece]))
            ):
                raise CertificateError(f"neuron {i} of hidden layer {k} is not on piece {piece}")


@dataclass(frozen=True, eq=False)
class _Step:
    """A hidden layer: its functions and pieces, what became of it, and the maps around it."""

    number: int
    functions: Functions
    pieces: Sequence[int | None]
    layer: Layer
    before: AffineMap
    after: AffineMap
    made: AffineMap
    #: The rows of the next map that count.
    rows: Sequence[int]

    def line(self, i: int) -> tuple[fmpq, fmpq]:
        """The slope and the offset of a neuron that is on one piece."""
        piece = self.pieces[i]
        if piece is None:
            self.fail(f"neuron {i} bends, and is taken for affine")
        slope, offset = self.functions[i].pieces[piece or 0]
        return as_fmpq(slope), as_fmpq(offset)

    def check_shape(self) -> None:
        """The next map takes the units, or what they are made of where they are gone."""
        layer, absorbed = self.layer, self.layer.absorbed
        inputs = len(absorbed.members) + len(absorbed.targets) if layer.stays else None
        wanted = self.after.shape[0], layer.forms.shape[1] if inputs is None else inputs
        if self.made.shape != wanted:
            self.fail(f"the next map has the shape {self.made.shape}, and it should be {wanted}")

    def fail(self, what: str) -> NoReturn:
        raise CertificateError(f"hidden layer {self.number}: {what}")


def check_layers(
    known: Facts, layers: LayerList, reduced: Sequence[Layer], last: AffineMap
) -> None:
    """Every map after a hidden layer, as one of its units, and the units that take its place."""
    if not _same(layers.maps[0], reduced[0].forms if reduced else last):
        raise CertificateError("the first map is not that of the network")
    for k, layer in enumerate(reduced):
        made, rows = last, list(range(layers.outputs))
        if k + 1 < len(reduced):
            made = reduced[k + 1].forms
            rows = _live(layers.functions[k + 1], known.pieces[k + 1], reduced[k + 1])
        step = _Step(
            k, layers.functions[k], known.pieces[k], layer, layers.maps[k], layers.maps[k + 1],
            made, rows,
        )  # fmt: skip
        step.check_shape()
        _check_constants(step)
        _check_units(step)
        _check_coefficients(step)
        _check_affine(step)
        if layer.absorbed.targets:
            _check_shifts(step, known)


def _live(functions: Functions, pieces: Sequence[int | None], layer: Layer) -> list[int]:
    """The neurons whose pre-activation is used: not those that are constant or reach nothing."""
    return [
        i for i, (f, piece) in enumerate(zip(functions, pieces, strict=True))
        if layer.reasons.get(i) != UNUSED and (piece is None or f.pieces[piece][0])
    ]  # fmt: skip


def _check_constants(step: _Step) -> None:
    """Neurons with one value have it, and nothing that counts uses those that are left out."""
    forms, constants = step.layer.forms, step.layer.absorbed.constants
    placed = {i for members in step.layer.absorbed.members for i, _ in members}
    for i, f in enumerate(step.functions):
        if i in placed or i in step.layer.linear:
            continue
        if i not in constants:
            if step.after.nonzero[step.rows, i].any():
                step.fail(f"neuron {i} was left out and is used")
            continue
        piece = step.pieces[i]
        if piece is not None and not f.pieces[piece][0]:
            value = f.pieces[piece][1]
        elif forms.nonzero[i, :-1].any():
            step.fail(f"neuron {i} is not constant")
        else:
            value = f(as_fraction(_entry(forms, i, forms.shape[1])))
        if constants[i] != as_fmpq(value):
            step.fail(f"neuron {i} has another value than {constants[i]}")


def _check_units(step: _Step) -> None:
    """Neurons that share a unit are positive multiples of it, and f allows that."""
    f = step.layer.function
    homogeneous = f.breakpoints in ((), (0,)) and all(not offset for _, offset in f.pieces)
    forms, p = step.layer.forms.integers()
    units, q = step.layer.units.integers()
    for j, members in enumerate(step.layer.absorbed.members):
        for i, c in members:
            if step.functions[i] != f or c <= 0 or not (homogeneous or c == 1):
                step.fail(f"neuron {i} cannot be {c} times unit {j}")
            factor = c * p / q
            if any(forms[i, t] != factor * units[j, t] for t in range(forms.ncols())):
                step.fail(f"neuron {i} is not {c} times unit {j}")


def _check_coefficients(step: _Step) -> None:
    """What the next layer takes of every unit is what it took of its neurons."""
    if not step.layer.stays:
        return
    V, p = step.after.integers()
    made, q = step.made.integers()
    for j, members in enumerate(step.layer.absorbed.members):
        for r in step.rows:
            before = sum((c * V[r, i] for i, c in members), fmpq(0)) / p
            if before != fmpq(made[r, j], q):
                step.fail(f"row {r} of the next map takes another multiple of unit {j}")


def _check_affine(step: _Step) -> None:
    """The affine rest of the next pre-activations, in the units before this layer."""
    layer, absorbed = step.layer, step.layer.absorbed
    V, p = step.after.integers()
    n = layer.forms.shape[1]
    lines = [step.line(i) for i in layer.linear]
    left = _combination(
        [[V[r, i] / fmpq(p) for i in layer.linear] for r in step.rows], layer.forms, layer.linear,
        lines, n,
    )  # fmt: skip
    made, q = step.made.integers()
    right = [[fmpq(0)] * (n + 1) for _ in step.rows]
    if not layer.stays:
        right = [[fmpq(made[r, t], q) for t in range(n + 1)] for r in step.rows]
    else:
        count = len(absorbed.members)
        places = range(count, count + len(absorbed.targets))
        slope, offset = map(as_fmpq, layer.function.pieces[-1])
        if places:
            right = _combination(
                [[fmpq(made[r, t], q) for t in places] for r in step.rows], layer.units, places,
                [(slope, offset)] * len(places), n,
            )  # fmt: skip
        for k, r in enumerate(step.rows):
            right[k][-1] += fmpq(made[r, step.made.shape[1]], q)
    for k, r in enumerate(step.rows):
        fixed = sum(
            (V[r, i] * v for i, v in absorbed.constants.items()), fmpq(V[r, len(step.functions)])
        )
        left[k][-1] += fixed / p
        if left[k] != right[k]:
            step.fail(f"row {r} of the next map has another affine part")


def _combination(
    factors: list[list[fmpq]],
    forms: AffineMap,
    rows: Sequence[int],
    lines: Sequence[tuple[fmpq, fmpq]],
    n: int,
) -> list[list[fmpq]]:
    """sum_i v_i (s_i z_i + o_i) for every list of factors, z_i the forms."""
    if not rows:
        return [[fmpq(0)] * (n + 1) for _ in factors]
    matrix, scale = forms.integers()
    table = [[s * matrix[i, t] / scale for t in range(n + 1)]
             for i, (s, _) in zip(rows, lines, strict=True)]  # fmt: skip
    product = (fmpq_mat(factors) * fmpq_mat(table)).tolist() if factors else []
    for row, vs in zip(product, factors, strict=True):
        row[-1] += sum((v * o for v, (_, o) in zip(vs, lines, strict=True)), fmpq(0))
    return product


def _check_shifts(step: _Step, known: Facts) -> None:
    """Shifted sums stay on the last piece of f: their least values on the domain."""
    layer, f = step.layer, step.layer.function
    assert known.box is not None
    assert known.relaxations is not None
    V, p = step.after.integers()
    lines = [step.line(i) for i in layer.linear]
    here = known.net.layers.maps[step.number]
    factors = [[V[r, i] / fmpq(p) for i in layer.linear] for r in layer.absorbed.targets]
    sums = _combination(factors, here, layer.linear, lines, here.shape[1])
    start = as_fmpq(f.breakpoints[-1]) if f.breakpoints else None
    slope = f.pieces[-1][0]
    for row, shift in zip(sums, layer.shifts, strict=True):
        whole, scale = clear_denominators(row)
        bounds = exact_bounds_of(
            known.net, [[fmpz(v) for v in whole]], fmpz(scale), known.box,
            known.relaxations[: step.number],
        )  # fmt: skip
        if slope <= 0 or (start is not None and bounds[0][0] + shift < start):
            step.fail("a sum of affine neurons leaves the last piece of the function")


def _same(one: AffineMap, other: AffineMap) -> bool:
    if one.shape != other.shape:
        return False
    a, p = one.integers()
    b, q = other.integers()
    return bool(a * q == b * p)


def _entry(affine: AffineMap, i: int, j: int) -> fmpq:
    matrix, scale = affine.integers()
    return fmpq(matrix[i, j], scale)
