"""NNet, the text format of the ACAS Xu networks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from ..activations._relu import ReLU
from ..errors import LoadError
from ..exact.convert import exact_matrix
from ..exact.rational_matrix import RationalMatrix
from ..exact.rational_rows import as_fmpq, clear_denominators
from ..layers._linear import Linear
from ..sequential import Sequential
from ._base import Importer, rounded

_NUMBER = re.compile(r"([-+]?)(\d*)\.?(\d*)(?:[eE]([-+]?\d+))?", re.ASCII)
Layer = tuple[RationalMatrix, RationalMatrix]

#: A number may have so many digits, and an exponent up to so much.
_DIGITS, _EXPONENT = 1_000, 400


class NNet(Importer):
    """Comments, sizes, normalisation constants, then W and b of every layer, as decimals.

    The hidden layers are relu, the last one is linear.

    Source: Julian, https://github.com/sisl/NNet, README.
    """

    name = "NNet"
    suffixes = (".nnet",)
    magic = (b"//",)
    options = ("dtype", "normalise")

    def __init__(self, path: Path, *, dtype: Any = None, normalise: bool = False) -> None:
        super().__init__(path, dtype=dtype)
        self.normalise = normalise
        self.line = 0

    def read(self) -> Sequential:
        try:
            with self.path.open(encoding="ascii") as file:
                return self._network(self._lines(file))
        except UnicodeDecodeError:
            raise self.error("this is not NNet, which is ASCII text") from None

    def error(self, message: str) -> LoadError:
        return super().error(f"line {self.line}: {message}")

    def _lines(self, file: Any) -> Iterator[list[str]]:
        for self.line, text in enumerate(file, start=1):
            if text.startswith("//") or not text.strip():
                continue
            yield [part.strip() for part in text.rstrip().rstrip(",").split(",")]

    def _network(self, lines: Iterator[list[str]]) -> Sequential:
        count, inputs, outputs, _ = self._integers(lines, 4, "the number of layers and sizes")
        if not 1 <= count <= 10_000:
            raise self.error(f"{count} layers; from 1 to 10000 are read")
        sizes = self._integers(lines, count + 1, "the sizes of the layers")
        if (sizes[0], sizes[-1]) != (inputs, outputs) or min(sizes) < 1:
            raise self.error(
                f"the sizes are {sizes}; {inputs} inputs and {outputs} outputs were announced"
            )
        weights = sum((a + 1) * b for a, b in pairwise(sizes))
        if 2 * weights > self.path.stat().st_size:  # a digit and a comma each
            raise self.error(f"{weights} weights are announced, more than the file can hold")
        self._next(lines, "the flag")
        self._next(lines, "the least inputs")
        self._next(lines, "the greatest inputs")
        means = self._row(lines, inputs + 1, "the means of the inputs and the outputs")
        ranges = self._row(lines, inputs + 1, "the ranges of the inputs and the outputs")
        layers: list[Layer] = []
        for n, m in pairwise(sizes):
            W = self._matrix(lines, m, n, f"a row of W_{len(layers) + 1}, {m} by {n}")
            b = self._matrix(lines, m, 1, f"an entry of b_{len(layers) + 1}, {m} rows")
            layers.append((W, b))
        if next(lines, None) is not None:
            raise self.error("the file goes on after the last layer")
        if self.normalise:
            if 0 in ranges:
                raise self.error("a range is 0, so that inputs cannot be divided by it")
            layers = _folded(layers, means, ranges)
        parts = [part for W, b in layers for part in (Linear(W, b), ReLU())]
        return Sequential(*parts[:-1])

    def _next(self, lines: Iterator[list[str]], what: str) -> list[str]:
        row = next(lines, None)
        if row is None:
            raise self.error(f"the file ends where {what} should be")
        return row

    def _integers(self, lines: Iterator[list[str]], count: int, what: str) -> list[int]:
        row = self._next(lines, what)
        if len(row) != count or not all(re.fullmatch(r"\d{1,9}", v, re.ASCII) for v in row):
            raise self.error(f"{what} should be {count} whole numbers, and {_shown(row)} was found")
        return [int(v) for v in row]

    def _row(self, lines: Iterator[list[str]], count: int, what: str) -> list[Fraction]:
        matrix = self._matrix(lines, 1, count, what)
        return [Fraction(n, matrix.denominator) for n in matrix.flat()]

    def _matrix(
        self, lines: Iterator[list[str]], rows: int, cols: int, what: str
    ) -> RationalMatrix:
        """The next lines: as decimals over a power of ten, or rounded."""
        numbers: list[tuple[int, int]] = []
        texts: list[str] = []
        for _ in range(rows):
            row = self._next(lines, what)
            if len(row) != cols:
                raise self.error(
                    f"{what}: {cols} number{'s' * (cols != 1)} should stand here, and {len(row)} do"
                )
            numbers += [self._decimal(v) for v in row]
            texts += row
        if self.dtype is None:
            low = min(0, *(e for _, e in numbers))
            return RationalMatrix(rows, cols, [n * 10 ** (e - low) for n, e in numbers], 10**-low)

        def exact(k: int) -> Fraction:
            return numbers[k][0] * Fraction(10) ** numbers[k][1]

        floats = rounded(np.array([float(v) for v in texts]), exact, self.dtype)
        matrix = exact_matrix(floats.reshape(rows, cols), what)
        assert isinstance(matrix, RationalMatrix)
        return matrix

    def _decimal(self, text: str) -> tuple[int, int]:
        """n and e with n * 10^e, as it is written."""
        match = _NUMBER.fullmatch(text)
        if match is None or not (match[2] or match[3]):
            raise self.error(f"{_shown([text])} is not a number")
        sign, whole, part, power = match.groups()
        if len(whole) + len(part) > _DIGITS or abs(int((power or "0")[:9])) > _EXPONENT:
            raise self.error(
                f"{_shown([text])} has more than {_DIGITS} digits or an exponent beyond {_EXPONENT}"
            )
        return int(f"{sign}{whole}{part}"), int(power or 0) - len(part)


def _folded(layers: list[Layer], means: list[Fraction], ranges: list[Fraction]) -> list[Layer]:
    """The layers for x instead of (x - mean) / range, and y range + mean instead of y."""
    W, b = layers[0]
    W = W.times(_diagonal([1 / r for r in ranges[:-1]]))
    layers = [(W, b.plus(W.times(_matrix([[-m] for m in means[:-1]])))), *layers[1:]]
    W, b = layers[-1]
    stretch = _diagonal([ranges[-1]] * int(W.shape[0]))
    shift = _matrix([[means[-1]]] * int(W.shape[0]))
    return [*layers[:-1], (stretch.times(W), stretch.times(b).plus(shift))]


def _diagonal(entries: list[Fraction]) -> RationalMatrix:
    size = range(len(entries))
    return _matrix([[entries[i] if i == j else Fraction(0) for j in size] for i in size])


def _matrix(rows: list[list[Fraction]]) -> RationalMatrix:
    flat, q = clear_denominators([as_fmpq(v) for row in rows for v in row])
    return RationalMatrix(len(rows), len(rows[0]), flat, q)


def _shown(row: list[str]) -> str:
    text = ", ".join(row)
    return repr(text if len(text) <= 40 else text[:40] + "…")
