"""Continuous piecewise-linear functions of one variable, as the engine takes them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from symnet.exact.affine import as_fraction


@dataclass(frozen=True)
class PiecewiseLinear1D:
    """A continuous piecewise-linear f: R -> R with rational data.

    With breakpoints beta_1 < ... < beta_r and slopes s_0, ..., s_r,

        f(z) = value + s_0 (z - beta_1) + sum_k (s_k - s_{k-1}) max(0, z - beta_k),

    so that ``f(beta_1) == value``; with no breakpoint, f(z) = value + s_0 z.

    >>> hardtanh = PiecewiseLinear1D((-1, 1), (0, 1, 0), -1)
    >>> [int(hardtanh(z)) for z in (-3, 0, 2)]
    [-1, 0, 1]
    """

    breakpoints: tuple[Any, ...]
    slopes: tuple[Any, ...]
    value: Any = 0

    def __post_init__(self) -> None:
        points = tuple(as_fraction(v) for v in self.breakpoints)
        slopes = tuple(as_fraction(v) for v in self.slopes)
        if len(slopes) != len(points) + 1:
            raise ValueError(
                f"{len(points)} breakpoints separate {len(points) + 1} slopes, got {len(slopes)}"
            )
        if any(a >= b for a, b in itertools.pairwise(points)):
            raise ValueError(f"breakpoints must increase strictly, got {self.breakpoints}")
        object.__setattr__(self, "breakpoints", points)
        object.__setattr__(self, "slopes", slopes)
        object.__setattr__(self, "value", as_fraction(self.value))

    def __call__(self, z: Any) -> Fraction:
        """Return f(z), exactly."""
        point = as_fraction(z)
        origin = self.breakpoints[0] if self.breakpoints else Fraction(0)
        result: Fraction = self.value + self.slopes[0] * (point - origin)
        for k, beta in enumerate(self.breakpoints):
            result += (self.slopes[k + 1] - self.slopes[k]) * max(Fraction(0), point - beta)
        return result

    @cached_property
    def pieces(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """(slope, offset) on each piece, from left to right.

        >>> [tuple(map(int, piece)) for piece in HARDTANH.pieces]
        [(0, -1), (1, 0), (0, 1)]
        """
        first = self.breakpoints[0] if self.breakpoints else Fraction(0)
        offsets = [self.value - self.slopes[0] * first]
        for k, beta in enumerate(self.breakpoints):
            offsets.append(offsets[-1] + (self.slopes[k] - self.slopes[k + 1]) * beta)
        return tuple(zip(self.slopes, offsets, strict=True))

    @cached_property
    def is_relu(self) -> bool:
        """Whether f is max(0, z)."""
        return self == RELU


RELU = PiecewiseLinear1D((0,), (0, 1))
IDENTITY = PiecewiseLinear1D((), (1,))
ABS = PiecewiseLinear1D((0,), (-1, 1))
RELU6 = PiecewiseLinear1D((0, 6), (0, 1, 0))
HARDTANH = PiecewiseLinear1D((-1, 1), (0, 1, 0), -1)


def leaky_relu(slope: Any) -> PiecewiseLinear1D:
    """Return z -> max(0, z) + slope * min(0, z)."""
    return PiecewiseLinear1D((0,), (slope, 1))
