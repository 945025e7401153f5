"""What layers made of parallel branches have in common."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import sympy as sp

from ..base import Network
from ..errors import ShapeError
from ..exact.shapes import same_size
from ..sequential import Container

#: A size that stands for any, where no branch asks for one.
_ANY = sp.Dummy("n", integer=True, positive=True)


class Branches(Container):
    """Networks that all get the same column."""

    @property
    def branches(self) -> tuple[Network, ...]:
        """The networks side by side."""
        return self.children

    @property
    def in_features(self) -> sp.Expr | None:
        sizes = (branch.in_features for branch in self.children)
        return next((size for size in sizes if size is not None), None)

    def _inputs(self) -> sp.Expr:
        size = self.in_features
        return _ANY if size is None else size

    def _outputs(self) -> tuple[sp.Expr | None, ...]:
        return tuple(branch.features(self._inputs()) for branch in self.children)

    def _check_shapes(self) -> None:
        self._check_equal([branch.in_features for branch in self.children], "takes")

    def _check_equal(self, sizes: list[sp.Expr | None], verb: str) -> None:
        known = [(k, size) for k, size in enumerate(sizes, start=1) if size is not None]
        for (j, first), (k, second) in pairwise(known):
            if not same_size(first, second):
                before, after = self.children[j - 1], self.children[k - 1]
                advice = _advice(first, second)
                raise ShapeError(
                    f"branches {j} and {k} of {type(self).__name__} do not fit: {before} {verb} "
                    f"{count_of(first)}, and {after} {verb} {count_of(second)}; {advice}"
                )

    def _pretty(self, printer: Any) -> Any:
        # SymPy's own would take the layer Sum for its Sum
        return printer.emptyPrinter(self)


def count_of(size: sp.Expr) -> str:
    """The size in words."""
    if size == _ANY:
        return "as many numbers as it gets"
    if size.has(_ANY):
        return f"{size.subs(_ANY, sp.Symbol('n'))} numbers for n that it gets"
    return f"{size} number{'' if size == 1 else 's'}"


def _advice(first: sp.Expr, second: sp.Expr) -> str:
    if (first + second).has(_ANY) or (first.is_Integer and second.is_Integer):
        return "make these sizes equal"
    return (
        f"{first} and {second} can differ: use the same size symbol in both, "
        f"or subs({{{second}: {first}}}) before they are joined"
    )
