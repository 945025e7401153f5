"""Whether a computation in floats is the exact network, up to rounding."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
import sympy as sp
from flint import arb, arb_mat, ctx, fmpq

from .._announce import announce
from ..base import Network
from ..errors import NoBoundError, RefutedError, WeightError
from ..exact.arrays import Floats
from ..exact.ball import ball_of
from ..regions.domains import Domain
from ..verdict import Refuted, Verdict, short
from ._message import brief, message
from ._points import places
from ._rounding import Precision, start, through

#: Bits of the balls that enclose the exact values.
BITS = 192

#: Rows of numbers to rows of numbers.
Batch = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Checked(Verdict):
    """Not proved, but compared at many points; ``method`` says how many."""

    verdict: ClassVar[str] = "checked"
    method: str

    def __str__(self) -> str:
        return f"checked ({self.method})"


def assert_implements(
    implementation: Any,
    net: Network,
    domain: Domain,
    *,
    samples: int = 100,
    max_regions: int = 10_000,
    batched: bool = False,
    dtype: Any = None,
    tolerance: float | None = None,
    seed: int = 0,
    err_msg: str = "",
) -> None:
    r"""Raise unless a function in floats gives the network's values, up to rounding.

    It is compared at random points of the domain; for a piecewise-linear network also inside every
    linear region and at all corners of regions, so that a wrong neuron cannot hide. Points are
    floats, and the exact value is that at the float. The result may differ from it by a bound that
    rounding cannot exceed: every sum of n terms has a relative error of at most
    :math:`\gamma_{n+3}` with :math:`\gamma_k = k u / (1 - k u)`, in any order, weights being
    rounded too, and a smooth activation f is computed up to 8 u (1 + \|f\| + L \|z\|), L its
    Lipschitz constant; the error of a layer is carried through the next ones.

    Parameters
    ----------
    implementation : torch.nn.Module, or callable from an array (n,) to an array (m,)
        A module is called with rows, in ``eval()`` mode, which is taken back afterwards.
    net : Network without symbols
    domain : bounded Box, Polyhedron or Slice
    samples : the number of random points
    max_regions : the greatest number of regions to visit; 0 for samples only
    batched : whether a callable takes rows, (N, n) to (N, m)
    dtype : the floats in which the implementation computes
        Those of a module's parameters, else float64.
    tolerance : absolute error that is allowed instead of the bound, where none is known
    seed : of the random points
    err_msg : str
        Stands in the message.

    Raises
    ------
    RefutedError
        With the input, the exact value, what was got, how far apart they are and how far they may
        be.
    TooManyRegionsError
        If there are more regions than ``max_regions``.

    Examples
    --------
    >>> import numpy as np, symnet as sn
    >>> W = np.array([[1.0, -2.0], [0.5, 0.1]])
    >>> net = sn.Sequential(sn.Linear(W), sn.ReLU())
    >>> sn.assert_implements(lambda x: np.maximum(W @ x, 0), net, sn.Box([-1, 1]))

    Source: Higham, Accuracy and Stability of Numerical Algorithms, 2002, sections 3.1 and 3.5.
    """
    __tracebackhide__ = True
    if net.free_symbols:
        symbols = ", ".join(sorted(map(str, net.free_symbols)))
        raise WeightError(f"{brief(net)} holds the symbols {symbols}; give numbers for them")
    called, dtype = _as_batch(implementation, batched, dtype)
    names, points, told = places(net, domain, samples, max_regions, dtype, seed)
    got = np.asarray(called(points))
    with ctx.workprec(BITS):
        exact, allowed = _exact(net, points, Precision.of(dtype), tolerance)
        _compare(_Result(net, names, points, got, exact, allowed), err_msg, tolerance is not None)
    announce(f"the implementation computes {brief(net)} on {domain}", Checked(told))


# --- the implementation


def _as_batch(implementation: Any, batched: bool, dtype: Any) -> tuple[Batch, Any]:
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(implementation, torch.nn.Module):
        return _of_module(torch, implementation, dtype)
    if not callable(implementation):
        raise TypeError(
            f"the implementation is {short(implementation)!r}; give a torch module or a callable"
        )
    if batched:
        return implementation, dtype or np.float64

    def one_by_one(points: Floats) -> Floats:
        return np.array([np.asarray(implementation(x.copy())).reshape(-1) for x in points])

    return one_by_one, dtype or np.float64


def _of_module(torch: Any, module: Any, dtype: Any) -> tuple[Batch, Any]:
    parameter = next(module.parameters(), None)
    found = torch.float64 if parameter is None else parameter.dtype
    device = None if parameter is None else parameter.device

    def batch(points: Floats) -> Floats:
        was_training = module.training
        module.eval()
        try:
            with torch.no_grad():
                rows = torch.from_numpy(points.copy()).to(device=device, dtype=found)
                values: Floats = module(rows).cpu().numpy()
        finally:
            module.train(was_training)
        return values

    return batch, dtype or torch.zeros(0, dtype=found).numpy().dtype


# --- the exact values


def _exact(
    net: Network, points: Floats, precision: Precision, tolerance: float | None
) -> tuple[list[list[Any]], Floats]:
    """Balls around the exact values, (N, m), and how far from them a result may be."""
    columns = arb_mat([[_ball(v) for v in row] for row in points.T.tolist()])
    try:
        run = through(net, start(columns, precision))
        values = run.values.transpose().tolist()
        allowed = run.error.T
    except NoBoundError as error:
        if tolerance is None:
            raise NoBoundError(f"{error}; say what is allowed: tolerance=1e-6") from error
        values = [_by_definition(net, row) for row in points.tolist()]
        allowed = np.zeros((len(values), len(values[0])))
    return values, allowed if tolerance is None else np.full_like(allowed, tolerance)


def _ball(value: float) -> Any:
    number = Fraction(value)
    return arb(fmpq(number.numerator, number.denominator))


def _by_definition(net: Network, point: list[float]) -> list[Any]:
    column = net([sp.Rational(*v.as_integer_ratio()) for v in point])
    return [ball_of(entry.doit(), bits=150) for entry in column.flat()]


# --- the comparison


@dataclass(frozen=True)
class _Result:
    net: Network
    names: list[str]
    points: Floats
    got: Floats
    exact: list[list[Any]]
    allowed: Floats


def _compare(result: _Result, err_msg: str, by_tolerance: bool) -> None:
    __tracebackhide__ = True
    shape = len(result.points), len(result.exact[0])
    head = "the implementation does not compute the network"
    got = result.got.reshape(shape) if result.got.size == shape[0] * shape[1] else result.got
    if got.shape != shape:
        rows = [("shape", f"{got.shape[1:]} for each point"), ("expected", f"{shape[1:]}")]
        raise RefutedError(message(head, err_msg, rows))
    apart = np.array(
        [
            [_distance(value, ball) for value, ball in zip(row, balls, strict=True)]
            for row, balls in zip(got.tolist(), result.exact, strict=True)
        ]
    )
    wrong = ~(apart <= result.allowed)
    if not wrong.any():
        return
    ratio = np.where(wrong, apart / np.maximum(result.allowed, np.finfo(float).tiny), 0)
    worst = np.nan_to_num(ratio, nan=np.inf).argmax()
    k, j = (int(i) for i in np.unravel_index(worst, shape))
    x = result.points[k]
    exact = result.net([sp.Rational(*v.as_integer_ratio()) for v in x.tolist()])[j, 0]
    rows = [
        ("at", f"x = ({', '.join(str(v) for v in x)}), {result.names[k]}"),
        *([("output", str(j))] if shape[1] > 1 else []),
        ("exact", _shown(exact)),
        ("got", str(got[k, j])),
        ("apart", f"{apart[k, j]:.3g}"),
        ("allowed", f"{result.allowed[k, j]:.3g}, " + _why(by_tolerance)),
        ("wrong", f"at {int(wrong.any(axis=1).sum())} of {shape[0]} points"),
    ]
    value = sp.Rational(*got[k, j].item().as_integer_ratio()) if np.isfinite(got[k, j]) else sp.nan
    point = {f"x_{i + 1}": sp.Rational(*v.as_integer_ratio()) for i, v in enumerate(x.tolist())}
    verdict = Refuted(point, exact, value, "comparison in floats")
    announce(f"the implementation computes {brief(result.net)}", verdict)
    raise RefutedError(message(head, err_msg, rows), verdict)


def _distance(value: float, ball: Any) -> float:
    """A lower bound on the distance, as near to it as a float is; nan for a result that is none."""
    return float(abs(_ball(value) - ball).abs_lower()) if np.isfinite(value) else float("nan")


def _why(by_tolerance: bool) -> str:
    return "the tolerance" if by_tolerance else "which is what rounding explains at most"


def _shown(value: sp.Expr) -> str:
    text, digits = str(value), str(sp.N(value, 20))
    if value.is_Integer or (value.is_Rational and len(text) <= 12):
        return text
    return f"{text} ({digits}…)" if len(text) <= 50 else f"{digits}…"
