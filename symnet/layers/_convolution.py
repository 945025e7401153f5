"""What convolutions over one and two axes have in common."""

from __future__ import annotations

from math import prod
from typing import Any, ClassVar

import numpy as np
import sympy as sp
from flint import fmpz_mat

from ..errors import LayerError, ShapeError
from ..exact.arrays import Ints
from ..exact.rational_matrix import RationalMatrix
from ..exact.sparse_matrix import SparseRationalMatrix
from ._structured import Structured, rational, rational_column, whole_numbers
from ._windows import Windows

#: So many numbers of windows are laid out at a time.
_BLOCK = 1 << 20


class Convolution(Structured):
    """The cross-correlation with a kernel; ``axes`` is a fact of the member.

    Its args are the kernel as a matrix with one row for each channel of the result, the bias, the
    size of the grid, stride, padding, dilation, the number of groups, and the size of the kernel.
    """

    roles: ClassVar[tuple[str, ...]] = ("W", "b")
    onnx = "Conv"
    #: How many axes the grid has.
    axes: ClassVar[int]

    def __new__(
        cls, weight: Any, bias: Any = None, size: Any = None, stride: Any = 1, padding: Any = 0,
        dilation: Any = 1, groups: Any = 1, kernel: Any = None,
    ) -> Any:  # fmt: skip
        name, axes = cls.__name__, cls.axes
        if kernel is None:
            array = np.array(weight, dtype=object) if isinstance(weight, list | tuple) else weight
            if getattr(array, "ndim", 0) != axes + 2:
                raise ShapeError(
                    f"the weight of {name} has the axes (channels out, channels in, "
                    f"{', '.join(('height', 'width')[-axes:])}), and {np.ndim(array)} were given"
                )
            kernel, weight = array.shape[2:], array.reshape(len(array), -1)
        W = rational(weight, f"the weight of {name}")
        points = whole_numbers(kernel, axes, f"the kernel of {name}", 1)
        if size is None:
            raise LayerError(f"{name} needs the size of its grid: size={('n', '(h, w)')[axes - 1]}")
        count = whole_numbers(groups, 1, f"the number of groups of {name}", 1)[0]
        rows, columns = map(int, W.shape)
        if rows % count or columns % prod(points):
            raise ShapeError(
                f"{name} has {rows} channels of its result in {count} groups, and {columns} "
                f"weights for each, of a kernel with {prod(points)} points; these must divide"
            )
        given = [
            whole_numbers(size, axes, f"the size of {name}", 1),
            whole_numbers(stride, axes, f"the stride of {name}", 1),
            sides(padding, axes, name),
            whole_numbers(dilation, axes, f"the dilation of {name}", 1),
        ]
        b = None if bias is None else bias
        if b is not None and not isinstance(b, sp.ZeroMatrix):
            b = rational_column(b, f"the bias of {name}")
            if int(b.shape[0]) != rows:
                raise ShapeError(f"{name} has {rows} channels and {b.shape[0]} entries of a bias")
        if b is None or (isinstance(b, RationalMatrix) and b.is_zero_matrix):
            b = sp.ZeroMatrix(rows, 1)
        args = (W, b, *(sp.Tuple(*v) for v in given), sp.Integer(count), sp.Tuple(*points))
        self: Convolution = sp.Basic.__new__(cls, *args)
        self.windows.counts  # noqa: B018  windows that do not fit are refused at once
        return self

    @property
    def windows(self) -> Windows:
        """Where the kernel lies."""
        _, _, size, stride, padding, dilation, _, kernel = self.args
        first, last = padding[: self.axes], padding[self.axes :]
        n, k, s, a, b, d = map(numbers, (size, kernel, stride, first, last, dilation))
        return Windows(n, k, s, a, b, d)

    @property
    def groups(self) -> int:
        """How many groups of channels there are that do not see each other."""
        return int(self.args[6])

    @property
    def channels(self) -> tuple[int, int]:
        """How many channels the input and the result have."""
        rows, columns = map(int, self.args[0].shape)
        return columns // self.windows.points * self.groups, rows

    @property
    def stored(self) -> int:
        rows, columns = map(int, self.args[0].shape)
        return rows * columns

    @property
    def out_size(self) -> tuple[int, ...]:
        """The size of the grid of the result."""
        return self.windows.counts

    @property
    def in_features(self) -> sp.Expr:
        return sp.Integer(self.channels[0] * prod(self.windows.size))

    def features(self, inputs: sp.Expr | None) -> sp.Expr:
        return sp.Integer(self.channels[1] * prod(self.windows.counts))

    @property
    def own_parameters(self) -> dict[str, Any]:
        return dict(zip(("W", "b"), self.args[: 1 + self.has_bias], strict=False))

    @property
    def has_bias(self) -> bool:
        return isinstance(self.args[1], RationalMatrix)

    @property
    def offset(self) -> RationalMatrix | sp.ZeroMatrix:
        bias = self.args[1]
        if not isinstance(bias, RationalMatrix):
            return sp.ZeroMatrix(self.features(None), 1)
        count = prod(self.windows.counts)
        flat = [v for v in bias.flat() for _ in range(count)]
        return RationalMatrix(len(flat), 1, flat, bias.denominator)

    def _places(self) -> Ints:
        """(windows, weights of a row): the places in one group of the input, -1 outside."""
        places, points = self.windows.places, prod(self.windows.size)
        channels = self.channels[0] // self.groups
        shifts = np.arange(channels) * points
        moved = np.where(places[:, None] >= 0, places[:, None] + shifts[None, :, None], -1)
        return moved.reshape(len(places), -1)

    def _make(self) -> SparseRationalMatrix:
        weight, places = self.args[0], self._places()
        rows, count = int(weight.shape[0]), len(places)
        per_group, width = rows // self.groups, int(self.in_features)
        values = np.array(weight.flat(), dtype=object).reshape(rows, -1)
        window, place = np.nonzero(places >= 0)
        at = places[window, place]
        step = width // self.groups
        parts = [(np.full(len(at), r) * count + window, at + r // per_group * step,
                  values[r, place]) for r in range(rows)]  # fmt: skip
        i, j, v = (np.concatenate(part) for part in zip(*parts, strict=True))
        return SparseRationalMatrix.of_entries((rows * count, width), i, j, v, weight.denominator)

    def times(self, columns: RationalMatrix) -> RationalMatrix:
        """By one product of matrices for every group: the windows laid out as columns."""
        weight, places = self.args[0], self._places()
        rows, count = int(weight.shape[0]), int(columns.shape[1])
        per_group, windows = rows // self.groups, len(places)
        entries = columns.numerators.entries()
        kernels = weight.numerators.tolist()
        result: list[Any] = [0] * (rows * windows * count)
        step = int(self.in_features) // self.groups
        block = max(1, _BLOCK // places.shape[1])
        for g in range(self.groups):
            kernel = fmpz_mat(kernels[g * per_group : (g + 1) * per_group])
            for start in range(0, windows, block):
                here = places[start : start + block].T
                shape = here.shape
                at = np.where(here < 0, -1, (here + g * step) * count).ravel().tolist()
                for j in range(count):
                    laid = fmpz_mat(*shape, [entries[k + j] if k >= 0 else 0 for k in at])
                    value = (kernel * laid).tolist()
                    for r, row in enumerate(value, start=g * per_group):
                        first = (r * windows + start) * count + j
                        result[first : first + len(row) * count : count] = row
        total = fmpz_mat(rows * windows, count, result)
        return RationalMatrix(
            rows * windows, count, total, weight.denominator * columns.denominator
        )

    def _sympystr(self, printer: Any) -> str:
        _, _, size, stride, padding, dilation, groups, kernel = self.args
        (c, r), k = self.channels, "x".join(map(str, kernel))
        options = [
            f"{name}={_short(value)}"
            for name, value, plain in (
                ("stride", stride, 1), ("padding", padding, 0), ("dilation", dilation, 1),
                ("groups", sp.Tuple(groups), 1),
            )
            if any(v != plain for v in value)
        ]  # fmt: skip
        return (
            f"{type(self).__name__}({', '.join([f'{c}→{r}', k, f'size={_short(size)}', *options])})"
        )


def numbers(values: Any) -> tuple[int, ...]:
    """SymPy's integers as Python's."""
    return tuple(int(v) for v in values)


def sides(padding: Any, axes: int, name: str) -> tuple[int, ...]:
    """The padding before every axis, then after it; one number, or one for every axis, for both."""
    given = padding if isinstance(padding, list | tuple | sp.Tuple) else (padding,) * axes
    twice = (*given, *given) if len(given) == axes else tuple(given)
    return whole_numbers(twice, 2 * axes, f"the padding of {name}", 0)


def _short(values: sp.Tuple) -> str:
    same = len(set(values)) == 1
    return str(values[0]) if same else f"({', '.join(map(str, values))})"
