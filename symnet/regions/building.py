"""The converse: a ReLU network that equals a given piecewise-linear function."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ..base import Network
from ..errors import DomainError, TooManyRegionsError
from .building_line import one_hidden_layer
from .building_space import sum_of_maxima
from .comparing import are_equal
from .domains import Domain
from .layer_list import LayerList
from .limits import Limits
from .making import piecewise
from .piecewise_linear import PiecewiseLinear
from .to_network import relu_network


def from_piecewise(
    function: Any,
    *variables: sp.Symbol,
    domain: Domain | None = None,
    max_regions: int = 100_000,
) -> Network:
    r"""A ReLU network that equals a continuous piecewise-linear function.

    Of one variable, with one hidden layer: with kinks b_1 < … < b_m and slopes s_0, …, s_m,

        f(x) = f(b_1) - s_0 relu(b_1 - x) + s_1 relu(x - b_1)
               + sum_{k >= 2} (s_k - s_{k-1}) relu(x - b_k),

    so m + 1 neurons suffice, and m where s_0 or s_1 is 0. Of n variables, with no more than
    ceil(log2(n + 1)) hidden layers: an affine function and multiples of maxima of at most n + 1
    affine functions. The result is compared with the function before it is given out.

    Parameters
    ----------
    function : PiecewiseLinear, network, SymPy expression, or column of expressions
        ``Max``, ``Min``, ``Abs``, ``Piecewise`` and so on, as for :func:`piecewise`.
    *variables : Symbol
        The variables of an expression in their order.
    domain : Box, Polyhedron or Slice
        The function is equalled there; all of R^n where it is left out.
    max_regions : int
        Where to stop comparing, with a :class:`TooManyRegionsError`; for several variables.

    Raises
    ------
    DomainError
        For a function that jumps, and for cases in three and more variables on a part of the space.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x, y = sp.symbols("x y", real=True)
    >>> net = sn.from_piecewise(sp.Piecewise((0, x < 0), (2*x, x < 1), (2, True)))
    >>> net([sp.Rational(3, 4)])
    Matrix([[3/2]])
    >>> net = sn.from_piecewise(sp.Piecewise((x, (x > y) & (x > 0)), (y, y > 0), (0, True)))
    >>> len(net), net([-1, 4])
    (5, Matrix([[4]]))

    Source: Arora, Basu, Mianjy and Mukherjee, Understanding deep neural networks with rectified
    linear units, 2018, theorems 2.1 and 2.2; Wang and Sun, Generalization of hinging hyperplanes,
    2005.
    """
    if isinstance(function, PiecewiseLinear):
        if variables or domain is not None:
            raise TypeError(
                "a PiecewiseLinear has its variables and its domain; "
                "use pw.restrict(domain) for a part of it"
            )
        pw = function
    else:
        pw = piecewise(function, *variables, domain=domain)
    if not pw.is_continuous:
        raise DomainError("the function jumps, and a network of ReLUs is continuous")
    if pw.network.inputs == 1:
        return relu_network(one_hidden_layer(pw))
    layers = sum_of_maxima(pw)
    _check(layers, pw, max_regions)
    return relu_network(layers)


def _check(layers: LayerList, pw: PiecewiseLinear, max_regions: int) -> None:
    try:
        same = are_equal(layers, pw.network, pw.domain.polyhedron, Limits(max_regions))
    except TooManyRegionsError as error:
        widths = " and ".join(map(str, layers.widths))
        raise TooManyRegionsError(
            f"a network with layers of {widths} neurons was built, and to compare it with the "
            f"function takes more than max_regions={max_regions} regions; allow more, or take a "
            "function with fewer regions"
        ) from error
    assert same, "the network that was built differs from the function"
