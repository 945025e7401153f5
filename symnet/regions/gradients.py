"""The gradient of a piecewise-linear function: constant on every region, with exact jumps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import sympy as sp

from ..errors import DomainError
from ..pictures.picture import Picture
from ..verdict import Proved, Refuted, written
from .gradient_picture import gradient_field
from .region import HalfSpace, Region

if TYPE_CHECKING:
    from .piecewise_linear import PiecewiseLinear


@dataclass(frozen=True)
class Jump:
    """What the gradient does across a facet: A_2 - A_1 = c a^T, for the facet {x : a x = b}.

    ``c`` has one entry for every output, and is None where the difference is no such product.
    """

    regions: tuple[int, int]
    facet: HalfSpace
    c: Any

    @property
    def rank(self) -> int | None:
        """0 where the gradient is the same on both sides, else 1; None where it is neither."""
        return None if self.c is None else int(any(entry != 0 for entry in self.c))


class PiecewiseGradient(Sequence[Any]):
    """The gradient on every region; made by :meth:`PiecewiseLinear.gradient`.

    A function with one output has the gradient as a column, one with many its Jacobian. Indexing
    and iterating go by regions, calling by points.

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear([[1], [-1]]), sn.ReLU(), sn.Linear([[1, 1]]))
    >>> gradient = sn.piecewise(net).gradient()
    >>> list(gradient), gradient([5])
    ([Matrix([[-1]]), Matrix([[1]])], Matrix([[1]]))
    >>> [(jump.regions, jump.facet.a, jump.c) for jump in gradient.jumps()]
    [((0, 1), (1,), Matrix([[2]]))]
    >>> print(gradient.check())
    proved (A_2 - A_1 = c a^T at every facet: 1 facet)

    Source: definition; the jump follows from continuity.
    """

    def __init__(self, function: PiecewiseLinear) -> None:
        self.function = function

    def __len__(self) -> int:
        return len(self.function)

    @overload
    def __getitem__(self, key: int) -> Any: ...
    @overload
    def __getitem__(self, key: slice) -> Sequence[Any]: ...
    def __getitem__(self, key: int | slice) -> Any:
        if isinstance(key, slice):
            return [self._of(region) for region in self.function.regions[key]]
        return self._of(self.function.regions[key])

    def _of(self, region: Region) -> Any:
        return region.A.T if self.function.network.outputs == 1 else region.A

    def at(self, x: Any) -> tuple[Any, ...]:
        """The different gradients of the regions that hold a point: one inside of a region."""
        found = (self._of(region) for region in self.function.regions_at(x))
        return tuple(dict.fromkeys(found))

    def __call__(self, x: Any) -> Any:
        """The gradient at a point.

        Raises
        ------
        DomainError
            At a kink, where there is none; :func:`symnet.subgradient` gives the set there. And
            where the function jumps.
        """
        if self.function.jumps_at(x):
            raise DomainError(f"the function jumps at {x}, and has no gradient there")
        found = self.at(x)
        if len(found) > 1:
            shown = ", ".join(written(g) for g in found[:3])
            raise DomainError(
                f"the function has a kink at {tuple(x) if hasattr(x, '__len__') else x}: the "
                f"gradients beside it are {shown}; subgradient gives the set that they span"
            )
        return found[0]

    @cached_property
    def distinct(self) -> dict[Any, tuple[int, ...]]:
        """The different gradients, each with the regions on which it is that of the function."""
        found: dict[Any, list[int]] = {}
        for region in self.function.regions:
            found.setdefault(self._of(region), []).append(region.index)
        return {gradient: tuple(regions) for gradient, regions in found.items()}

    def jumps(self) -> Iterator[Jump]:
        """What the gradient does across every facet between two regions."""
        regions = self.function.regions
        for i, j in self.function.neighbours:
            facet = _common_facet(regions[i], regions[j])
            yield Jump((i, j), facet, _factor(regions[j].A - regions[i].A, facet.a))

    def check(self) -> Proved | Refuted:
        """Whether every jump is a product c a^T, as it is for every continuous function."""
        count = 0
        for jump in self.jumps():
            count += 1
            if jump.c is None:
                i, j = jump.regions
                return Refuted({}, self[i], self[j], detail=f"the jump from region {i} to {j}")
        facets = f"{count} facet{'' if count == 1 else 's'}"
        return Proved("A_2 - A_1 = c a^T at every facet", facets)

    def plot(self, *, output: int | None = None, **options: Any) -> Picture:
        """The gradient field of a function of two variables: an arrow in every region.

        Parameters
        ----------
        output : which output, from 0
        **options : ``frame``, ``names``, ``title``, ``palette``, ``size``, as for pictures of
            regions

        Raises
        ------
        PictureError
            For another number of variables, or too many regions for arrows.
        """
        return gradient_field(self.function, output, options)

    def __repr__(self) -> str:
        return f"PiecewiseGradient({len(self.distinct)} gradients on {len(self)} regions)"


def _common_facet(first: Region, second: Region) -> HalfSpace:
    """{x : a x = b} between two regions, a pointing into the second."""
    turned = {(tuple(-v for v in h.a), -h.b) for h in second.half_spaces}
    return next(h for h in first.half_spaces if (h.a, h.b) in turned)


def _factor(difference: Any, a: tuple[int, ...]) -> Any:
    """c with difference = c a^T, if there is one."""
    place = next(k for k, v in enumerate(a) if v)
    c = sp.ImmutableDenseMatrix(difference[:, place] / a[place])
    return c if c * sp.Matrix([list(a)]) == difference else None
