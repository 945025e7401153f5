"""Conditions on the signs of the neurons of a layer, which switch other neurons on and off.

A switched neuron hands its input on where its condition holds, and is 0 elsewhere. The jumps of
steps and the branches of a ``Piecewise`` are made of these.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..exact.arrays import Bools, Signs

#: Where the truth of conditions changes at a sign 0: nowhere, together with one side, or there.
KINK, WITH_BELOW, WITH_ABOVE, APART = range(4)


class Condition(ABC):
    """A condition on the signs of the virtual neurons of one layer, which are counted from 0."""

    @abstractmethod
    def holds(self, signs: Signs) -> Bools:
        """Where it holds, (points,), for signs (points, virtual neurons)."""

    @abstractmethod
    def renumbered(self, number: Callable[[int], int]) -> Condition:
        """The same on virtual neurons that have other numbers."""

    @abstractmethod
    def leaves(self) -> list[SignIn]:
        """The signs that it asks for."""

    @abstractmethod
    def plain(self) -> list[Any]:
        """Nested lists of strings and integers, as :func:`read` takes them."""


@dataclass(frozen=True)
class SignIn(Condition):
    """The sign of a virtual neuron is one of these.

    >>> SignIn(1, (0, 1)).holds(np.array([[1, 0], [1, -1]])).tolist()
    [True, False]
    """

    virtual: int
    signs: tuple[int, ...]

    def holds(self, signs: Signs) -> Bools:
        return np.isin(signs[:, self.virtual], self.signs)

    def renumbered(self, number: Callable[[int], int]) -> SignIn:
        return SignIn(number(self.virtual), self.signs)

    def leaves(self) -> list[SignIn]:
        return [self]

    def plain(self) -> list[Any]:
        return ["sign", self.virtual, *self.signs]


@dataclass(frozen=True)
class AllOf(Condition):
    """All of these hold; of none, everywhere."""

    parts: tuple[Condition, ...]

    def holds(self, signs: Signs) -> Bools:
        result = np.ones(len(signs), dtype=np.bool_)
        for part in self.parts:
            result &= part.holds(signs)
        return result

    def renumbered(self, number: Callable[[int], int]) -> AllOf:
        return AllOf(tuple(part.renumbered(number) for part in self.parts))

    def leaves(self) -> list[SignIn]:
        return [leaf for part in self.parts for leaf in part.leaves()]

    def plain(self) -> list[Any]:
        return ["all", *(part.plain() for part in self.parts)]


@dataclass(frozen=True)
class Negation(Condition):
    """This does not hold."""

    part: Condition

    def holds(self, signs: Signs) -> Bools:
        return ~self.part.holds(signs)

    def renumbered(self, number: Callable[[int], int]) -> Negation:
        return Negation(self.part.renumbered(number))

    def leaves(self) -> list[SignIn]:
        return self.part.leaves()

    def plain(self) -> list[Any]:
        return ["not", self.part.plain()]


ALWAYS = AllOf(())
NEVER = Negation(ALWAYS)


def any_of(parts: Sequence[Condition]) -> Condition:
    """One of these holds."""
    return Negation(AllOf(tuple(Negation(part) for part in parts)))


def read(plain: Any) -> Condition:
    """A condition that ``plain`` wrote.

    >>> condition = AllOf((SignIn(0, (1,)), Negation(SignIn(2, (0,)))))
    >>> read(condition.plain()) == condition
    True
    """
    kind, *rest = plain
    if kind == "sign":
        virtual, *signs = map(int, rest)
        return SignIn(virtual, tuple(signs))
    parts = tuple(read(part) for part in rest)
    if kind == "all":
        return AllOf(parts)
    if kind == "not" and len(parts) == 1:
        return Negation(parts[0])
    raise ValueError(f"{kind!r} is no condition on signs")


def kinds(conditions: Sequence[Condition | None], virtuals: int) -> list[int]:
    """For every virtual neuron of a layer, on which side its zeros are for all conditions."""
    result = [KINK] * virtuals
    for leaf in (leaf for c in conditions if c is not None for leaf in c.leaves()):
        below, here, above = (sign in leaf.signs for sign in (-1, 0, 1))
        kind = WITH_BELOW if below == here else WITH_ABOVE if here == above else APART
        if result[leaf.virtual] not in (KINK, kind):
            kind = APART
        result[leaf.virtual] = kind
    return result
