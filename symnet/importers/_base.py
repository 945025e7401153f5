"""What an importer is, and what importers share: limits, and rounding where it is asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from ..errors import LoadError
from ..exact.arrays import Floats
from ..sequential import Sequential

#: Larger files, and matrices with more entries, are refused before memory is taken.
MAX_BYTES, MAX_ENTRIES = 1 << 30, 1 << 26

#: The types that numbers can be rounded to.
DTYPES = ("float16", "float32", "float64")


class Importer(ABC):
    """A format of model files; a member states facts, and an instance reads one file."""

    #: How people call the format.
    name: ClassVar[str]
    #: The suffixes of its files.
    suffixes: ClassVar[tuple[str, ...]]
    #: How its files begin, where that tells them apart.
    magic: ClassVar[tuple[bytes, ...]] = ()
    #: What a user can choose.
    options: ClassVar[tuple[str, ...]] = ("dtype",)

    def __init__(self, path: Path, *, dtype: Any = None) -> None:
        self.path = path
        name = None if dtype is None else getattr(dtype, "__name__", str(dtype))
        if name not in (None, *DTYPES):
            raise LoadError(f"dtype is {name}; it is {', '.join(DTYPES)}, or left out for exact")
        self.dtype = name

    @classmethod
    def begins(cls, head: bytes) -> bool:
        """Whether a file that begins so is of this format."""
        return head.startswith(cls.magic) if cls.magic else False

    @abstractmethod
    def read(self) -> Sequential:
        """The network in the file."""

    def error(self, message: str) -> LoadError:
        """An error that names the file."""
        return LoadError(f"{self.path}: {message}")


def rounded(near: Floats, exact: Callable[[int], Fraction], dtype: str) -> Floats:
    """The floats of a type that are nearest to rational numbers; ties go to the even ones.

    ``near`` holds the nearest float64 of every number, and ``exact(k)`` is number k. To round near
    once more is right unless it lies in the middle of two floats and the number does not.

    >>> third = Fraction(1, 3)
    >>> rounded(np.array([1 / 3]), lambda k: third, "float32")[0] == np.float32(1) / np.float32(3)
    np.True_
    >>> above_the_middle = 1 + Fraction(1, 2**24) + Fraction(1, 2**80)
    >>> rounded(np.array([1 + 2.0**-24]), lambda k: above_the_middle, "float32")[0] > 1
    np.True_
    """
    with np.errstate(over="ignore", invalid="ignore"):
        floats = near.astype(dtype)
        off = np.abs(near - floats)
        around = [np.abs(near - np.nextafter(floats, floats.dtype.type(end)).astype(np.float64))
                  for end in (-np.inf, np.inf)]  # fmt: skip
        middle = (off > 0) & ((off == around[0]) | (off == around[1]))
        for k in np.flatnonzero(middle).tolist():
            value, here = exact(k), Fraction(float(near[k]))
            if value != here:
                moved = np.nextafter(near[k], np.inf if value > here else -np.inf)
                floats[k] = moved.astype(dtype)
    return floats
