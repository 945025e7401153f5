"""A network in the coordinates of a bounded domain."""

from __future__ import annotations

from ..base import Network
from ..errors import DomainError
from ..regions.domains import Domain
from ..regions.layer_list import LayerList
from ._prepared import Prepared, prepared


def fitted_domain(net: Network, domain: Domain) -> Domain:
    """The domain for the inputs of a network."""
    if not isinstance(domain, Domain):
        raise DomainError(f"the domain is {domain!r}; write Box([lo, hi], …), Polyhedron or Slice")
    wanted = net.in_features
    fitted = domain.fitted(None if wanted is None or not wanted.is_Integer else int(wanted))
    if not fitted.is_bounded:
        raise DomainError("properties are decided on bounded domains; give bounds for all inputs")
    return fitted


def on_domain(net: Network, domain: Domain) -> tuple[Prepared, Domain]:
    """The network as a function of the coordinates of a domain, and the domain fitted to it."""
    fitted = fitted_domain(net, domain)
    ready = prepared(net, fitted.ambient)
    inside = fitted.affine()
    if inside is not None:
        ready = Prepared(LayerList.affine(inside).then(ready.layers))
    return ready, fitted
