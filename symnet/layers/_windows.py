"""Windows that slide over a grid: where they lie, for convolutions and pools."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from ..errors import ShapeError
from ..exact.arrays import Ints


@dataclass(frozen=True)
class Windows:
    """Windows on a grid with one entry for every axis in each field.

    The grid has ``size`` points; it is continued by ``before`` and ``after`` points on each side. A
    window has ``kernel`` points with distance ``dilation``; windows start at multiples of
    ``stride``. With ``ceil`` the last window may reach beyond the end, as long as it starts within
    the grid or the points before it.
    """

    size: tuple[int, ...]
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    dilation: tuple[int, ...]
    ceil: bool = False

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """How many windows there are along every axis."""
        counts = []
        for n, k, s, a, b, d in zip(
            self.size, self.kernel, self.stride, self.before, self.after, self.dilation, strict=True
        ):
            room = n + a + b - (d * (k - 1) + 1)
            if room < 0:
                raise ShapeError(
                    f"a window of {d * (k - 1) + 1} points does not fit on {n} points "
                    f"with {a} before and {b} after them"
                )
            count = (-(-room // s) if self.ceil else room // s) + 1
            if self.ceil and (count - 1) * s >= n + a:
                count -= 1
            counts.append(count)
        return tuple(counts)

    @property
    def points(self) -> int:
        """How many points a window has."""
        return prod(self.kernel)

    @property
    def places(self) -> Ints:
        """(windows, points): the point of the grid at each place of a window, -1 outside."""
        axes = self.coordinates()
        result: Any = np.zeros((1, 1), dtype=np.int64)
        inside: Any = np.ones((1, 1), dtype=np.bool_)
        for axis, n in zip(axes, self.size, strict=True):
            here = (axis >= 0) & (axis < n)
            result = _outer(result * n, axis, np.add)
            inside = _outer(inside, here, np.logical_and)
        return np.asarray(np.where(inside, result, -1))

    def coordinates(self) -> list[Ints]:
        """For every axis (windows, points): the coordinate, which may lie outside."""
        return [
            np.arange(count)[:, None] * s + np.arange(k)[None, :] * d - a
            for count, k, s, a, d in zip(
                self.counts, self.kernel, self.stride, self.before, self.dilation, strict=True
            )
        ]

    def padded_points(self) -> Ints:
        """(windows,): how many places lie on the grid or on its continuation."""
        result = np.ones(1, dtype=np.int64)
        for axis, n, a, b in zip(
            self.coordinates(), self.size, self.before, self.after, strict=True
        ):
            inside = ((axis >= -a) & (axis < n + b)).sum(axis=1)
            result = (result[:, None] * inside[None, :]).ravel()
        return result


def _outer(left: Any, right: Any, join: np.ufunc) -> Any:
    """Windows and points of two groups of axes together, the later ones running faster."""
    table = join(left[:, None, :, None], right[None, :, None, :])
    shape = left.shape[0] * right.shape[0], left.shape[1] * right.shape[1]
    return table.reshape(shape)
