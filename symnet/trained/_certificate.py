"""The proof of a property, checked: the parts cover the domain, and on each the claim holds.

On a part that bounds decided, they are made anew from the inputs on, in integers of 64 bits; where
these are not enough, bounds and lines are verified in rational numbers. For every violation some
form is positive by them. On one that regions decided, the regions are
found anew and certified, and no vertex has unwanted outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq

from ..base import Network
from ..errors import CertificateError
from ..exact.affine import AffineMap
from ..regions.certificate import certify
from ..regions.domains import Domain, rationals
from ..regions.finding import find_cells
from ..regions.limits import Remarks
from ..verdict import Proved, Refuted
from ._bounding import Boxes, relaxations
from ._checking import check_relaxations
from ._exact_bounds import exact_bounds_of
from ._facts import around
from ._integer_bounds import IntegerBounds
from ._on_domain import on_domain
from ._prepared import Prepared, prepared
from ._property import Property, Violation
from ._search import (
    Part,
    cut_by,
    forms_after,
    homogeneous,
    intersection,
    joined,
    ruled_out,
    spans,
)

#: So many boxes are checked at a time.
_AT_ONCE = 64


@dataclass(frozen=True, eq=False)
class CaseProof:
    """What does not occur on a domain, and the parts of the domain on which this was decided."""

    violations: tuple[Violation, ...]
    parts: tuple[Part, ...]

    def check(self, net: Network, domain: Domain, say: Callable[[str], None]) -> None:
        """Every part, and that they are enough."""
        _Check(*on_domain(net, domain), self.violations, self.parts, say).run()


@dataclass(frozen=True, eq=False)
class _Check:
    """A network in the coordinates of a domain, what does not occur there, and the parts."""

    net: Prepared
    domain: Domain
    violations: tuple[Violation, ...]
    parts: tuple[Part, ...]
    say: Callable[[str], None]

    def run(self) -> None:
        if len(self.parts) == 1 and self.parts[0].box is None:
            self._check_regions(Domain(self.domain.polyhedron))
            return
        box = around(self.domain)
        assert box is not None
        boxes = [part.box for part in self.parts if part.box is not None]
        if len(boxes) < len(self.parts) or not _covered(Boxes.around(box), boxes):
            raise CertificateError("the parts do not cover the domain")
        bounded, others = ([b for b, part in zip(boxes, self.parts, strict=True)
                            if part.by_regions == kind] for kind in (False, True))  # fmt: skip
        self._check_bounds(bounded)
        for k, box_of_regions in enumerate(others):
            self.say(f"checked {len(bounded) + k} of {len(boxes)} parts")
            inside = intersection(self.domain, box_of_regions.sides())
            if inside is not None:
                self._check_regions(inside)

    def _check_bounds(self, boxes: Sequence[Boxes]) -> None:
        """Every box in integers of 64 bits; in rational numbers where these leave it open."""
        forms = forms_after(self.net.layers, self.violations)
        fast = IntegerBounds.of(self.net.layers, forms)
        for k in range(0, len(boxes), _AT_ONCE):
            self.say(f"checked {k} of {len(self.parts)} parts")
            some = boxes[k : k + _AT_ONCE]
            if fast:
                possible = ~ruled_out(self.violations, fast.positive(joined(some)))
                some = [some[i] for i in np.flatnonzero(possible.any(axis=1)).tolist()]
            for box in some:
                self._check_in_rationals(box, forms)

    def _check_in_rationals(self, box: Boxes, forms: AffineMap) -> None:
        layers = relaxations(self.net, box)
        sides = box.sides()
        check_relaxations(self.net, sides, layers)
        matrix, scale = forms.integers()
        bounds = exact_bounds_of(self.net, matrix.tolist(), scale, sides, layers)
        positive = np.array([[low > 0 for low, _ in bounds]])
        if not ruled_out(self.violations, positive).all():
            raise CertificateError("bounds do not rule out a violation on a part")

    def _check_regions(self, domain: Domain) -> None:
        layers = cut_by(self.net.layers, self.violations)
        cells = find_cells(layers, domain.polyhedron)
        certify(layers, domain.polyhedron, cells)
        count = layers.outputs
        points = [homogeneous(cells.point(v)) for v in cells.proper_vertices]
        signs = layers.exact.signs_at(points)[:, -count:]
        if any((signs[:, a:b] <= 0).all(axis=1).any() for a, b in spans(self.violations)):
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
        remarks = Remarks(None)
        for case, proof in zip(claim.claim.cases, self.cases, strict=True):
            if case.violations != proof.violations:
                raise CertificateError("the proof speaks of other violations than the claim")
            proof.check(claim.net, case.domain, remarks)
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
