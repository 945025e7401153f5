"""Integers of 64 bits times a power of two: products are exact, sums are rounded upwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..exact.arrays import Ints

#: So many bits has a sum of products at most.
ROOM = 62


@dataclass(frozen=True, eq=False)
class Fixed:
    """Integers times 2**unit."""

    value: Ints
    unit: int

    @property
    def bits(self) -> int:
        """So many bits have the sizes of the integers."""
        return int(np.abs(self.value).max(initial=0)).bit_length()

    def above(self, unit: int) -> Fixed:
        """Multiples of a power of two, no finer than now, that are not less."""
        return Fixed(-(-self.value >> min(unit - self.unit, 63)), unit)

    def above_in(self, bits: int) -> Fixed:
        """Numbers of no more bits that are not less."""
        # rounding upwards may take one bit more
        shift = self.bits + 1 - bits
        return self.above(self.unit + shift) if shift > 0 else self

    def below_in(self, bits: int) -> Fixed:
        """Numbers of no more bits that are less by less than a unit."""
        return -(-self).above_in(bits)

    def __neg__(self) -> Fixed:
        return Fixed(-self.value, self.unit)

    def plus(self, other: Fixed) -> Fixed:
        """No less than the sum."""
        for one, two in ((self, other), (other, self)):
            if not two.value.any():
                return Fixed(one.value + two.value, one.unit)
        top = max(self.bits + self.unit, other.bits + other.unit) + 2
        unit = max(self.unit, other.unit, top - ROOM)
        return Fixed(self.above(unit).value + other.above(unit).value, unit)

    def least(self, other: Fixed) -> Fixed:
        """No less than the lesser of two numbers."""
        unit = max(self.unit, other.unit)
        return Fixed(np.minimum(self.above(unit).value, other.above(unit).value), unit)
