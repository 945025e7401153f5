"""What operators have in common that put the entries of a tensor into other places."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from ._base import Array, Constant, Operator, Value, checked, given


class Rearrangement(Operator):
    """A selection of entries: of a constant's, or of the places in the column of a tensor."""

    #: What the inputs after the first are called in a refusal.
    others = "places"

    def objection(self, constant: Sequence[bool]) -> str | None:
        if not all(constant[1:]):
            return f"with {self.others} that depend on the input"
        return super().objection(constant)

    @abstractmethod
    def arranged(self, array: Array, others: Sequence[Value | None]) -> Array:
        """The entries of ``array`` in their new places."""

    def apply(self, inputs: Sequence[Value | None]) -> Value | tuple[Value, ...]:
        value, *others = inputs
        value = given(value)
        if isinstance(value, Constant):
            array = self.arranged(value.array, others)
            return Constant(array)
        places = self.arranged(value.places, others)
        checked(places.shape)
        return value.chosen(places)
