"""The parts of a domain on which a claim was decided, and that they cover it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from ..errors import CertificateError
from ..regions.domains import Box, Domain
from ._bounding import Boxes
from ._facts import around

#: So many boxes are checked at a time.
_AT_ONCE = 64


@dataclass(frozen=True, eq=False)
class Part:
    """A part of a domain that is done: a box, None for all of it; by bounds, or by its regions."""

    box: Boxes | None
    by_regions: bool


def check_parts(
    domain: Domain,
    parts: Sequence[Part],
    check_bounds: Callable[[Sequence[Boxes]], None],
    check_regions: Callable[[Domain], None],
    say: Callable[[str], None],
) -> None:
    """That parts cover a domain, and each of them, some boxes at a time, or one domain."""
    if len(parts) == 1 and parts[0].box is None:
        check_regions(Domain(domain.polyhedron))
        return
    box = around(domain)
    assert box is not None
    boxes = [part.box for part in parts if part.box is not None]
    if len(boxes) < len(parts) or not _covered(Boxes.around(box), boxes):
        raise CertificateError("the parts do not cover the domain")
    bounded, others = ([b for b, part in zip(boxes, parts, strict=True)
                        if part.by_regions == kind] for kind in (False, True))  # fmt: skip
    for k in range(0, len(bounded), _AT_ONCE):
        say(f"checked {k} of {len(boxes)} parts")
        check_bounds(bounded[k : k + _AT_ONCE])
    for k, some in enumerate(others):
        say(f"checked {len(bounded) + k} of {len(boxes)} parts")
        inside = intersection(domain, some.sides())
        if inside is not None:
            check_regions(inside)


def _covered(root: Boxes, boxes: Sequence[Boxes]) -> bool:
    """Whether a box is all in others, which came about by halving it."""
    if any((b.low <= root.low).all() and (root.high <= b.high).all() for b in boxes):
        return True
    if len(boxes) < 2:
        return False
    low, high = root.low[0], root.high[0]
    for k, middle in enumerate(((low + high) / 2).tolist()):
        left = [b for b in boxes if b.high[0, k] <= middle]
        right = [b for b in boxes if b.low[0, k] >= middle]
        if left and right and len(left) + len(right) == len(boxes):
            one, other = root.high.copy(), root.low.copy()
            one[0, k] = other[0, k] = middle
            return _covered(Boxes(root.low, one), left) and _covered(Boxes(other, root.high), right)
    return False


def holds(domain: Domain, x: Sequence[fmpq]) -> bool:
    """Whether a point of the inputs lies in a domain, which may be a slice of them."""
    if domain.origin is None:
        return domain.contains(x)
    u = domain.coordinates(x)
    return u is not None and domain.contains(u)


def intersection(
    domain: Domain, sides: Sequence[tuple[fmpq, fmpq]], *, boxes: bool = False
) -> Domain | None:
    """The part of a domain in a box of its coordinates, where it is full-dimensional.

    With ``boxes`` a part of a box is a Box, which need not have few dimensions.
    """
    if isinstance(domain, Box):
        whole = around(domain)
        assert whole is not None
        cut = [(max(a, c), min(b, d)) for (a, b), (c, d) in zip(sides, whole, strict=True)]
        if not all(a < b for a, b in cut):
            return None
        return Box(*cut) if boxes else Domain(Box(*cut).polyhedron)
    part = domain.polyhedron.intersection(Box(*sides).polyhedron)
    return Domain(part) if part.dimension == domain.dimension else None


def joined(boxes: Sequence[Boxes]) -> Boxes:
    """Some boxes together."""
    return Boxes(np.concatenate([b.low for b in boxes]), np.concatenate([b.high for b in boxes]))
