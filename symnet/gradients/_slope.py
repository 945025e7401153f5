"""f'(z) at every entry, for a layer that applies f at every entry."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..base import Apply, Network
from ..errors import GradientError
from ..exact.cases import chosen
from ._algebra import plus, times


class Slope(Network):
    """The derivative of an entrywise layer, at every entry: z -> f'(z).

    At a kink it has the value that torch, JAX and Keras have there: relu'(0) = 0.

    Parameters
    ----------
    layer : entrywise Network
    order : positive int
        2 for f'', and so on.

    Examples
    --------
    >>> import symnet as sn
    >>> from symnet.gradients import Slope
    >>> Slope(sn.ReLU())([-1, 0, 2])
    Matrix([
    [0],
    [0],
    [1]])
    >>> Slope(sn.Tanh()).scalar(sp.Symbol("t")), Slope(sn.ReLU()).convention
    (1 - tanh(t)**2, "relu'(0) = 0")

    Source: definition.
    """

    is_elementwise = True

    def __new__(cls, layer: Network, order: Any = 1) -> Slope:
        self: Slope = sp.Basic.__new__(cls, layer, sp.Integer(order))
        return self

    @property
    def layer(self) -> Network:
        """The layer that it is the derivative of."""
        layer: Network = self.args[0]
        return layer

    @property
    def order(self) -> int:
        """How often it is derived."""
        return int(self.args[1])

    @property
    def name(self) -> str:
        return self.layer.name + "'" * self.order

    @property
    def name_latex(self) -> str:
        return self.layer.name_latex + "'" * self.order

    @property
    def written_parameters(self) -> tuple[Any, ...]:
        return self.layer.written_parameters

    @property
    def convention(self) -> str:
        """What the derivative is at the kinks, where it has any: ``relu'(0) = 0``."""
        said = [f"{self.name}({k}) = {self.scalar(k)}" for k in getattr(self.layer, "kinks", ())]
        return ", ".join(said)

    def scalar(self, t: sp.Expr) -> sp.Expr:
        """The derivative at one entry."""
        variable, slope = _slope(self.layer, self.order)
        if t.is_number:
            value = chosen(slope, variable, t)
            if value is not None:
                return value
        return slope.xreplace({variable: t})

    def definition(self, x: MatrixExpr) -> MatrixExpr:
        return self.forward(x)

    def forward(self, x: MatrixExpr) -> MatrixExpr:
        if isinstance(x, MatrixBase):
            return x.applyfunc(self.scalar)
        return Apply(self, x)


class Partial(Network):
    """The derivative of an activation by its parameter number ``place``, at every entry.

    >>> import symnet as sn
    >>> a, t = sp.Symbol("a", real=True), sp.Symbol("t", real=True)
    >>> Partial(sn.PReLU(a), 0).scalar(t)
    Piecewise((0, t > 0), (t, True))
    """

    is_elementwise = True

    def __new__(cls, layer: Network, place: Any) -> Partial:
        self: Partial = sp.Basic.__new__(cls, layer, sp.Integer(place))
        return self

    @property
    def _parameter(self) -> str:
        layer, place = self.args
        return str(layer.function.parameters[int(place)])

    @property
    def name(self) -> str:
        return f"d{self.args[0].name}/d{self._parameter}"

    @property
    def name_latex(self) -> str:
        parameter = sp.latex(sp.Symbol(self._parameter))
        return rf"\tfrac{{\partial}}{{\partial {parameter}}} {self.args[0].name_latex}"

    def scalar(self, t: sp.Expr) -> sp.Expr:
        """The derivative at one entry."""
        layer, place = self.args
        variables = [sp.Dummy(real=True) for _ in ("t", *layer.values)]
        cases = layer.function.cases(*variables)
        slope = _by_convention(cases.diff(variables[int(place) + 1]))
        return slope.subs(dict(zip(variables, (t, *layer.values), strict=True)))

    def definition(self, x: MatrixExpr) -> MatrixExpr:
        return x.applyfunc(self.scalar) if isinstance(x, MatrixBase) else Apply(self, x)


def by_parameters(layer: Network, z: MatrixExpr, symbol: sp.Symbol) -> Any:
    """The derivative of an activation at z by a symbol in its parameters."""
    if not hasattr(layer, "function"):
        raise GradientError(f"{layer} cannot be derived by {symbol}; it is no activation")
    shares = [
        times(value.diff(symbol), Apply(Partial(layer, place), z))
        for place, value in enumerate(layer.values)
        if value.has(symbol)
    ]
    return plus(*shares)


def slope_at(layer: Network, z: MatrixExpr, order: int = 1) -> Any:
    """f'(z), of the shape of z; a matrix of ones or zeros where f' is a constant."""
    if isinstance(layer, Slope):
        layer, order = layer.layer, layer.order + order
    variable, slope = _slope(layer, order)
    if variable not in slope.free_symbols:
        if slope == 0:
            return sp.ZeroMatrix(*z.shape)
        return times(slope, sp.OneMatrix(*z.shape))
    return Apply(Slope(layer, order), z)


@cache
def _slope(layer: Network, order: int) -> tuple[sp.Symbol, sp.Expr]:
    """A variable, and the derivative in it."""
    variable = sp.Dummy("t", real=True)
    if order > 1:
        before, slope = _slope(layer, order - 1)
        return before, _by_convention(slope.diff(before))
    function = getattr(layer, "function", None)
    if hasattr(function, "slope"):
        return variable, function.slope(variable, *layer.values)  # type: ignore[union-attr]
    return variable, _by_convention(layer.scalar(variable).diff(variable))


def _by_convention(slope: sp.Expr) -> sp.Expr:
    """The derivative with 0 where SymPy takes 1/2: at the jump of a step."""
    return slope.replace(sp.Heaviside, lambda t, *_: sp.Piecewise((1, t > 0), (0, True)))


def conventions(expr: Any) -> tuple[str, ...]:
    """What the derivatives in an expression are at kinks: ``("relu'(0) = 0",)``.

    Parameters
    ----------
    expr : a gradient: a SymPy object, or a dict of them

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear(2, 3), sn.ReLU(), sn.Linear(3, 2))
    >>> sn.conventions(sn.gradient(net))
    ("relu'(0) = 0",)

    Source: torch.nn.ReLU, jax.nn.relu, keras.activations.relu.
    """
    parts = expr.values() if isinstance(expr, dict) else [expr]
    slopes = set().union(*(sp.sympify(part).atoms(Slope) for part in parts))
    return tuple(sorted({s.convention for s in slopes if s.convention}))
