"""A piecewise-linear function as a difference of two maxima of affine functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import sub
from typing import Any

import sympy as sp
from flint import fmpq

from ..errors import DomainError, ShapeError, TooManyRegionsError
from ..exact.affine import AffineMap
from ..exact.polyhedron import Polyhedron
from .activation import PiecewiseLinear1D
from .building_line import one_hidden_layer
from .building_space import sum_of_maxima
from .comparing import are_equal
from .domains import Domain, number, rational, rationals
from .layer_list import LayerList, beside, greatest
from .limits import Limits
from .making import piecewise
from .piecewise_linear import PiecewiseLinear
from .tropical_terms import Terms, needed, plus, scaled


@dataclass(frozen=True)
class TropicalRational:
    """x -> max(numerator) - max(denominator); made by :func:`tropical`.

    A term is a pair (a, c) for the affine function a x + c, with rational numbers. In the tropical
    semiring, where max is the sum and + the product, it is a quotient of two polynomials.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x = sp.Symbol("x", real=True)
    >>> hat = sn.tropical(sn.relu(x) - 2 * sn.relu(x - 1))
    >>> hat.numerator, hat.denominator
    ((((0,), 0), ((1,), 0)), (((0,), 0), ((2,), -2)))
    >>> hat.as_expr(), hat(3)
    (Max(0, x) - Max(0, 2*x - 2), -1)

    Source: Zhang, Naitzat and Lim, Tropical geometry of deep neural networks, 2018.
    """

    variables: tuple[sp.Symbol, ...]
    numerator: tuple[tuple[tuple[sp.Rational, ...], sp.Rational], ...]
    denominator: tuple[tuple[tuple[sp.Rational, ...], sp.Rational], ...]

    def as_expr(self, *symbols: sp.Symbol) -> sp.Expr:
        """Max(…) - Max(…) in these symbols, or in the function's own variables."""
        names = symbols or self.variables
        if len(names) != len(self.variables):
            raise ShapeError(
                f"{len(names)} symbols were given for a function of {len(self.variables)} variables"
            )
        top, bottom = (
            _maximum([sum((v * x for v, x in zip(a, names, strict=True)), c) for a, c in terms])
            for terms in (self.numerator, self.denominator)
        )
        return top - bottom

    def latex(self, *symbols: sp.Symbol) -> str:
        """The same in LaTeX."""
        return str(sp.latex(self.as_expr(*symbols)))

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"

    def __call__(self, x: Any) -> sp.Rational:
        """The exact value at a point."""
        point = [number(v) for v in rationals(x if hasattr(x, "__len__") else [x])]
        if len(point) != len(self.variables):
            raise ShapeError(
                f"the point has {len(point)} coordinates; the function takes {len(self.variables)}"
            )
        top, bottom = (
            max(sum((v * t for v, t in zip(a, point, strict=True)), c) for a, c in terms)
            for terms in (self.numerator, self.denominator)
        )
        return top - bottom


def _maximum(terms: Sequence[sp.Expr]) -> sp.Expr:
    return terms[0] if len(terms) == 1 else sp.Max(*terms, evaluate=False)


def tropical(
    function: Any,
    *variables: sp.Symbol,
    domain: Domain | None = None,
    max_terms: int = 10_000,
    max_regions: int = 100_000,
) -> TropicalRational | tuple[TropicalRational, ...]:
    r"""A piecewise-linear function as max_i (a_i x + b_i) - max_j (c_j x + d_j), exactly.

    Layer by layer, relu(P - Q) = max(P, Q) - Q and positive and negative weights go to the two
    sides; terms that are nowhere the greatest are left out. The result is compared with the
    function before it is given out. The two maxima are not unique.

    Parameters
    ----------
    function : network, PiecewiseLinear, SymPy expression, or column of expressions
    *variables : Symbol
        The variables of an expression in their order.
    domain : Box, Polyhedron or Slice
        Where the two are equal; all of R^n where it is left out.
    max_terms : int
        How many sums of two terms may be looked at in one step.
    max_regions : int
        Where to stop comparing.

    Returns
    -------
    TropicalRational, or a tuple with one for each output where there are several

    Raises
    ------
    TooManyTermsError, TooManyRegionsError
        Where it would take more than these numbers.
    DomainError
        For a function that jumps.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x, y = sp.symbols("x y", real=True)
    >>> sn.tropical(sp.Max(x, y) - 2 * sn.relu(x)).as_expr()
    -Max(0, 2*x) + Max(x, y)
    >>> net = sn.Sequential(sn.Linear([[1], [-1]]), sn.ReLU(), sn.Linear([[1, 1]]))
    >>> print(net.tropical().latex())
    \max\left(- x, x\right)

    Source: Zhang, Naitzat and Lim, Tropical geometry of deep neural networks, 2018, theorem 5.2.
    """
    if isinstance(function, PiecewiseLinear):
        pw = function
    else:
        pw = piecewise(function, *variables, domain=domain)
    if not pw.is_continuous:
        raise DomainError("the function jumps, and a difference of maxima is continuous")
    layers = _without_switches(pw)
    outputs = _Recursion(pw.domain.polyhedron, max_terms).outputs(layers)
    _check(outputs, pw, max_regions)
    found = tuple(
        TropicalRational(pw.variables, *(_readable(terms) for terms in pair)) for pair in outputs
    )
    return found[0] if len(found) == 1 else found


def _without_switches(pw: PiecewiseLinear) -> LayerList:
    if not pw.network.switches:
        return pw.network
    return one_hidden_layer(pw) if pw.network.inputs == 1 else sum_of_maxima(pw)


def _readable(terms: Terms) -> tuple[tuple[tuple[sp.Rational, ...], sp.Rational], ...]:
    return tuple((tuple(map(number, t[:-1])), number(t[-1])) for t in terms)


#: max(first) - max(second)
Quotient = tuple[Terms, Terms]


@dataclass(frozen=True)
class _Recursion:
    """The layers one after the other, each neuron a difference of two maxima."""

    domain: Polyhedron
    most: int

    @property
    def zero(self) -> Terms:
        return ((fmpq(0),) * (self.domain.ambient + 1),)

    def outputs(self, layers: LayerList) -> list[Quotient]:
        n = layers.inputs
        units = [tuple(fmpq(int(i == k)) for i in range(n + 1)) for k in range(n)]
        state: list[Quotient] = [((unit,), self.zero) for unit in units]
        for affine, functions in zip(layers.maps, layers.functions, strict=False):
            sums = self.affine(affine, state)
            state = [self.applied(f, z) for f, z in zip(functions, sums, strict=True)]
        return self.affine(layers.maps[-1], state)

    def affine(self, affine: AffineMap, state: Sequence[Quotient]) -> list[Quotient]:
        matrix, q = affine.integers()
        return [
            self.combined([fmpq(v, q) for v in row[:-1]], state, fmpq(row[-1], q))
            for row in matrix.tolist()
        ]

    def combined(
        self, factors: Sequence[fmpq], parts: Sequence[Quotient], constant: fmpq
    ) -> Quotient:
        """constant + sum of factors times parts: what is negative goes to the other side."""
        top: Terms = ((*self.zero[0][:-1], constant),)
        bottom = self.zero
        for c, (plus_side, minus_side) in zip(factors, parts, strict=True):
            if c:
                one, other = (plus_side, minus_side) if c > 0 else (minus_side, plus_side)
                top = plus(top, scaled(one, abs(c)), self.domain, self.most)
                bottom = plus(bottom, scaled(other, abs(c)), self.domain, self.most)
        return _simplified(top, bottom)

    def applied(self, f: PiecewiseLinear1D, z: Quotient) -> Quotient:
        """f(z) as a combination of z and of relu(z - beta) = max(P - beta, Q) - Q."""
        if not f.breakpoints:
            return self.combined([rational(f.slopes[0])], [z], rational(f.value))
        top, bottom = z
        parts, factors = [z], [rational(f.slopes[0])]
        for k, beta in enumerate(f.breakpoints):
            moved = [(*t[:-1], t[-1] - rational(beta)) for t in top]
            parts.append(_simplified(needed([*moved, *bottom], self.domain), bottom))
            factors.append(rational(f.slopes[k + 1] - f.slopes[k]))
        constant = f.value - f.slopes[0] * f.breakpoints[0]
        return self.combined(factors, parts, rational(constant))


def _simplified(top: Terms, bottom: Terms) -> Quotient:
    """A side with one term becomes 0; where both are equal, nothing is left."""
    if len(bottom) > 1 and len(top) > 1:
        return top, bottom
    (alone,) = bottom if len(bottom) == 1 else top
    one, other = (tuple(tuple(map(sub, t, alone)) for t in side) for side in (top, bottom))
    return one, other


def _check(outputs: Sequence[Quotient], pw: PiecewiseLinear, max_regions: int) -> None:
    """Compare the maxima with the function, by its regions."""
    made = beside([_layers(*pair) for pair in outputs])
    try:
        same = are_equal(made, pw.network, pw.domain.polyhedron, Limits(max_regions))
    except TooManyRegionsError as error:
        sizes = ", ".join(f"{len(top)} - {len(bottom)}" for top, bottom in outputs)
        raise TooManyRegionsError(
            f"maxima with {sizes} terms were found, and to compare them with the function takes "
            f"more than max_regions={max_regions} regions; allow more, or take a smaller network"
        ) from error
    assert same, "the difference of maxima differs from the function"


def _layers(top: Terms, bottom: Terms) -> LayerList:
    """max(top) - max(bottom) as layers."""
    sides = []
    for terms in (top, bottom):
        forms = AffineMap.from_rationals([t[:-1] for t in terms], [t[-1] for t in terms])
        sides.append(LayerList.affine(forms).then(greatest(len(terms))))
    return beside(sides).then(LayerList.affine(AffineMap.from_rationals([[1, -1]], [0])))
