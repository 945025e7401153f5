"""The proof of a property, checked: the parts cover the domain, and on each the claim holds.

On a part that bounds decided, they are made anew from the inputs on, in integers of 64 bits; where
these are not enough, bounds and lines are verified in rational numbers. For every violation some
form is positive by them. On one that regions decided, the regions are
found anew and certified, and no vertex has unwanted outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..base import Network
from ..errors import CertificateError
from ..exact.affine import AffineMap
from ..regions.certificate import certify
from ..regions.domains import Domain, rationals
from ..regions.finding import find_cells
from ..regions.limits import Remarks
from ..verdict import Proved, Refuted
from ._bounding import Boxes, relaxations
from ._checking_bounds import check_relaxations
from ._exact_bounds import exact_bounds_of
from ._integer_bounds import IntegerBounds
from ._on_domain import on_domain
from ._parts import Part, check_parts, holds, joined
from ._prepared import Prepared, prepared
from ._property import Property, Violation, spans
from ._search import (
    cut_by,
    forms_after,
    homogeneous,
    ruled_out,
)


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
        """Every part, and that they are enough."""
        check_parts(self.domain, self.parts, self._check_bounds, self._check_regions, self.say)

    @cached_property
    def _forms(self) -> AffineMap:
        return forms_after(self.net.layers, self.violations)

    @cached_property
    def _fast(self) -> IntegerBounds | None:
        return IntegerBounds.of(self.net.layers, self._forms)

    def _check_bounds(self, boxes: Sequence[Boxes]) -> None:
        """Boxes in integers of 64 bits; in rational numbers where these leave one open."""
        left = list(boxes)
        if self._fast is not None:
            possible = ~ruled_out(self.violations, self._fast.positive(joined(boxes)))
            left = [boxes[i] for i in np.flatnonzero(possible.any(axis=1)).tolist()]
        for box in left:
            self._check_in_rationals(box)

    def _check_in_rationals(self, box: Boxes) -> None:
        layers = relaxations(self.net, box)
        sides = box.sides()
        check_relaxations(self.net, sides, layers)
        matrix, scale = self._forms.integers()
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

    def words(self) -> tuple[Any, ...]:
        """The claim as words of a sentence."""
        cases = self.claim.cases
        count = sum(len(case.violations) for case in cases)
        return (
            f"none of {count} unwanted sets of outputs is reached"
            f" from {len(cases)} domain{'' if len(cases) == 1 else 's'}",
        )

    def check_refuted(self, verdict: Refuted) -> Proved:
        """That the input of a refutation is in a domain, and its outputs are not wanted."""
        x = rationals(verdict.counterexample.values())
        outputs = prepared(self.net, len(x)).layers.value(x)
        for case in self.claim.cases:
            if holds(case.domain.fitted(len(x)), x) and any(
                v.value(outputs) <= 0 for v in case.violations
            ):
                return Proved("exact evaluation")
        raise CertificateError("the outputs at the point are wanted, or it is in no domain")
