"""What pools have in common: a window on every channel of a grid by itself."""

from __future__ import annotations

from math import prod
from typing import Any, ClassVar

import numpy as np
import sympy as sp

from ..base import Network
from ..errors import LayerError, ShapeError
from ..exact.arrays import Ints
from ._convolution import numbers, sides
from ._structured import whole_numbers
from ._windows import Windows

#: All windows of all channels have at most so many points.
MAX_POINTS = 1 << 26


class Pool(Network):
    """One number for every window of every channel; ``axes`` is a fact of the member.

    Its args are kernel, size, channels, stride, padding, dilation, whether the number of windows is
    rounded up, and whether a mean counts the zeros of the padding.
    """

    is_homogeneous = True
    #: How many axes the grid has.
    axes: ClassVar[int]

    def __new__(
        cls, kernel: Any, size: Any = None, channels: Any = 1, stride: Any = None, padding: Any = 0,
        dilation: Any = 1, ceil_mode: Any = False, count_include_pad: Any = True,
    ) -> Any:  # fmt: skip
        name, axes = cls.__name__, cls.axes
        if size is None:
            raise LayerError(f"{name} needs the size of its grid: size={('n', '(h, w)')[axes - 1]}")
        points = whole_numbers(kernel, axes, f"the kernel of {name}", 1)
        pads = sides(padding, axes, name)
        given = (
            points,
            whole_numbers(size, axes, f"the size of {name}", 1),
            whole_numbers(channels, 1, f"the number of channels of {name}", 1),
            whole_numbers(points if stride is None else stride, axes, f"the stride of {name}", 1),
            pads,
            whole_numbers(dilation, axes, f"the dilation of {name}", 1),
        )
        flags = [sp.true if flag else sp.false for flag in (ceil_mode, count_include_pad)]
        args = [sp.Tuple(*map(sp.Integer, v)) for v in given]
        args[2] = args[2][0]
        self: Pool = sp.Basic.__new__(cls, *args, *flags)
        count = prod(self.windows.counts) * self.windows.points * self.channels
        if count > MAX_POINTS:
            raise ShapeError(
                f"the windows of {name} have {count} points, too many; at most {MAX_POINTS}"
            )
        if (self._places() < 0).all(axis=1).any():
            raise ShapeError(f"a window of {name} lies outside of the grid; make the padding less")
        return self

    @property
    def windows(self) -> Windows:
        """Where the windows lie."""
        kernel, size, _, stride, padding, dilation, ceil, _ = self.args
        first, last = padding[: self.axes], padding[self.axes :]
        n, k, s, a, b, d = map(numbers, (size, kernel, stride, first, last, dilation))
        return Windows(n, k, s, a, b, d, bool(ceil))

    @property
    def channels(self) -> int:
        """How many channels there are."""
        return int(self.args[2])

    @property
    def out_size(self) -> tuple[int, ...]:
        """The size of the grid of the result."""
        return self.windows.counts

    @property
    def in_features(self) -> sp.Expr:
        return sp.Integer(self.channels * prod(self.windows.size))

    def features(self, inputs: sp.Expr | None) -> sp.Expr:
        return sp.Integer(self.channels * prod(self.windows.counts))

    def _places(self) -> Ints:
        """(windows of all channels, points): the places in the input, -1 outside."""
        places, step = self.windows.places, prod(self.windows.size)
        shifts = np.arange(self.channels)[:, None, None] * step
        return np.where(places >= 0, places + shifts, -1).reshape(-1, places.shape[1])

    def _sympystr(self, printer: Any) -> str:
        kernel, size, channels, stride, padding, dilation, ceil, counted = self.args
        shown = ["x".join(map(str, kernel)), f"size=({', '.join(map(str, size))})"]
        shown += [f"channels={channels}"] if channels != 1 else []
        shown += [f"stride=({', '.join(map(str, stride))})"] if stride != kernel else []
        shown += [f"padding=({', '.join(map(str, padding))})"] if any(padding) else []
        shown += [f"dilation=({', '.join(map(str, dilation))})"] if set(dilation) != {1} else []
        shown += ["ceil_mode"] if ceil else []
        shown += ["padding not counted"] if any(padding) and not counted else []
        return f"{type(self).__name__}({', '.join(shown)})"
