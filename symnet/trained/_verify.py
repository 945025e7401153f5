"""Properties of a network on a domain: proved, refuted at an exact point, or out of reach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from flint import fmpq

from ..base import Network
from ..errors import DomainError, ShapeError, TooManyRegionsError
from ..exact.rational_rows import as_fmpq
from ..regions.domains import Domain, Vector, number
from ..regions.making import coordinates
from ..verdict import Proved, Refuted, Undecided, Verdict
from ._certificate import CaseProof, PropertyProof, Verified
from ._facts import around
from ._on_domain import fitted_domain, on_domain
from ._parts import Part
from ._prepared import Prepared, prepared
from ._progress import OutOfReachError, Progress
from ._property import Case, Property, greatest
from ._search import Search, vertex_with

#: How many regions are looked for, in one and two dimensions, before boxes are halved instead.
MAX_REGIONS = 200_000
MAX_BOXES = 20_000


def verify(
    net: Network,
    claim: Property,
    *,
    max_boxes: int = MAX_BOXES,
    max_regions: int = MAX_REGIONS,
    timeout: float | None = None,
    progress: bool | None = None,
) -> Verdict:
    """Whether a network has a property: whether none of its violations occurs.

    In one and two dimensions all linear regions decide. Otherwise the domain is halved again and
    again until bounds decide on every part, or few neurons bend there and its regions do. A point
    that violates the property is found exactly. What takes more than ``max_boxes`` parts, or more
    seconds than ``timeout``, is undecided, and the reason says how far it went.

    Parameters
    ----------
    net : piecewise-linear Network with rational weights
    claim : Property
    max_boxes, max_regions : int
    timeout : float, seconds
    progress : bool
        Say on stderr how far it is when it takes long; by default where stderr is a terminal.

    Returns
    -------
    Proved, Refuted or Undecided
        A refutation has the input, and the value of the form that should have been positive.

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear([[1, 1], [1, -1]]), sn.ReLU(), sn.Linear([[1, 1]]))
    >>> below_3 = sn.Property([(sn.Box([0, 1]), [([[-1]], [-3])])])
    >>> print(sn.verify(net, below_3))
    proved (regions: 2 regions)
    >>> below_2 = sn.Property([(sn.Box([0, 1]), [([[-1]], [-2])])])
    >>> print(sn.verify(net, below_2))
    refuted; at x_1 = 1, x_2 = 0: 0 ≤ 0

    Source: Wang, Pei, Whitehouse, Yang and Jana, Formal security analysis of neural networks using
    symbolic intervals, 2018, for halving inputs.
    """
    reached = Progress.within(max_boxes, timeout, progress)
    regions = 0
    proofs: list[CaseProof] = []
    for case in claim.cases:
        search = _search(net, case, reached)
        point, found = _decided(search, max_regions)
        regions += found
        if point is not None:
            return _refuted(Verified(net, claim), search.domain, case, point)
        proofs.append(CaseProof(case.violations, tuple(search.parts)))
    return _summed_up(Verified(net, claim), reached, regions, proofs)


def robust(net: Network, domain: Domain, label: int | None = None, **limits: Any) -> Verdict:
    """Whether one output is greater than all others on a whole domain.

    Parameters
    ----------
    net : piecewise-linear Network with rational weights, two outputs or more
    domain : Box, Polyhedron or Slice, bounded; a box around a data point, a plane through some
    label : int
        The output, from 0; where it is left out, the greatest at a point of the domain.
    **limits
        ``max_boxes``, ``max_regions``, ``timeout``, ``progress`` as for :func:`symnet.verify`.

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear([[1, 1], [1, -1]]), sn.ReLU(), sn.Linear([[1, 0], [0, 1]]))
    >>> print(sn.robust(net, sn.Box([0, 1], [0.25, 1])))
    proved (regions: 2 regions)
    >>> print(sn.robust(net, sn.Box([0, 1], [-1, 1]), 0))
    refuted: output 1 is as great; at x_1 = 0, x_2 = -1: -1 ≤ 0

    Source: Szegedy et al., Intriguing properties of neural networks, 2014, for the question.
    """
    fitted = fitted_domain(net, domain)
    ready = prepared(net, fitted.ambient)
    outputs = ready.layers.outputs
    if outputs < 2:
        raise ShapeError("robust compares outputs, and the network has only one")
    if label is None:
        label = _label_inside(ready, fitted)
    if not 0 <= label < outputs:
        raise ShapeError(f"output {label} was asked for; there are {outputs}, counted from 0")
    return verify(net, Property([Case(domain, greatest(label, outputs))]), **limits)


def _label_inside(ready: Prepared, domain: Domain) -> int:
    box = _middle(domain)
    values = ready.layers.value([as_fmpq(v) for v in domain.point(box)])
    return max(range(len(values)), key=lambda k: values[k])


def _middle(domain: Domain) -> list[fmpq]:
    box = around(domain)
    if box is None:
        raise DomainError("the domain is unbounded; give the label")
    if hasattr(domain, "bounds"):
        return [(a + b) / 2 for a, b in box]
    corners = domain.polyhedron.vertices
    return [sum(column, fmpq(0)) / len(corners) for column in zip(*corners, strict=True)]


def _search(net: Network, case: Case, progress: Progress) -> Search:
    ready, fitted = on_domain(net, case.domain)
    outputs = len(case.violations[0].forms[0]) - 1
    if outputs != ready.layers.outputs:
        raise ShapeError(
            f"the property speaks of {outputs} outputs, and the network has {ready.layers.outputs}"
        )
    return Search(ready, fitted, case.violations, progress)


def _decided(search: Search, max_regions: int) -> tuple[Vector | None, int]:
    """A point that violates, and the number of regions that were looked at."""
    if search.domain.dimension <= 2:
        try:
            part = Domain(search.domain.polyhedron)
            limits = search.progress.limits(max_regions)
            found = vertex_with(search.net.layers, part, search.violations, limits)
            search.parts.append(Part(None, True))
            return found
        except TooManyRegionsError:
            pass
        except OutOfReachError:
            search.progress.open += 1
            return None, 0
    return search.run(), 0


def _refuted(claim: Verified, domain: Domain, case: Case, u: Vector) -> Refuted:
    """The point, and the form that is not positive there."""
    x = domain.point(u)
    outputs = prepared(claim.net, domain.ambient).layers.value([as_fmpq(v) for v in x])
    value, worst = min(((v.value(outputs), k) for k, v in enumerate(case.violations)))
    names = coordinates("x", len(x))
    forms = case.violations[worst].forms
    detail = ""
    if len(forms) == 1:
        others = [k for k, c in enumerate(forms[0][:-1]) if c == -1]
        ones = [k for k, c in enumerate(forms[0][:-1]) if c == 1]
        if len(others) == len(ones) == 1 and not any(forms[0][-1:]):
            detail = f"output {others[0]} is as great"
    return Refuted(
        dict(zip(names, x, strict=True)), number(value), sp.S.Zero, detail=detail, relation=">",
        claim=claim,
    )  # fmt: skip


def _summed_up(
    claim: Verified, progress: Progress, regions: int, proofs: Sequence[CaseProof]
) -> Verdict:
    how = progress.in_words(regions)
    if progress.open:
        return Undecided(
            f"out of reach: {how}",
            advice="allow more with max_boxes= or timeout=, or take a smaller domain",
            claim=claim,
        )
    method = "regions" if not progress.boxes else "bounds"
    return Proved(method, how, certificate=PropertyProof(tuple(proofs)), claim=claim)
