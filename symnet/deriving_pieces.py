"""How the linear pieces of a network come about: masks, products of them, region by region."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import sympy as sp

from .activations._base import Activation
from .activations._step import Step as StepLayer
from .base import Apply, Network
from .claims import Claim
from .derivation import Derivation, Step
from .document import Block, Document, Math, Prose, Table, Typeset, Words
from .errors import DerivationError, NotPiecewiseLinearError, WeightError
from .exact.algebra import factors_of
from .layers._linear import Linear
from .regions.domains import number
from .regions.making import coordinates, piecewise
from .regions.piecewise_linear import PiecewiseLinear
from .sequential import Sequential
from .simplification import simplify
from .verdict import Proved, Refuted, Undecided, Verdict

#: Networks with more regions get no table of them.
_MOST_ROWS = 64
#: With symbols as weights all patterns of so many neurons are listed.
_MOST_NEURONS = 5
#: What a pattern has a formula for.
_VALUE = Typeset("f(x)", "f(x)")


@dataclass(frozen=True)
class Row:
    """A pattern of signs, the diagonals of its masks, its conditions, and what f is there."""

    pattern: tuple[tuple[int, ...], ...]
    masks: tuple[tuple[sp.Expr, ...], ...]
    conditions: tuple[Any, ...]
    value: sp.ImmutableDenseMatrix


@dataclass(frozen=True)
class PiecewiseDerivation(Derivation):
    """The chain with masks, and the pieces: see :func:`symnet.derive` with ``form="piecewise"``.

    ``rows`` are the pieces, ``pieces`` the function on its regions where the weights are numbers;
    ``explicit`` is the network written out in the ``variables`` of the rows.
    """

    rows: tuple[Row, ...] = ()
    pieces: PiecewiseLinear | None = None
    explicit: sp.ImmutableDenseMatrix | None = None
    remark: Words = ()

    def check(self) -> Verdict:
        """Every step of the chain, and every row: f is what it says where its conditions hold.

        Rows of numbers are certified with their regions, rows of symbols proved one by one.
        """
        verdict = super().check()
        if not isinstance(verdict, Proved):
            return verdict
        count = f"{len(self.rows)} piece{'' if len(self.rows) == 1 else 's'}"
        if self.pieces is not None:
            self.pieces.certify()
        for place, row in enumerate(self.rows, start=1):
            found = self._check_row(row)
            if isinstance(found, Refuted):
                return replace(found, detail=f"piece {place} is false")
            if isinstance(found, Undecided):
                return replace(found, reason=f"piece {place}: {found.reason}")
        detail = f"{verdict.detail}, {count}" if self.rows else verdict.detail
        return Proved(verdict.method, detail)

    def _check_row(self, row: Row) -> Verdict:
        assert self.explicit is not None
        where = sp.And(*row.conditions)
        for own, value in zip(self.explicit.flat(), row.value.flat(), strict=True):
            verdict = Claim(own, value, where=where).prove()
            if not verdict:
                return verdict
        return Proved("cases")

    def document(self, label: str | None = None) -> Document:
        """The chain, what the masks mean, and the pieces as a table."""
        chain = super().document(label)
        return replace(chain, blocks=(*chain.blocks, *self._pieces()))

    def _pieces(self) -> Iterator[Block]:
        if self.remark:
            yield Prose(self.remark)
        if self.rows:
            yield Table(
                (("signs",), ("masks",), ("where",), (_VALUE,)),
                tuple(_cells(row) for row in self.rows),
            )
        if self.pieces is not None and self.rows:
            yield Prose(("Pieces with the same formula belong together:",))
            yield from self.pieces.document().blocks


def derive_pieces(
    net: Network, domain: Any, left: Apply, opening: tuple[Block, ...]
) -> PiecewiseDerivation:
    """The derivation of the piecewise form of a network with short names."""
    x = net.input
    layers = list(net.layers) if isinstance(net, Sequential) else [net]
    steps: list[Step] = []
    current: Network = net
    masks: list[tuple[Activation, sp.MatrixSymbol]] = []
    for place, layer in enumerate(layers):
        if isinstance(layer, Linear) or layer.is_affine:
            continue
        before = Sequential(*layers[:place])(x) if place else x
        z, mask = (sp.MatrixSymbol(f"{letter}_{len(masks) + 1}", before.shape[0], columns)
                   for letter, columns in (("z", 1), ("D", before.shape[0])))  # fmt: skip
        act = _with_mask(layer, net)
        layers[place] = Linear(mask)
        masked = Sequential(*layers)
        reason: Words = (Math(Apply(act, z)), " = ", Math(mask * z))
        defines = ((z, before), (mask, _meaning(act, z)))
        steps.append(Step(current(x), masked(x), reason, None, defines))
        current, masks = masked, [*masks, (act, mask)]
    if not masks:
        raise DerivationError(f"{net} has no activation that bends, so it is one linear piece")
    steps += _multiplied_out(current, x)
    rows, pieces, explicit, remark = _rows(net, domain, [act for act, _ in masks])
    return PiecewiseDerivation(
        net(x), tuple(steps), left, opening, _closing(masks), "", rows, pieces, explicit, remark
    )


# --- the chain


def _with_mask(layer: Network, net: Network) -> Activation:
    function = getattr(layer, "function", None)
    if isinstance(layer, Activation) and function is not None and function.piecewise_linear:
        if function.positively_homogeneous:
            return layer
        raise DerivationError(
            f"{layer.name} is no mask: it does not keep its value at 0, or bends elsewhere; "
            "sn.piecewise(net) has its pieces"
        )
    if isinstance(layer, Activation):
        raise NotPiecewiseLinearError(
            f"{layer.name} is not piecewise linear, so {net} has no linear pieces"
        )
    raise DerivationError(
        f"the layer {layer} is not written with masks; simplify the network first, "
        "or use sn.piecewise(net)"
    )


def _meaning(act: Activation, z: Any) -> Any:
    """The diagonal matrix of slopes: one above 0, another below."""
    above, below = slopes(act)
    mask = (above - below) * sp.DiagMatrix(StepLayer()(z))
    return mask if below == 0 else below * sp.Identity(z.shape[0]) + mask


def slopes(act: Activation) -> tuple[sp.Expr, sp.Expr]:
    """The slope above 0 and the one below."""
    return act.scalar(sp.S.One).doit(), -act.scalar(sp.S.NegativeOne).doit()


def _multiplied_out(masked: Network, x: Any) -> list[Step]:
    """With fixed masks the network is linear: the sum of its paths, the longest first."""
    paths = sorted(_paths(simplify(masked)(x)), key=lambda term: -len(factors_of(term)[1]))
    terms = sp.MatAdd(*paths)
    return [Step(masked(x), terms, ("multiply out",))] if terms != masked(x) else []


def _paths(expr: Any) -> list[Any]:
    return [t for part in expr.args for t in _paths(part)] if expr.is_MatAdd else [expr]


def _closing(masks: Sequence[tuple[Activation, sp.MatrixSymbol]]) -> Words:
    words: list[Any] = []
    for k, (act, mask) in enumerate(masks):
        above, below = slopes(act)
        words += ["" if not k else "; ", Math(mask), " has ", Math(above)]
        words += [" on its diagonal where ", Math(sp.Symbol(f"z_{k + 1}"))]
        words += [" is positive and ", Math(below)]
        words += [" elsewhere"]
    return (
        *(w for w in words if w != ""),
        ". While none of these signs changes, the masks stay as they are and the network is one "
        "affine function.",
    )


# --- the pieces


Pieces = tuple[
    tuple[Row, ...], PiecewiseLinear | None, sp.ImmutableDenseMatrix | None, Words
]  # fmt: skip


def _rows(net: Network, domain: Any, acts: Sequence[Activation]) -> Pieces:
    size = net.in_features
    if size is None or not size.is_Integer:
        return (), None, None, ()
    try:
        pw = piecewise(net, domain=domain)
    except WeightError:
        return _symbolic(net, int(size))
    variables = list(pw.variables)
    if len(pw) > _MOST_ROWS:
        return (), None, None, (f"There are {len(pw)} regions; sn.piecewise(net) lists them.",)
    place = sp.Matrix(variables)
    if pw.domain.origin is not None:
        steps = sp.Matrix([list(map(number, p)) for p in pw.domain.directions]).T
        place = sp.Matrix(list(map(number, pw.domain.origin))) + steps * place
    rows = []
    for region in pw.regions:
        value = region.A * sp.Matrix(variables) + region.c
        conditions = tuple(h.condition(variables) for h in region.half_spaces)
        masks = _masks(acts, region.pattern)
        rows.append(Row(region.pattern, masks, conditions, sp.ImmutableDenseMatrix(value)))
    explicit = sp.ImmutableDenseMatrix(net(place))
    return tuple(rows), pw, explicit, _counted(pw)


def _counted(pw: PiecewiseLinear) -> Words:
    neurons = sum(len(layer) for layer in pw.regions[0].pattern)
    return (
        f"Of the {2**neurons} patterns of signs of {neurons} neurons, {len(pw)} occur on full "
        "regions. On each of them:",
    )


def _masks(acts: Sequence[Activation], pattern: Sequence[Sequence[int]]) -> Any:
    """The diagonals of the masks for a pattern of signs."""
    pairs = [slopes(act) for act in acts]
    return tuple(
        tuple(above if s > 0 else below for s in signs)
        for (above, below), signs in zip(pairs, pattern, strict=True)
    )


def _symbolic(net: Network, size: int) -> Pieces:
    """All patterns, with conditions in the entries of the weights."""
    variables = coordinates("x", size)
    explicit = net.as_explicit()
    layers = explicit.layers if isinstance(explicit, Sequential) else (explicit,)
    value = sp.ImmutableDenseMatrix(explicit(sp.Matrix(variables)))
    bends = [layer for layer in layers if isinstance(layer, Activation)]
    widths = _widths(layers, size)
    if any(not w.is_Integer for w in widths) or sum(widths) > _MOST_NEURONS:
        return (), None, None, ()
    rows = []
    for signs in product((1, -1), repeat=int(sum(widths))):
        pattern, conditions, h = [], [], sp.Matrix(variables)
        left = list(signs)
        for layer in layers:
            if layer not in bends:
                h = sp.Matrix(layer(h))
                continue
            own, left = left[: h.rows], left[h.rows :]
            above, below = slopes(layer)
            z = [sp.expand(v) for v in h]
            conditions += [v > 0 if s > 0 else v <= 0 for v, s in zip(z, own, strict=True)]
            h = sp.Matrix([(above if s > 0 else below) * v for v, s in zip(z, own, strict=True)])
            pattern.append(tuple(own))
        masks = _masks(bends, pattern)
        f = h.applyfunc(sp.expand).as_immutable()
        rows.append(Row(tuple(pattern), masks, tuple(conditions), f))
    words = (f"The {len(rows)} patterns of signs, and ", _VALUE, " on each of them:")
    return tuple(rows), None, value, words


def _widths(layers: Sequence[Network], size: int) -> list[sp.Expr]:
    """The numbers of neurons of the layers that bend."""
    found, width = [], sp.Integer(size)
    for layer in layers:
        width = layer.features(width)
        if isinstance(layer, Activation):
            found.append(width)
    return found


def _cells(row: Row) -> tuple[Words, ...]:
    signs = " | ".join("".join("+" if s > 0 else "-" for s in layer) for layer in row.pattern)
    where: list[Any] = []
    for condition in row.conditions:
        where += [", "] * bool(where) + [Math(condition)]
    masks: list[Any] = []
    for mask in row.masks:
        masks += [", "] * bool(masks) + [Math(sp.Tuple(*mask))]
    value = row.value[0, 0] if row.value.shape == (1, 1) else row.value
    return (
        (Typeset(rf"\mathtt{{{signs}}}", signs),),
        tuple(masks),
        tuple(where) or ("everywhere",),
        (Math(value),),
    )
