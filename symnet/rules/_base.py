"""What a rule is: an equation between networks, with its conditions and its source."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..base import Network
from ..document import Words

#: A line between before and after: an expression in the window's input, and the reason.
Stage = tuple[Any, Words]


def no_stages(x: Any) -> Sequence[Stage]:
    """Nothing between before and after: the step is small enough to be read at once."""
    return ()


@dataclass(frozen=True)
class Rewriting:
    """``layers[start:stop]`` become ``replacement``; why, and what to write in between."""

    start: int
    stop: int
    replacement: tuple[Network, ...]
    reason: Words
    stages: Callable[[Any], Sequence[Stage]] = no_stages


class Rule(ABC):
    """An equation between two sequences of layers, true for all values of their symbols.

    A member states the equation in words and gives examples with symbols; the suite proves every
    example by procedures that share no code with the rule, and tries it at points.
    """

    #: What a lecturer calls it.
    name: ClassVar[str]
    #: The equation, in words or plain formulas.
    statement: ClassVar[str]
    #: When it holds.
    condition: ClassVar[str] = "none"
    #: Where it is stated or proved.
    source: ClassVar[str]
    #: What a derivation calls the weight and the bias that the rule makes; None leaves them.
    letters: ClassVar[tuple[str, str] | None] = None
    #: Rules with a smaller number are tried first.
    order: ClassVar[int] = 50

    @abstractmethod
    def rewrite(
        self, layers: Sequence[Network], sizes: Sequence[sp.Expr | None]
    ) -> Rewriting | None:
        """The first place where the rule applies, or None.

        Parameters
        ----------
        layers : sequence of n Networks
            One after the other, no Sequential among them.
        sizes : sequence of n + 1 sizes
            The number of inputs of each layer, and the outputs of the last; None if unknown.
        """

    @abstractmethod
    def examples(self) -> Iterable[Sequence[Network]]:
        """Layers, with symbols for sizes and weights, that the rule rewrites."""

    @abstractmethod
    def near_misses(self) -> Iterable[Sequence[Network]]:
        """Layers that look alike and must stay as they are, since a condition fails."""
