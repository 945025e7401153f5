r"""How far the result of a network computed in floats may be from the exact one.

The values are enclosed in balls, layer by layer; the bound runs along, for an implementation that
rounds to nearest with unit roundoff u, in any order of summation, with or without fused
operations, and whose weights are the exact ones rounded. With gamma_k = k u / (1 - k u):

- affine, fan-in n: E' = |W| E (1 + gamma) + gamma (|W| |h| + |b|), gamma = gamma_{n+3};
- an activation with Lipschitz constant L: E' = L E + 8 u (1 + |f| + L |z|); relu and its like,
  with slopes 0, 1 and -1 and no offsets, are computed without an error: E' = L E;
- maxima E' = max E; sums add their errors, and u |sum| for every addition;
- softmax: E' = p (exp(2 max E) - 1 + 2 gamma_{n+8}).

Source: Higham, Accuracy and Stability of Numerical Algorithms, 2002, sections 3.1 and 3.5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, reduce, singledispatch
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, arb_mat, fmpq

from ..activations import Activation
from ..base import Network
from ..errors import NoBoundError
from ..exact.arrays import Floats
from ..exact.ball import ball_of, on_balls
from ..exact.convert import as_rational
from ..layers._batch_norm import BatchNorm
from ..layers._concat import Concat
from ..layers._max import Max
from ..layers._maximum_pool import MaximumPool
from ..layers._maxout import Maxout
from ..layers._residual import Residual
from ..layers._softmax import Softmax
from ..layers._structured import Structured
from ..layers._sum import Sum
from ..regions.scalar import scalar_function
from ..sequential import Sequential

#: Covers the rounding of the bound itself, which is computed in float64.
_SLACK = 1 + 1e-6


@dataclass(frozen=True)
class Precision:
    """Floats by their unit roundoff, and the smallest one that is not denormal."""

    unit: float
    tiny: float

    @classmethod
    def of(cls, dtype: Any) -> Precision:
        """That of a NumPy type."""
        info = np.finfo(dtype)
        return cls(float(info.eps) / 2, float(info.tiny))

    def gamma(self, k: int) -> float:
        """k u / (1 - k u)."""
        if k * self.unit >= 0.5:
            raise NoBoundError(
                f"a sum of {k} terms has no error bound with unit roundoff {self.unit}"
            )
        return k * self.unit / (1 - k * self.unit)


@dataclass(frozen=True)
class Run:
    """Columns at some layer: ``values`` (width, N) in balls, ``error`` (width, N) bounds."""

    values: Any
    error: Floats
    precision: Precision

    @property
    def width(self) -> int:
        return int(self.values.nrows())

    @cached_property
    def size(self) -> Floats:
        """Upper bounds on the absolute values."""
        return _upper(self.values)

    def to(self, values: Any, error: Floats) -> Run:
        """The next layer."""
        return Run(values, error * _SLACK, self.precision)


def start(columns: Any, precision: Precision) -> Run:
    """Inputs that the implementation gets without an error; (width, N) balls."""
    return Run(columns, np.zeros((columns.nrows(), columns.ncols())), precision)


#: A matrix has at most so many entries, each a ball.
_WRITTEN = 1 << 20


@singledispatch
def through(layer: Network, run: Run) -> Run:
    """The run behind a layer."""
    parts = layer.affine_parts(sp.Integer(run.width))
    if parts is None:
        raise NoBoundError(f"no error bound is known for {type(layer).__name__}")
    if isinstance(parts[0], sp.Identity):
        return run
    return _affine(*parts, run)


def _affine(weight: Any, bias: Any, run: Run, beside: Floats | None = None) -> Run:
    W, b = _balls(weight), _balls(bias)
    gamma = run.precision.gamma(run.width + 3)
    size, offset = _upper(W), _upper(b)
    whole = size @ run.size + offset + (0 if beside is None else beside)
    tiny = (run.width + 1) * run.precision.tiny
    error = size @ run.error * (1 + gamma) + gamma * whole + tiny
    columns = run.values.ncols()
    values = W * run.values
    if offset.any():
        values = values + b * arb_mat(1, columns, [arb(1)] * columns)
    return run.to(values, error)


@through.register
def _(layer: BatchNorm, run: Run) -> Run:
    # the difference x - mu is taken first, so that w mu is rounded too
    weight, bias = layer.affine_parts(sp.Integer(run.width))
    moved = _upper(_balls(weight)) @ _upper(_balls(layer.columns[2]))
    return _affine(weight, bias, run, 4 * moved)


@through.register
def _(layer: Structured, run: Run) -> Run:
    rows, columns = map(int, layer.sparse.shape)
    if rows * columns > _WRITTEN:
        raise NoBoundError(
            f"{layer} is a matrix of {rows} by {columns}, too large for an error bound"
        )
    return _affine(layer.sparse.dense(), layer.offset, run)


@through.register
def _(layer: Activation, run: Run) -> Run:
    t = sp.Dummy("t", real=True)
    function = on_balls(layer.function.definition(t, *layer.values), t)
    values = _each(run.values, function)
    steep, exact = _facts(layer)
    if exact:
        return run.to(values, steep * run.error)
    rounded = 8 * run.precision.unit * (1 + _upper(values) + steep * run.size)
    return run.to(values, steep * run.error + rounded)


def _facts(layer: Activation) -> tuple[float, bool]:
    """A Lipschitz constant, and whether the activation is computed without an error."""
    if layer.function.piecewise_linear and layer.function.continuous:
        line = scalar_function(layer)
        exact = {*line.slopes, 0, 1, -1} == {0, 1, -1} and not any(line.breakpoints)
        return max(abs(float(s)) for s in line.slopes) * _SLACK, exact and not line.value
    constant = layer.lipschitz
    if constant is None or not constant.is_number or not constant.is_finite:
        raise NoBoundError(f"{layer.name} has no Lipschitz constant, so no error bound is known")
    return float(constant) * _SLACK, False


@through.register
def _(layer: Sequential, run: Run) -> Run:
    return reduce(lambda state, child: through(child, state), layer.children, run)


@through.register
def _(layer: Residual, run: Run) -> Run:
    return _added([through(layer.children[0], run), run])


@through.register
def _(layer: Sum, run: Run) -> Run:
    return _added([through(child, run) for child in layer.children])


def _added(parts: list[Run]) -> Run:
    values = reduce(lambda a, b: a + b, (part.values for part in parts))
    error = sum((part.error for part in parts), np.zeros(parts[0].error.shape))
    sizes = sum((part.size + part.error for part in parts), np.zeros(error.shape))
    rounded = parts[0].precision.gamma(len(parts)) * sizes
    return parts[0].to(values, error + rounded)


@through.register
def _(layer: Concat, run: Run) -> Run:
    parts = [through(child, run) for child in layer.children]
    rows = [row for part in parts for row in part.values.tolist()]
    return run.to(arb_mat(rows), np.vstack([part.error for part in parts]))


@through.register
def _(layer: Max, run: Run) -> Run:
    return _greatest(run, run.width)


@through.register
def _(layer: Maxout, run: Run) -> Run:
    return _greatest(run, int(layer.k))


@through.register
def _(layer: MaximumPool, run: Run) -> Run:
    rows, places = run.values.tolist(), [k for group in layer.equal_groups for k in group]
    laid_out = run.to(arb_mat([rows[k] for k in places]), run.error[places])
    return _greatest(laid_out, layer.windows.points)


def _greatest(run: Run, k: int) -> Run:
    rows = run.values.tolist()
    groups = [rows[start : start + k] for start in range(0, len(rows), k)]
    values = [
        [reduce(lambda a, b: a.max(b), column) for column in zip(*group, strict=True)]
        for group in groups
    ]
    error = run.error.reshape(len(groups), k, -1).max(axis=1)
    return run.to(arb_mat(values), error)


@through.register
def _(layer: Softmax, run: Run) -> Run:
    powers = _each(run.values, lambda x: x.exp()).tolist()
    totals = [reduce(lambda a, b: a + b, column) for column in zip(*powers, strict=True)]
    shares = arb_mat([[p / s for p, s in zip(row, totals, strict=True)] for row in powers])
    gamma = run.precision.gamma(run.width + 8)
    spread = np.expm1(2 * run.error.max(axis=0)) + 2 * gamma * (1 + run.size.max(axis=0))
    return run.to(shares, _upper(shares) * spread + run.precision.tiny)


# --- matrices of balls


def _each(matrix: Any, function: Callable[[Any], Any]) -> Any:
    entries = [function(x) for x in matrix.entries()]
    return arb_mat(matrix.nrows(), matrix.ncols(), entries)


def _upper(matrix: Any) -> Floats:
    entries = [float(x.abs_upper()) for x in matrix.entries()]
    return np.array(entries).reshape(matrix.nrows(), matrix.ncols()) * _SLACK


def _balls(matrix: Any) -> Any:
    rows, cols = map(int, matrix.shape)
    rational = as_rational(matrix)
    if rational is not None:
        q = rational.denominator
        entries = [arb(fmpq(int(n), q)) for n in rational.flat()]
    else:
        entries = [ball_of(e) for e in sp.ImmutableDenseMatrix(matrix.as_explicit()).flat()]
    return arb_mat(rows, cols, entries)
