"""A network on a line, a plane, a polytope in its inputs, as a network of the coordinates there."""

from __future__ import annotations

from flint import fmpq

from ..base import Network
from ..errors import DomainError
from ..exact.rational_matrix import RationalMatrix
from ..exact.rational_rows import clear_denominators
from ..layers._linear import Linear
from ..regions.domains import Domain
from ..sequential import Sequential


def restricted(net: Network, domain: Domain) -> Network:
    """u -> net(o + P u), for a domain of the points o + P u.

    The domain's bounds are no part of a network; ``piecewise(net, domain=…)`` has them.

    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear([[1, 2, 3]], [1]), sn.ReLU())
    >>> net.restrict(sn.Slice([1, 1, 1], [[1, 0, 0], [0, 0, 1]]))
    Sequential(Linear(Matrix([[1, 3]]), Matrix([[7]])), ReLU())
    """
    wanted = net.in_features
    if not isinstance(domain, Domain):
        raise DomainError(f"the domain is {domain!r}; write Slice(…), Polyhedron(…) or Box(…)")
    fitted = domain.fitted(None if wanted is None or not wanted.is_Integer else int(wanted))
    if fitted.origin is None:
        return net
    P = _matrix([list(row) for row in zip(*fitted.directions, strict=True)])
    o = _matrix([[v] for v in fitted.origin])
    layers = net.layers
    first, rest = layers[0], layers[1:]
    W = first.args[0] if isinstance(first, Linear) else None
    if isinstance(first, Linear) and isinstance(W, RationalMatrix):
        shift = W.times(o)
        b = first.args[1]
        made = Linear(W.times(P), shift.plus(b) if isinstance(b, RationalMatrix) else shift)
    else:
        made, rest = Linear(P, o), layers
    result: Network = Sequential._rebuild(made, *rest) if rest else made
    return result


def _matrix(rows: list[list[fmpq]]) -> RationalMatrix:
    flat, q = clear_denominators([v for row in rows for v in row])
    return RationalMatrix(len(rows), len(rows[0]), flat, q)
