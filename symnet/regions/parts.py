"""A function with jumps, taken apart: half-open polyhedra on each of which it is affine.

The domain is cut by one neuron after the other. Where a neuron only bends, the points of its zero
set go with the side below, which does not matter: the function is continuous there. Where switched
neurons depend on its sign, the zero set goes with the side that has the same switches, or is a part
of its own, of lower dimension. So every point of the domain lies in exactly one part, and there the
network is the part's affine map.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..exact.half_open import Form, HalfOpen
from ..exact.polyhedron import Polyhedron
from ..exact.rational_rows import primitive
from .activation import PiecewiseLinear1D
from .layer_list import Forms, LayerList
from .limits import NO_LIMITS, Limits
from .switches import APART, KINK, WITH_ABOVE, kinds

#: A set, the signs of the neurons of the layers so far on it, and what they put out.
Found = tuple[HalfOpen, tuple[int, ...], Forms]


@dataclass(frozen=True)
class Part:
    """A set inside of which the virtual neurons have these signs."""

    set: HalfOpen
    signs: tuple[int, ...]


def parts_of(layers: LayerList, domain: Polyhedron, limits: Limits = NO_LIMITS) -> list[Part]:
    """All parts of a polyhedron; each of its points lies in exactly one of them.

    >>> from .scalar import entrywise, line_of
    >>> import sympy as sp
    >>> t = sp.Symbol("t", real=True)
    >>> line = Polyhedron.from_half_spaces(ambient=1)
    >>> [part.signs for part in parts_of(entrywise(line_of(sp.sign(t), t), 1), line)]
    [(-1,), (0,), (1,)]
    """
    found: list[Found] = [(HalfOpen(domain), (), Forms.of_inputs(layers.inputs))]
    depth = len(layers.functions)
    for layer in range(depth):
        finer: list[Found] = []
        for place, before, inputs in found:
            forms = layers.forms(layer, inputs)
            for piece, signs in _cut(layers, layer, place, forms):
                finer.append((piece, before + signs, layers.outputs_of(layer, forms, signs)))
            full = sum(piece.dimension == domain.ambient for piece, _, _ in finer)
            limits.say(f"{full} regions, layer {layer + 1} of {depth}")
            limits.check(full, f"layer {layer + 1} of {depth}")
        found = finer
    return [Part(piece, signs) for piece, signs, _ in found]


def _cut(
    layers: LayerList, layer: int, place: HalfOpen, forms: Forms
) -> list[tuple[HalfOpen, tuple[int, ...]]]:
    """A part cut by all neurons of a layer, with their signs."""
    functions = layers.functions[layer]
    virtuals = sum(len(f.breakpoints) for f in functions)
    pieces: list[tuple[HalfOpen, tuple[int, ...]]] = [(place, ())]
    each = zip(margins(functions, forms), kinds(layers.conditions[layer], virtuals), strict=True)
    for form, kind in each:
        pieces = [
            (side, (*signs, sign))
            for piece, signs in pieces
            for side, sign in sides(piece, form, kind)
        ]
    return pieces


def margins(functions: tuple[PiecewiseLinear1D, ...], forms: Forms) -> list[Form]:
    """The virtual neurons z_i - beta of a layer as forms in lowest terms."""
    result = []
    for row, function in zip(forms.rows, functions, strict=True):
        for beta in function.breakpoints:
            shifted = [*(beta.denominator * v for v in row)]
            shifted[-1] -= beta.numerator * forms.scale
            result.append(primitive([int(v) for v in shifted]))
    return result


def sides(piece: HalfOpen, form: Form, kind: int) -> Iterator[tuple[HalfOpen, int]]:
    """The parts of a set by the sign of a form, from below; zeros stand where ``kind`` says."""
    plus, minus, vanishes = piece.range(form)
    if not (plus or minus):
        yield piece, 0
        return
    if kind == KINK and not (plus and minus):
        yield piece, 1 if plus else -1
        return
    opposite = tuple(-v for v in form)
    if minus:
        below = piece.where(opposite, strict=kind in (WITH_ABOVE, APART))
        if below is not None:
            yield below, -1
    if vanishes and not _goes_with(kind, plus, minus):
        zeros = piece.zeros(form)
        if zeros is not None:
            yield zeros, 0
    if plus:
        above = piece.where(form, strict=kind != WITH_ABOVE)
        if above is not None:
            yield above, 1


def _goes_with(kind: int, plus: bool, minus: bool) -> bool:
    """Whether the zeros belong to a side that is there."""
    return kind != APART and ((plus and kind == WITH_ABOVE) or (minus and kind != WITH_ABOVE))
