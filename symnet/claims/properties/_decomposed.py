"""The function of a property, taken apart into its linear regions on the property's domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...base import Network
from ...regions.conditions import polyhedron_where
from ...regions.making import piecewise
from ...regions.piecewise_linear import PiecewiseLinear
from .._question import condition_of
from ._base import Property


def decomposed(claim: Property) -> PiecewiseLinear:
    """All regions on the domain, and where a linear condition holds."""
    domain: Any = claim.domain
    f, variables = claim.function, claim.variables
    if isinstance(f, Network) and f.in_features is None and domain is None:
        f, variables = claim.subject.value, claim.subject.variables
    if isinstance(domain, Mapping) or claim.where is not True:
        subject = claim.subject
        condition = sp.And(condition_of(claim.where), subject.inside(domain))
        domain = polyhedron_where(condition, subject.variables)
        if not isinstance(f, Network):
            f, variables = subject.value, subject.variables
    return piecewise(f, *variables, domain=domain)
