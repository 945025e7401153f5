"""The proof of a property, checked: the parts cover the domain, and on each the claim holds.

On a part that bounds decided, bounds and lines are verified in rational numbers from the inputs on,
and for every violation some form is positive by them. On one that regions decided, the regions are
found anew and certified, and no vertex has unwanted outputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from flint import fmpq

from ..errors import CertificateError
from ..regions.certificate import certify
from ..regions.domains import Domain, rationals
from ..regions.finding import find_cells
from ..verdict import Proved, Refuted
from ._bounding import Boxes, Interval, relaxations
from ._checking import check_relaxations
from ._exact_bounds import exact_bounds_of
from ._facts import around
from ._prepared import Prepared, prepared
from ._property import Property, Violation
from ._search import Part, cut_by, forms_after, homogeneous, intersection


@dataclass(frozen=True, eq=False)
class CaseProof:
    """A network in the coordinates of a domain, what does not occur there, and the parts."""

    net: Prepared
    domain: Domain
    violations: tuple[Violation, ...]
    parts: tuple[Part, ...]

    def check(self) -> None:
        """Every part, and that they are enough."""
        if len(self.parts) == 1 and self.parts[0].box is None:
            self._check_regions(Domain(self.domain.polyhedron))
            return
        box = around(self.domain)
        assert box is not None
        root = Boxes.around(box)
        boxes = [part.box for part in self.parts if part.box is not None]
        if len(boxes) < len(self.parts) or not _covered(root, boxes):
            raise CertificateError("the parts do not cover the domain")
        for part in self.parts:
            assert part.box is not None
            sides = part.box.sides()
            if part.by_regions:
                inside = intersection(self.domain, sides)
                if inside is not None:
                    self._check_regions(inside)
            else:
                self._check_bounds(part.box, sides)

    def _check_bounds(self, box: Boxes, sides: Sequence[Interval]) -> None:
        layers = relaxations(self.net, box)
        check_relaxations(self.net, sides, layers)
        matrix, scale = forms_after(self.net.layers, self.violations).integers()
        bounds = exact_bounds_of(self.net, matrix.tolist(), scale, sides, layers)
        starts = np.cumsum([0, *(len(v.forms) for v in self.violations)]).tolist()
        for a, b in pairwise(starts):
            if not any(low > 0 for low, _ in bounds[a:b]):
                raise CertificateError("bounds do not rule out a violation on a part")

    def _check_regions(self, domain: Domain) -> None:
        layers = cut_by(self.net.layers, self.violations)
        cells = find_cells(layers, domain.polyhedron)
        certify(layers, domain.polyhedron, cells)
        count = layers.outputs
        points = [homogeneous(cells.point(v)) for v in cells.proper_vertices]
        signs = layers.exact.signs_at(points)[:, -count:]
        starts = np.cumsum([0, *(len(v.forms) for v in self.violations)]).tolist()
        if any((signs[:, a:b] <= 0).all(axis=1).any() for a, b in pairwise(starts)):
            raise CertificateError("a vertex of a region has unwanted outputs")


@dataclass(frozen=True, eq=False)
class PropertyProof:
    """The certificate of a property: one proof for each of its cases."""

    cases: tuple[CaseProof, ...]
    derivation = None

    def check(self, claim: Any) -> Proved:
        """All cases; ``claim`` is what they prove."""
        if not isinstance(claim, Verified) or len(claim.claim.cases) != len(self.cases):
            raise CertificateError("the proof is not one of this claim")
        for case, proof in zip(claim.claim.cases, self.cases, strict=True):
            if case.violations != proof.violations:
                raise CertificateError("the proof speaks of other violations than the claim")
            proof.check()
        count = sum(len(case.parts) for case in self.cases)
        return Proved("certificate", f"{count} part{'' if count == 1 else 's'}")


@dataclass(frozen=True, eq=False)
class Verified:
    """The claim that a network has a property."""

    net: Any
    claim: Property

    def check_refuted(self, verdict: Refuted) -> Proved:
        """That the input of a refutation is in a domain, and its outputs are not wanted."""
        x = rationals(verdict.counterexample.values())
        outputs = prepared(self.net, len(x)).layers.value(x)
        for case in self.claim.cases:
            if _holds(case.domain.fitted(len(x)), x) and any(
                v.value(outputs) <= 0 for v in case.violations
            ):
                return Proved("exact evaluation")
        raise CertificateError("the outputs at the point are wanted, or it is in no domain")


def _holds(domain: Domain, x: Sequence[fmpq]) -> bool:
    """Whether a point of the inputs lies in a domain, which may be a slice of them."""
    if domain.origin is None:
        return domain.contains(x)
    u = domain.coordinates(x)
    return u is not None and domain.contains(u)


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
