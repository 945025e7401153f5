"""What an exporter is, and how exact weights become floats."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import sympy as sp
from sympy.matrices.matrixbase import MatrixBase

from ..base import Network
from ..errors import ExportError
from ..exact.arrays import Floats
from ..exact.convert import as_rational
from ..exact.rational_matrix import RationalMatrix
from ..exact.sparse_matrix import SparseRationalMatrix
from ..importers._base import rounded

#: The types, shortest first.
DTYPES = ("float16", "float32", "float64")


@dataclass(frozen=True)
class Exported:
    """What was written: the file, the type of the weights, and what was rounded."""

    path: Path | None
    #: The type of the weights; None where they stay rational numbers.
    dtype: str | None
    #: How many weights there are and how many of them were changed, by how much at most.
    weights: int = 0
    changed: int = 0
    furthest: Fraction = Fraction(0)

    def __str__(self) -> str:
        said = [f"wrote {self.path}"] if self.path is not None else []
        if self.dtype is None:
            said.append("exact rational numbers")
        elif not self.changed:
            said.append(f"exact in {self.dtype}")
        else:
            digits = Context(prec=3, rounding=ROUND_CEILING)
            most = digits.divide(
                Decimal(self.furthest.numerator), Decimal(self.furthest.denominator)
            )
            said.append(
                f"{self.changed} of {self.weights} numbers rounded to {self.dtype}, "
                f"at most by {most}"
            )
        return ": ".join(said)


class Rounding:
    """Exact numbers as floats of one type, with an account of what that changed."""

    def __init__(self, dtype: str, allowed: bool) -> None:
        self.dtype, self.allowed = dtype, allowed
        self.weights = self.changed = 0
        self.furthest = Fraction(0)

    def floats(self, matrix: Any, what: str, dtype: str | None = None) -> Floats:
        """(rows, columns) floats of the type, the nearest ones where that is allowed."""
        exact = as_rational(matrix) if not isinstance(matrix, RationalMatrix) else matrix
        if exact is None:
            raise ExportError(f"{what} is {_short(matrix)}; only rational numbers can be floats")
        kind, q = dtype or self.dtype, exact.denominator
        whole = exact.floats()
        if whole is not None:  # they are floats already, and perhaps shorter ones
            with np.errstate(over="ignore"):
                short = whole.astype(kind)
            if (short == whole).all():
                self.weights += whole.size
                return np.array(short)
        numbers = exact.flat()
        result = _nearest(numbers, q, kind, what)
        moved = [k for k, (n, f) in enumerate(zip(numbers, result.tolist(), strict=True))
                 if Fraction(f) * q != n]  # fmt: skip
        rows, columns = map(int, exact.shape)
        self.weights += len(numbers)
        self.changed += len(moved)
        if moved and not self.allowed:
            i, j = divmod(moved[0], columns)
            more = f" ({len(moved)} numbers are not)" if len(moved) > 1 else ""
            raise ExportError(
                f"{what}[{i}, {j}] is {_short(Fraction(numbers[moved[0]], q))}, which is no "
                f"{kind}{more}; to round to the nearest one say rounding=True, or choose another "
                'dtype=; net.save("net.json") keeps rational numbers'
            )
        for k in moved:
            off = abs(Fraction(result[k].item()) - Fraction(numbers[k], q))
            self.furthest = max(self.furthest, off)
        return result.reshape(rows, columns)

    def column(self, matrix: Any, what: str, dtype: str | None = None) -> Floats:
        """The same, flat."""
        return self.floats(matrix, what, dtype).ravel()

    def scalar(self, value: Any, what: str, dtype: str | None = None) -> float:
        """A parameter such as a slope; other libraries keep these in float64."""
        exact = sp.ImmutableDenseMatrix([[value]])
        return float(self.floats(exact, what, dtype or "float64")[0, 0])

    def exported(self, path: Path | None) -> Exported:
        """The account."""
        return Exported(path, self.dtype, self.weights, self.changed, self.furthest)


def _nearest(numbers: Sequence[int], q: int, kind: str, what: str) -> Floats:
    try:
        near = np.array([n / q for n in numbers])
        result = rounded(near, lambda k: Fraction(numbers[k], q), kind)
    except OverflowError:
        raise ExportError(f"{what} has a number that is too large for {kind}") from None
    if not np.isfinite(result).all():
        raise ExportError(f"{what} has a number that is too large for {kind}")
    return result


def rounding_of(net: Network, dtype: Any, rounding: bool, least: str = "float32") -> Rounding:
    """The type that was asked for, else the shortest that holds all weights exactly."""
    name = None if dtype is None else getattr(dtype, "__name__", str(dtype).removeprefix("torch."))
    if name is not None:
        if name not in DTYPES or DTYPES.index(name) < DTYPES.index(least):
            known = ", ".join(DTYPES[DTYPES.index(least) :])
            raise ExportError(f"dtype is {name}; it is {known}, or left out")
        return Rounding(name, rounding)
    matrices = [m for m in _matrices(net) if m is not None]
    for kind in DTYPES[DTYPES.index(least) :]:
        if all(_fits(m, kind) for m in matrices):
            return Rounding(kind, rounding)
    return Rounding("float64", rounding)


def _matrices(net: Network) -> list[RationalMatrix | None]:
    """All matrices of numbers in the network."""
    found: list[RationalMatrix | None] = []
    for leaf in net.leaves():
        for arg in leaf.args:
            if isinstance(arg, SparseRationalMatrix):
                flat = arg.numerators.tolist()
                if flat:
                    found.append(RationalMatrix(1, len(flat), flat, arg.denominator))
            elif isinstance(arg, MatrixBase | RationalMatrix):
                found.append(as_rational(arg))
    return found


def _fits(matrix: RationalMatrix, kind: str) -> bool:
    try:
        Rounding(kind, False).floats(matrix, "a weight")
    except ExportError:
        return False
    return True


class Exporter(ABC):
    """A format of model files; a member states facts, and an instance writes one network."""

    #: How people call the format.
    name: ClassVar[str]
    #: The suffixes of its files; the first one is usual.
    suffixes: ClassVar[tuple[str, ...]]
    #: What a user can choose.
    options: ClassVar[tuple[str, ...]] = ("dtype", "rounding")
    #: The shortest type of floats.
    least: ClassVar[str] = "float16"

    def __init__(self, net: Network, *, dtype: Any = None, rounding: bool = False) -> None:
        self.net = net
        self.rounding = rounding_of(net, dtype, rounding, "float32") if dtype is None else (
            rounding_of(net, dtype, rounding, self.least)
        )  # fmt: skip

    @abstractmethod
    def write(self, path: Path) -> Exported:
        """Write the file, whole or not at all."""


def refuse(problems: Sequence[str], where: str) -> None:
    """An error with everything that cannot be expressed, if there is anything."""
    if problems:
        shown = "".join(f"\n  {line}" for line in problems)
        plural = "s" if len(problems) > 1 else ""
        raise ExportError(f"{len(problems)} layer{plural} cannot be written for {where}:{shown}")


def translated(net: Network, one: Callable[[Network], Any]) -> list[str]:
    """What ``one`` has against the layers, all at once."""
    return [str(objection) for leaf in net.leaves() if (objection := one(leaf)) is not None]


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:60] + "…"
