"""W^{[1]} x + b^{[1]}: the layer in brackets above."""

from __future__ import annotations

from dataclasses import replace

from ._base import Notation
from ._names import Name


class Brackets(Notation):
    """The layer stands above in brackets, so that indices are free for entries.

    The input stays x: Ng's a^{[0]} is a name for x, and the sizes n^{[0]}, n^{[1]}, … keep his
    form. Components x_1, x_2 are entries and keep their index.
    """

    name = "brackets"
    description = "W^[1] x + b^[1]: the layer above in brackets, the input is x = a^[0]"
    source = "Andrew Ng, Deep Learning Specialization and Stanford CS230, standard notations"

    #: Scalars that belong to layers.
    sizes = ("n",)
    #: Vectors whose index counts entries or inputs.
    inputs = ("x",)

    def spell(self, name: Name, matrix: bool) -> Name | None:
        of_layer = name.letter not in self.inputs if matrix else name.letter in self.sizes
        if name.odd or not of_layer or name.of_layer is None:
            return name
        return replace(name, indices=(), layer=name.of_layer)
