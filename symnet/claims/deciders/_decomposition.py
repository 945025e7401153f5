"""Networks of piecewise-linear layers, by the linear regions of their difference."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ...activations._relu import ReLU
from ...errors import CertificateError, NotPiecewiseLinearError, OutOfReachError, WeightError
from ...layers._linear import Linear
from ...regions.comparing import nonzero_of
from ...regions.domains import Domain, space
from ...regions.finding import find_cells
from ...regions.layer_list import LayerList, added, scaled
from ...regions.limits import Limits
from ...regions.making import coordinates, prepared
from ...regions.piecewise_linear import PiecewiseLinear
from ...sequential import Sequential
from ...verdict import Proved, Refuted, Undecided, Verdict
from .._claim import Claim
from .._clock import checkpoint
from .._evaluate import sides_at
from .._question import Networks, Question
from ._base import Decider


class Decomposition(Decider):
    """Takes the difference of two networks apart: it is 0 iff its map is 0 on every region."""

    name = "decomposition"
    decides = (
        "= of two networks of piecewise-linear layers with rational weights, on all inputs, a "
        "polyhedron or a slice"
    )
    complete = decides
    source = "Montúfar, Pascanu, Cho and Bengio 2014, for the regions"
    order = 5

    def decide(self, question: Question) -> Verdict | None:
        pair = question.networks
        if pair is None or question.relation != "=" or question.where != pair.inside:
            return None
        difference = _difference(pair)
        if difference is None:
            return None
        layers, domain = difference
        try:
            found = nonzero_of(layers, domain.polyhedron, Limits(progress=lambda _: checkpoint()))
        except OutOfReachError as error:
            return Undecided(str(error), (self.name,))
        if isinstance(found, int):
            count = f"the difference is 0 on {found} region{'' if found == 1 else 's'}"
            return Proved(self.name, count, certificate=ZeroOnRegions(layers, domain))
        point = {pair.x: sp.ImmutableDenseMatrix(domain.point(found[0]))}
        values = sides_at(question, point)
        if values is None:
            return Undecided("a point of the domain that refutes it is not confirmed", (self.name,))
        return Refuted(point, *values)

    def examples(self) -> Iterable[Any]:
        one = Sequential(Linear([[1], [-1]]), ReLU(), Linear([[1, -1]]))
        yield Claim(one, Linear([[1]]))
        scaled_up = Sequential(
            Linear([[-4], [2]]), ReLU(), Linear([[sp.Rational(-1, 4), sp.Rational(1, 2)]])
        )
        yield Claim(one, scaled_up)

    def near_misses(self) -> Iterable[Any]:
        one = Sequential(Linear([[1], [-1]]), ReLU(), Linear([[1, -1]]))
        yield Claim(one, Sequential(Linear([[1], [-1]]), ReLU(), Linear([[1, 1]])))
        yield Claim(one, Linear([[1]], [sp.Rational(1, 2**60)]))


@dataclass(frozen=True, eq=False)
class ZeroOnRegions:
    """The certificate: a function that is zero, with the domain; its regions are found anew."""

    layers: LayerList
    domain: Domain
    derivation = None

    def check(self, claim: Any) -> Proved:
        """Every region of the function as it stands is certified, and its map there is zero."""
        if self.layers.switches:
            raise CertificateError(
                "where a function jumps its value is no affine map; there is nothing to verify"
            )
        cells = find_cells(self.layers, self.domain.polyhedron)
        names = tuple(coordinates("x", self.layers.inputs))
        whole = PiecewiseLinear(self.layers, self.domain, cells, names, False)
        whole.certify()
        if any(any(table.entries()) for table in self.layers.affine_maps(cells.signs.tolist())):
            raise CertificateError(f"the two sides of {claim} differ on a region")
        return Proved("certificate", f"the difference is 0 on all {len(cells)} regions")


def _difference(pair: Networks) -> tuple[LayerList, Domain] | None:
    """lhs - rhs in the coordinates of the domain; None where a layer is not for this procedure."""
    sides = (pair.lhs, pair.rhs)
    size: Any = next((s.in_features for s in sides if s.in_features is not None), None)
    if any(side.free_symbols for side in sides) or (size is None and pair.domain is None):
        return None
    domain = space(int(size)) if pair.domain is None else pair.domain
    try:
        one, other = (prepared(side, (), domain) for side in sides)
    except (NotPiecewiseLinearError, WeightError):
        return None
    return added([one[0], scaled(other[0], -1)]), one[1]
