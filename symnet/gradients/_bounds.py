"""Bounds on the Jacobian of a network: norms of weights times bounds on slopes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import Any

import sympy as sp

from ..activations import Activation
from ..base import Network
from ..claims._scalar import T
from ..errors import GradientError
from ..exact.line import line_of
from ..exact.scalars import Norm
from ..layers._linear import Linear
from ..layers._residual import Residual
from ..layers._softmax import Softmax
from ..layers._sum import Sum
from ..sequential import Sequential
from ..verdict import Proved, Undecided, Verdict
from ._slope import _slope


@dataclass(frozen=True)
class SlopeBound:
    """|f'(t)| <= value for all t, and how that is known."""

    layer: Network
    value: sp.Expr
    verdict: Verdict

    def __str__(self) -> str:
        return f"|{self.layer.name}'| <= {self.value}: {self.verdict}"


@dataclass(frozen=True)
class GradientBound:
    """An upper bound on the norm of the Jacobian, at every input.

    The operator norm of a product is at most the product of the norms, and that of a weight at most
    its Frobenius norm |W|.
    """

    value: sp.Expr
    slopes: tuple[SlopeBound, ...] = ()

    @property
    def is_proved(self) -> bool:
        """Whether the bounds on all slopes are proved."""
        return all(bool(s.verdict) for s in self.slopes)

    def __str__(self) -> str:
        said = dict.fromkeys(map(str, self.slopes))
        return f"|J| <= {self.value}" + ("; " + "; ".join(said) if said else "")


def gradient_bound(net: Network) -> GradientBound:
    """A bound on the norm of the Jacobian of a network by its input, whatever the input is.

    Parameters
    ----------
    net : Network
        Made of linear layers, activations, softmax, residual blocks and sums.

    Raises
    ------
    GradientError
        For a layer for which no bound is known.

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear(3, 4), sn.Sigmoid(), sn.Linear(4, 4), sn.Sigmoid())
    >>> bound = sn.gradient_bound(net)
    >>> bound.value, bound.is_proved
    (|W_1|*|W_2|/16, True)
    >>> print(bound.slopes[0])
    |sigmoid'| <= 1/4: proved (signs of polynomials in exp(t))

    Source: Bengio, Simard and Frasconi, Learning long-term dependencies with gradient descent is
    difficult, 1994; Glorot and Bengio, Understanding the difficulty of training deep feedforward
    neural networks, 2010.
    """
    return _bound(net)


@singledispatch
def _bound(net: Network) -> GradientBound:
    size = net.in_features if net.in_features is not None else sp.Symbol("n", positive=True)
    parts = net.affine_parts(size)
    if parts is None:
        raise GradientError(f"no bound is known for the Jacobian of {net}")
    weight = parts[0]
    return GradientBound(sp.S.One if isinstance(weight, sp.Identity) else _norm(weight))


@_bound.register
def _(net: Linear) -> GradientBound:
    return GradientBound(_norm(net.W))


@_bound.register
def _(net: Activation) -> GradientBound:
    found = slope_bound(net)
    return GradientBound(found.value, (found,))


@_bound.register
def _(net: Softmax) -> GradientBound:
    # diag(p) - p p^T has the norm max_v sum p_i v_i^2 - (sum p_i v_i)^2 <= 1/2 (Popoviciu 1935)
    return GradientBound(sp.S.Half)


@_bound.register
def _(net: Sequential) -> GradientBound:
    parts = [_bound(child) for child in net.children]
    slopes = tuple(s for part in parts for s in part.slopes)
    return GradientBound(sp.Mul(*(part.value for part in parts)), slopes)


@_bound.register
def _(net: Residual) -> GradientBound:
    inner = _bound(net.children[0])
    return GradientBound(1 + inner.value, inner.slopes)


@_bound.register
def _(net: Sum) -> GradientBound:
    parts = [_bound(child) for child in net.children]
    slopes = tuple(s for part in parts for s in part.slopes)
    return GradientBound(sp.Add(*(part.value for part in parts)), slopes)


def _norm(weight: Any) -> sp.Expr:
    return Norm(weight).doit(deep=False)


# --- slopes


def slope_bound(layer: Activation) -> SlopeBound:
    """The Lipschitz constant of an activation as a bound on its slope, proved where that is known.

    >>> import symnet as sn
    >>> print(slope_bound(sn.Tanh()))
    |tanh'| <= 1: proved (signs of polynomials in exp(t))
    >>> print(slope_bound(sn.LeakyReLU(3)))
    |leaky_relu'| <= 3: proved (slopes of the pieces)
    """
    value = layer.lipschitz
    if value is None or not value.is_finite:
        raise GradientError(f"the slope of {layer} has no bound that is known")
    variable, slope = _slope(layer, 1)
    slope = slope.xreplace({variable: T})
    line = line_of(layer.scalar(T), T)
    if line is not None:
        greatest = max(abs(sp.Rational(a.numerator, a.denominator)) for a, _ in line.between)
        if (value - greatest).is_nonnegative:
            return SlopeBound(layer, value, Proved("slopes of the pieces"))
    if all(is_nonnegative_in_exponentials(value - sign * slope, T) for sign in (1, -1)):
        return SlopeBound(layer, value, Proved("signs of polynomials in exp(t)"))
    return SlopeBound(layer, value, Undecided(f"the bound is stated for {layer.name}"))


def is_nonnegative_in_exponentials(f: sp.Expr, t: sp.Symbol) -> bool:
    """Whether f(t) >= 0 for all real t was shown, for a rational function of exp(t).

    With E = exp(t) > 0 it is a quotient of polynomials, whose signs are constant between their
    positive roots; these are isolated exactly.

    >>> t = sp.Symbol("t", real=True)
    >>> is_nonnegative_in_exponentials(sp.cosh(t) - 1, t)
    True
    >>> is_nonnegative_in_exponentials(sp.cosh(t) - 2, t)
    False
    """
    E = sp.Dummy("E", positive=True)
    written = sp.powsimp(sp.expand(f.doit().rewrite(sp.exp), deep=True))
    quotient = sp.together(written.replace(sp.exp, lambda a: E ** (a / t)))
    if quotient.has(t, sp.exp) or any(not p.exp.is_Integer for p in quotient.atoms(sp.Pow)):
        return False
    numerator, denominator = sp.fraction(sp.cancel(quotient))
    product = sp.Poly(sp.expand(numerator * denominator), E)
    if not all(c.is_Rational for c in product.all_coeffs()):
        return False
    roots = [root for root in sp.Poly(product, E).real_roots(multiple=False) if root[0] > 0]
    if any(multiplicity % 2 for _, multiplicity in roots):
        return False
    beyond = sp.ceiling(max((root for root, _ in roots), default=sp.S.Zero)) + 1
    return bool(product.eval(beyond) >= 0)
