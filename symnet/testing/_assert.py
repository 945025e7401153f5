"""Assertions about functions and networks."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ..base import Network
from ..claims import Claim
from ..claims.properties._affine import affine
from ..errors import LayerError, NotAffineError, RefutedError
from ..exact.shapes import same_size
from ..layers._linear import Linear
from ..reading import parse_claim
from ..verdict import Refuted, Verdict, short
from ._message import brief, message, settle


def assert_identity(
    actual: Any,
    desired: Any,
    *,
    where: Any = True,
    domain: Any = None,
    err_msg: str = "",
    timeout: float | None = None,
) -> None:
    """Raise unless ``actual = desired`` is proved for all values of the symbols.

    Parameters
    ----------
    actual, desired : scalar or matrix expressions of one shape
    where : SymPy condition
        Only values that satisfy it count.
    domain : Box, Polyhedron, Slice or a dict of symbols and intervals, optional
    err_msg : str
        Stands in the message.
    timeout : seconds, optional

    Raises
    ------
    RefutedError
        If it is false: an AssertionError with the point, both exact values, and where the identity
        does hold, if that is simple.
    UndecidedError
        If it is neither proved nor refuted. It is no AssertionError.

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import assert_identity, relu
    >>> x, y = sp.symbols("x y", real=True)
    >>> assert_identity(relu(x) - relu(-x), x)
    >>> assert_identity(relu(x + y), relu(x) + relu(y))
    Traceback (most recent call last):
        ...
    symnet.errors.RefutedError: the identity is false at x = 1, y = -1: 0 ≠ 1
      claim:   relu(x + y) = relu(x) + relu(y)
      at:      x = 1, y = -1
      actual:  0
      desired: 1
      apart:   -1
      holds:   where x >= 0 and y >= 0, or x <= 0 and y <= 0

    Source: numpy.testing, for the manners.
    """
    __tracebackhide__ = True
    claim = Claim(actual, desired, "=", where, domain)
    settle(claim, claim.prove(timeout=timeout), "the identity", err_msg, ("actual", "desired"))


def assert_claim(
    claim: Any,
    *,
    where: Any = True,
    domain: Any = None,
    err_msg: str = "",
    timeout: float | None = None,
) -> None:
    """Raise unless a claim is proved: an inequality, a property, a text.

    Parameters
    ----------
    claim : Claim, SymPy relation, property such as ``symnet.convex(f)``, or str
    where, domain, err_msg, timeout : see :func:`assert_identity`

    Raises
    ------
    RefutedError, UndecidedError
        See :func:`assert_identity`.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.assert_claim(sn.odd(sn.Tanh()))
    >>> sn.assert_claim("relu(x) - relu(-x) = x")

    Source: numpy.testing, for the manners.
    """
    __tracebackhide__ = True
    if isinstance(claim, str):
        claim = parse_claim(claim)
    elif not hasattr(claim, "prove"):
        claim = Claim(claim)
    claim = claim.narrowed(where, domain)
    settle(claim, claim.prove(timeout=timeout), "the claim", err_msg)


def assert_network_equal(
    actual: Network,
    desired: Network,
    *,
    domain: Any = None,
    err_msg: str = "",
    timeout: float | None = None,
) -> None:
    """Raise unless two networks are proved to compute the same function.

    Parameters
    ----------
    actual, desired : Network
    domain : Box, Polyhedron or Slice, optional
        Where they are compared; everywhere, if it is left out.
    err_msg, timeout : see :func:`assert_identity`

    Raises
    ------
    RefutedError
        If they differ, with an input and both outputs; also if their sizes differ.
    UndecidedError
        If neither was shown.

    Examples
    --------
    >>> import symnet as sn
    >>> n = sn.Sequential(sn.Linear(2, 3), sn.ReLU(), sn.ReLU())
    >>> sn.assert_network_equal(n, n.simplify())

    Source: numpy.testing, for the manners.
    """
    __tracebackhide__ = True
    for given in (actual, desired):
        if not isinstance(given, Network):
            raise LayerError(
                f"assert_network_equal compares networks, and {short(given)} of type "
                f"{type(given).__name__} was given; for expressions there is assert_identity"
            )
    _check_sizes(actual, desired, err_msg)
    claim = Claim(actual, desired, domain=domain)
    verdict = claim.prove(timeout=timeout)
    settle(claim, verdict, "the equality of the networks", err_msg, ("actual", "desired"))


def _check_sizes(actual: Network, desired: Network, err_msg: str) -> None:
    __tracebackhide__ = True
    pairs = [
        (actual.in_features, desired.in_features),
        (actual.out_features, desired.out_features),
    ]
    if any(a is not None and b is not None and not same_size(a, b) for a, b in pairs):
        rows = [
            (name, f"{brief(net)} takes {net.in_features} and gives {net.out_features} numbers")
            for name, net in (("actual", actual), ("desired", desired))
        ]
        raise RefutedError(message("the networks have different sizes", err_msg, rows))


def assert_affine(
    function: Any,
    *variables: Any,
    where: Any = True,
    domain: Any = None,
    err_msg: str = "",
    timeout: float | None = None,
) -> None:
    """Raise unless a network, or an expression in some variables, is proved to be W x + b.

    Parameters
    ----------
    function : Network or expression
    *variables : Symbol
        The variables of an expression; all its symbols, if they are left out.
    where, domain, err_msg, timeout : see :func:`assert_identity`

    Raises
    ------
    RefutedError
        If it is not affine, with points that show it.
    UndecidedError
        If neither was shown.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.assert_affine(sn.Sequential(sn.Linear(3, 4), sn.Linear(4, 2)))

    Source: definition.
    """
    __tracebackhide__ = True
    claim = affine(function, *variables, where=where, domain=domain)
    verdict = None
    if isinstance(function, Network) and where is True and domain is None and not variables:
        verdict = _by_its_map(function, timeout)
    verdict = claim.prove(timeout=timeout) if verdict is None else verdict
    settle(claim, verdict, "the claim", err_msg, ("f at the midpoint", "the mean"))


def _by_its_map(net: Network, timeout: float | None) -> Verdict | None:
    """The verdict by the one linear layer that a network is, or by points that show it is none."""
    try:
        W, b = net.affine_map()
    except NotAffineError as error:
        if error.witness is None:
            return None
        p, q = error.witness.points
        point = {sp.Symbol("p"): p, sp.Symbol("q"): q, **error.witness.weights}
        values = error.witness.value, error.witness.expected
        return Refuted(point, *values, detail="f((p + q)/2) is not (f(p) + f(q))/2")
    return Claim(net, Linear(W, b)).prove(timeout=timeout)
