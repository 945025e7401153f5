r"""How far the result of a network computed in floats may be from the exact one.

The values are enclosed in balls, layer by layer; the bound runs along, for an implementation that
rounds to nearest with unit roundoff u, in any order of summation, with or without fused
operations, and whose weights are the exact ones rounded. With gamma_k = k u / (1 - k u):

- affine, fan-in n: E' = |W| E (1 + gamma) + gamma (|W| |h| + |b|), gamma = gamma_{n+3}; for
  convolutions and means over windows n is the number of entries of a window;
- an activation with Lipschitz constant L: E' = L E + 8 u (1 + |f| + L |z|); relu and its like,
  with slopes 0, 1 and -1 and no offsets, are computed without an error: E' = L E;
- layer normalisation: with the numbers off by D after the mean is taken away and R the root of the
  mean of D^2, the spread s is off by R at most, as a norm is, and the quotient q by
  (D + |q| R) / (s - R);
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
from ..exact.affine import nearest_float
from ..exact.arrays import Floats
from ..exact.ball import ball_of, on_balls
from ..exact.convert import as_rational
from ..exact.sparse_matrix import SparseRationalMatrix
from ..layers._batch_norm import BatchNorm
from ..layers._concat import Concat
from ..layers._layer_norm import LayerNorm
from ..layers._max import Max
from ..layers._maximum_pool import MaximumPool
from ..layers._maxout import Maxout
from ..layers._residual import Residual
from ..layers._select import Select
from ..layers._softmax import Softmax
from ..layers._structured import Structured
from ..layers._sum import Sum
from ..regions.scalar import scalar_function
from ..sequential import Sequential

#: Covers the rounding of the bound itself, which is computed in float64.
_SLACK = 1 + 1e-6
#: Squares of smaller numbers underflow.
_LEAST_SPREAD = 1e-12


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
    # what is outside of a window or of the grid is a term 0, which is added without an error
    W, offset = layer.sparse, layer.offset
    terms = np.diff(W.starts)
    gamma = run.precision.gamma(int(terms.max(initial=0)) + 3)
    floats = [nearest_float(abs(v), W.denominator) for v in W.numerators]
    size = np.maximum(np.array(floats, dtype=np.float64), run.precision.tiny)
    bias = _upper(_balls(offset)) if layer.has_bias else np.zeros((len(terms), 1))
    whole = _row_sums(W, run.size, size) + bias
    carried = _row_sums(W, run.error, size) * (1 + gamma)
    error = carried + gamma * whole + (terms[:, None] + 1) * run.precision.tiny
    return run.to(_product(W, run.values, _balls(offset) if layer.has_bias else None), error)


def _row_sums(W: SparseRationalMatrix, columns: Floats, values: Floats) -> Floats:
    """Upper bounds on a matrix with these entries times columns that are not negative."""
    result = np.zeros((int(W.shape[0]), columns.shape[1]))
    filled = np.flatnonzero(np.diff(W.starts))
    for j in range(columns.shape[1] if len(filled) else 0):
        terms = columns[W.columns, j] * values
        result[filled, j] = np.add.reduceat(terms, W.starts[filled]) * _SLACK
    return result


def _product(W: SparseRationalMatrix, columns: Any, bias: Any | None) -> Any:
    """W times columns of balls, plus a bias."""
    count = columns.ncols()
    entries, q = np.array(columns.tolist(), dtype=object), arb(W.denominator)
    numerators = np.array([arb(int(v)) for v in W.numerators], dtype=object)
    result = np.full((int(W.shape[0]), count), arb(0), dtype=object)
    filled = np.flatnonzero(np.diff(W.starts))
    for j in range(count if len(filled) else 0):
        sums = np.add.reduceat(numerators * entries[W.columns, j], W.starts[filled])
        result[filled, j] = sums / q
    values = arb_mat(result.tolist())
    return values if bias is None else values + bias * arb_mat(1, count, [arb(1)] * count)


@through.register
def _(layer: Select, run: Run) -> Run:
    rows, places = run.values.tolist(), layer.places
    nothing = [arb(0)] * run.values.ncols()
    error = np.where(places[:, None] >= 0, run.error[places], 0.0)
    return run.to(arb_mat([rows[k] if k >= 0 else nothing for k in places.tolist()]), error)


@through.register
def _(layer: LayerNorm, run: Run) -> Run:
    gamma, beta = (_balls(column.as_explicit()) for column in layer.columns)
    precision, n = run.precision, run.width
    rounded = precision.gamma(n + 10)
    columns = [list(column) for column in zip(*run.values.tolist(), strict=True)]
    made = [_normalised(column, ball_of(layer.eps)) for column in columns]
    values = [[c / s for c in centred] for centred, s in made]
    q = _upper(arb_mat(values)).T
    low = np.array([float(s.abs_lower()) for _, s in made]) / _SLACK
    off = run.error + run.error.mean(axis=0) + rounded * (run.size + run.size.mean(axis=0))
    mean = np.sqrt((off**2).mean(axis=0)) * _SLACK + _LEAST_SPREAD**10
    if not (low - mean > _LEAST_SPREAD).all():
        raise NoBoundError(f"{layer} divides by the spread of numbers that may be all the same")
    moved = (off + q * mean) / (low - mean)
    size, last = _upper(gamma), _upper(beta)
    error = size * moved * (1 + rounded) + rounded * (size * (q + moved) + last)
    found = [[v * g[0] + b[0] for v, g, b in zip(column, gamma.tolist(), beta.tolist(),
                                                 strict=True)] for column in values]  # fmt: skip
    return run.to(arb_mat([list(row) for row in zip(*found, strict=True)]), error + precision.tiny)


def _normalised(column: list[Any], eps: Any) -> tuple[list[Any], Any]:
    """The column without its mean, and its spread."""
    mean = sum(column, arb(0)) / len(column)
    centred = [x - mean for x in column]
    return centred, (sum((c * c for c in centred), arb(0)) / len(column) + eps).sqrt()


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
