"""Whether a network is affine or linear, with points that show it where it is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

import sympy as sp

from .activations._identity import Identity
from .base import Network
from .claims import refute
from .claims._evaluate import differ
from .claims._scalar import T
from .errors import NotAffineError
from .exact.line import Line, line_of
from .exact.rational_matrix import RationalMatrix
from .layers._linear import Linear
from .layers._structured import Structured
from .simplification import simplify
from .verdict import written


@dataclass(frozen=True)
class Witness:
    """Points p, q and exact values that no affine (or linear) map can have.

    ``kind`` is ``"midpoint"``: f((p + q)/2) differs from (f(p) + f(q))/2, so f is not affine; or
    ``"zero"``: f(0) is not 0, so f is not linear. ``weights`` are values of the symbols.
    """

    kind: str
    weights: Mapping[Any, Any]
    points: tuple[Any, ...]
    value: Any
    expected: Any

    def __str__(self) -> str:
        at = ", ".join(f"{s} = {written(v)}" for s, v in self.weights.items())
        where = f"with {at}: " if at else ""
        if self.kind == "zero":
            return f"{where}f(0) = {written(self.value)}, not 0"
        p, q = (written(point) for point in self.points)
        return (
            f"{where}f at the midpoint of {p} and {q} is {written(self.value)}, "
            f"and the mean of the two values is {written(self.expected)}"
        )


def _linear_form(net: Network) -> Linear | Structured | None:
    """The network as one linear layer if the rules make it one."""
    simplest = simplify(net)
    if isinstance(simplest, Linear | Structured):
        return simplest
    parts = simplest.affine_parts(net.input.shape[0])
    return None if parts is None else Linear(*parts)


def _made_of_affine(net: Network) -> bool:
    """Whether all layers, through every nesting, are linear or keep a matrix by its structure."""
    leaves = list(net.leaves())
    known = (Linear, Structured, Identity)
    return any(isinstance(leaf, Structured) for leaf in leaves) and all(
        isinstance(leaf, known) for leaf in leaves
    )


def is_affine(net: Network) -> bool | None:
    """True, False, or None if neither a proof nor a witness was found."""
    if _made_of_affine(net) or _linear_form(net) is not None:
        return True
    line = _line(net)
    if line is not None:
        return not line.knots
    return None if affine_witness(net) is None else False


def is_linear(net: Network) -> bool | None:
    """True, False, or None if neither a proof nor a witness was found."""
    if _made_of_affine(net) and not net.free_symbols:
        return linear_witness(net) is None
    form = _linear_form(net)
    if form is not None and not form.has_bias:
        return True
    if form is not None and isinstance(form.args[1], RationalMatrix):
        # a bias of zeros is no bias, so this one is not zero
        return False
    return None if linear_witness(net) is None else False


def affine_witness(net: Network) -> Witness | None:
    """Points where the midpoint rule fails, small ones first; None if none was found."""
    if not net.free_symbols:
        return _numeric_witness(net)
    p, q = _two_inputs(net)
    half = sp.Rational(1, 2)
    found = refute(net(half * p + half * q), half * net(p) + half * net(q))
    if found is None:
        return None
    weights = {k: v for k, v in found.counterexample.items() if k not in (p, q)}
    points = (found.counterexample[p], found.counterexample[q])
    return Witness("midpoint", weights, points, found.lhs_value, found.rhs_value)


def linear_witness(net: Network) -> Witness | None:
    """A value at 0 that is not 0, or points where the midpoint rule fails."""
    size = net.input.shape[0]
    if not net.free_symbols and size.is_Integer:
        value = net(sp.zeros(int(size), 1))
        if differ(value, sp.zeros(*value.shape)):
            return Witness("zero", {}, (), value, sp.zeros(*value.shape))
        return affine_witness(net)
    at_zero = net(sp.ZeroMatrix(size, 1))
    found = refute(at_zero, sp.ZeroMatrix(*at_zero.shape))
    if found is not None:
        return Witness("zero", found.counterexample, (), found.lhs_value, found.rhs_value)
    return affine_witness(net)


#: How far from 0 the points are looked for: kinks can be far out, or close together.
_SCALES = [sp.Rational(s) for s in (1, "1/10", 10, "1/1000", 1000, 10**6)]


def _numeric_witness(net: Network) -> Witness | None:
    """Points on lines through 0, at many scales, where the midpoint rule fails."""
    size = net.in_features
    tried = [size] if size is not None else [net.inputs_for(sp.Integer(n)) for n in (1, 2, 3)]
    sizes = [int(n) for n in tried if n is not None]
    random = Random(0)
    for scale, n in product(_SCALES, sizes):
        for trial in range(3):
            direction = sp.ImmutableDenseMatrix(
                n, 1, [random.choice([1, -1, 0, 2]) if trial else 1 for _ in range(n)]
            )
            for ends in ((-1, 1), (0, 1), (-1, 0)):
                p, q = (end * scale * direction for end in ends)
                middle, mean = net((p + q) / 2), (net(p) + net(q)) / 2
                if differ(middle, mean):
                    return Witness("midpoint", {}, (p, q), middle, mean)
    line = _line(net)
    if line is None or not line.knots:
        return None
    knot = sp.Rational(line.knots[0].numerator, line.knots[0].denominator)
    p, q = (sp.ImmutableDenseMatrix([knot + shift]) for shift in (-1, 1))
    middle, mean = net((p + q) / 2), (net(p) + net(q)) / 2
    return Witness("midpoint", {}, (p, q), middle, mean) if differ(middle, mean) else None


def _line(net: Network) -> Line | None:
    """The exact function of a network with one input, one output and numbers as weights."""
    size = net.inputs_for(sp.S.One) if net.in_features is None else net.in_features
    if net.free_symbols or size != 1:
        return None
    value = net([T])
    return line_of(value[0, 0], T) if value.shape == (1, 1) else None


def affine_map(net: Network) -> tuple[Any, Any]:
    """(W, B) with net(x) = W x + B."""
    form = _linear_form(net) or _from_line(net)
    if form is not None:
        return form.W, form.b
    witness = affine_witness(net)
    if witness is not None:
        raise NotAffineError(f"{net} is not affine: {witness}", witness)
    raise NotAffineError(
        f"it is not known whether {net} is affine: its simplest form is {simplify(net)}, "
        "and no points were found where the midpoint rule fails"
    )


def _from_line(net: Network) -> Linear | None:
    line = _line(net)
    if line is None or line.knots:
        return None
    slope, intercept = line.between[0]
    return Linear([[slope]], [intercept])


def _two_inputs(net: Network) -> tuple[sp.MatrixSymbol, sp.MatrixSymbol]:
    taken = {symbol.name for symbol in net.free_symbols}
    p, q = (n if n not in taken else f"{n}_input" for n in ("p", "q"))
    shape = net.input.shape
    return sp.MatrixSymbol(p, *shape), sp.MatrixSymbol(q, *shape)
