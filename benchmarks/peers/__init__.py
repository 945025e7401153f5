"""Other programs that find linear regions, one adapter a file.

An adapter is a class `Adapter` in a module of this package that states what its program promises.
None of them is installed with symnet; one that cannot be loaded is listed as left out.
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

Counts = dict[str, int]


class Peer(ABC):
    """A program to compare with.

    `where` says where the program is, for one that no package registry has.
    """

    name: ClassVar[str]
    #: Where the program comes from, and what `where` must be.
    source: ClassVar[str]
    #: What it returns, in which arithmetic, and what it promises.
    promise: ClassVar[str]
    #: The numbers of inputs that it takes.
    dimensions: ClassVar[range]
    #: Whether it must be told where it is.
    needs_path: ClassVar[bool] = False

    def __init__(self, where: str | None = None) -> None:
        self.where = where

    @abstractmethod
    def load(self) -> None:
        """Import the program; raise ImportError or OSError where it is missing."""

    @abstractmethod
    def prepare(self, layers: list[tuple[Any, Any]]) -> Callable[[], Counts]:
        """A function that takes the network apart on [-1, 1]^d, and counts what it found.

        Conversions into the program's own format are not timed. It counts "regions", or what the
        program finds in their place: "vertices" and "edges".
        """


def adapters() -> dict[str, type[Peer]]:
    """All adapters by the names of their modules."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        found[module.name] = importlib.import_module(f"{__name__}.{module.name}").Adapter
    return found
