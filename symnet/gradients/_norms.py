"""How large the gradient is at every layer, from the last to the first: does it vanish?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

import sympy as sp
from sympy.matrices.matrixbase import MatrixBase

from ..activations import Activation
from ..base import Network
from ..claims._evaluate import evaluate
from ..errors import GradientError, PictureError
from ..exact.convert import exact_matrix
from ..exact.rational_matrix import RationalMatrix
from ..losses import Loss
from ..pictures.colours import palette
from ..pictures.marks import Axis, Dot, Entry, Mark, Path, Stroke, Tick
from ..pictures.picture import Picture
from ..simplification import flattened
from ._differentiate import pull
from ._ending import ending_of
from ._scalar_route import in_digits
from ._setting import setting_of
from ._tape import Tape

#: Digits where activations are not piecewise linear, so that exact values would be long formulas.
DIGITS = 40


@dataclass(frozen=True)
class GradientNorms:
    """The Euclidean norms of the derivatives of a number by z_1, z_2, …

    Exact for piecewise-linear networks; else in 40 digits.
    """

    norms: tuple[sp.Expr, ...]

    def __iter__(self) -> Any:
        return iter(self.norms)

    def __len__(self) -> int:
        return len(self.norms)

    def __getitem__(self, k: int) -> sp.Expr:
        return self.norms[k]

    def plot(
        self, *, name: str = "", others: Mapping[str, GradientNorms] | None = None, title: str = ""
    ) -> Picture:
        """The norms over the layers, on a logarithmic scale; a norm of 0 is left out.

        Parameters
        ----------
        name : what the legend calls the network, where there are others
        others : norms of other networks by their names
        title : words above
        """
        curves = {name: self, **(others or {})}
        points = {
            key: [(k, float(sp.log(v, 10))) for k, v in enumerate(norms, start=1) if v != 0]
            for key, norms in curves.items()
        }
        every = [y for curve in points.values() for _, y in curve]
        if not every:
            raise PictureError("all gradients are 0, and a logarithmic scale has no 0")
        depth = max(map(len, curves.values()))
        low, high = floor(min(every)), max(ceil(max(every)), floor(min(every)) + 1)
        by = ceil((high - low) / 6)
        ticks = tuple(Tick(k, f"$10^{{{k}}}$") for k in range(low, high + 1, by))
        strokes = [Stroke(c, 1.2) for c in palette(None).lines]
        marks: list[Mark] = []
        for (key, curve), stroke in zip(points.items(), strokes, strict=False):
            marks += [Path(tuple(curve), stroke, tag=key)] if len(curve) > 1 else []
            marks += [Dot(place, stroke.colour, 2.0, tag=key) for place in curve]
        legend = tuple(Entry(key, stroke) for key, stroke in zip(points, strokes, strict=False))
        layers = tuple(Tick(k, f"${k}$") for k in range(1, depth + 1, ceil(depth / 12)))
        return Picture(
            tuple(marks),
            Axis(Fraction(1, 2), depth + Fraction(1, 2), layers, "layer"),
            Axis(low, high, ticks, "norm of the gradient"),
            (3.4, 2.4),
            title=title,
            description="The norm of the gradient at every layer, on a logarithmic scale.",
            legend=legend if len(legend) > 1 else (),
        )


def gradient_norms(
    net: Network, x: Any, *, loss: Loss | None = None, target: Any = None
) -> GradientNorms:
    """The norm of the derivative by the value z_l of every linear layer, at an input.

    Parameters
    ----------
    net : Network with numbers as weights
    x : (in_features, 1) column, or a flat list
    loss, target : as in :func:`symnet.gradient`
        Without a loss the network has one output, which is derived.

    Examples
    --------
    >>> import symnet as sn
    >>> layer, last = sn.Linear([[1, 1], [1, -1]]), sn.Linear([[1, 0]])
    >>> net = sn.Sequential(layer, sn.ReLU(), layer, sn.ReLU(), last)
    >>> list(sn.gradient_norms(net, [2, 1]))
    [sqrt(2), 1, 1]

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural
    networks, 2010, figure 7, for the picture.
    """
    setting = setting_of(flattened(net), loss, target)
    if not setting.is_scalar:
        raise GradientError("the network has several outputs; give a loss, whose gradient is one")
    tape = Tape(set(setting.variables))
    assert setting.net is not None
    ending = ending_of(setting, tape, tape.record(setting.net, setting.input))
    given = exact_matrix(x, "x", column=True)
    point = dict(setting.given)
    point[setting.input] = given.as_explicit() if isinstance(given, RationalMatrix) else given
    open_symbols = (setting.output.free_symbols | ending.derivative.free_symbols) - set(point)
    open_symbols -= {a.symbol for a in tape.assignments}
    if open_symbols:
        names = ", ".join(sorted(map(str, open_symbols)))
        raise GradientError(f"norms need numbers for all weights and the target; open: {names}")
    if not _is_piecewise_linear(setting.net) or setting.loss is not None:
        point = in_digits(point, DIGITS)
    for assignment in tape.assignments:
        point[assignment.symbol] = evaluate(assignment.value, point)
    adjoints = {tape.assignments[-1].symbol: evaluate(ending.derivative, point)}
    for assignment in reversed(tape.assignments):
        _pass_on(assignment, adjoints, point)
    linear = [a.symbol for a in tape.assignments if a.is_linear]
    return GradientNorms(tuple(_norm(adjoints[z]) for z in linear))


def _pass_on(assignment: Any, adjoints: dict[Any, Any], point: Mapping[Any, Any]) -> None:
    """The adjoint of a value, to those that it was computed from."""
    own = adjoints.get(assignment.symbol)
    if own is None:
        return
    sources = [s for s in assignment.value.atoms(sp.MatrixSymbol) if s in point]
    name = sp.MatrixSymbol("adjoint", *assignment.value.shape)
    for source, share in pull(assignment.value, name, sources).items():
        value = evaluate(share, {**point, name: own})
        adjoints[source] = adjoints[source] + value if source in adjoints else value


def _norm(matrix: MatrixBase) -> sp.Expr:
    return sp.sqrt(sp.Add(*(entry**2 for entry in matrix.flat())))


def _is_piecewise_linear(net: Network) -> bool:
    return all(
        leaf.function.piecewise_linear if isinstance(leaf, Activation) else True
        for leaf in net.leaves()
    )
