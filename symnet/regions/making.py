"""From a network, an expression or a file to its linear regions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sympy as sp

from ..base import Network
from ..errors import DomainError, WeightError
from ..exact.convert import exact_number
from . import storing
from .arguments import check_arguments, check_counts, number_of_inputs
from .comparing import nonzero_of
from .domains import Domain, space
from .finding import find_cells
from .from_expression import layers_of_expressions
from .from_network import layers_of
from .layer_list import LayerList, identity
from .limits import Limits, Remarks
from .piecewise_linear import PiecewiseLinear


def piecewise(
    function: Any,
    *variables: sp.Symbol,
    domain: Domain | None = None,
    max_regions: int | None = None,
    progress: bool | None = None,
    n_jobs: int | None = None,
) -> PiecewiseLinear:
    """All linear regions of a network or an expression on a domain, exactly.

    Parameters
    ----------
    function : Network, SymPy expression, column of expressions, or matrix expression in one column
        Made of linear maps and piecewise-linear functions, steps and cases among them, with
        rational numbers. Regions are then those of the open cells; values on jumps are exact.
    *variables : Symbol
        The variables of an expression in their order; in that of their names where left out.
    domain : Box, Polyhedron or Slice
        All of R^n where it is left out.
    max_regions : int
        Where to stop, while regions are found, with a :class:`TooManyRegionsError` that says how
        far it got.
    progress : bool
        Remarks on stderr; where it is left out, on a terminal and after five seconds.
    n_jobs : int
        Processes for domains of one and two dimensions, as joblib counts them (-1 is all); needs
        ``symnet[parallel]``. The result is the same; small runs stay in one process. In
        ``joblib.parallel_config(backend="dask")`` a Dask cluster does the work.

    Raises
    ------
    NotPiecewiseLinearError
        For an activation that is smooth; the message names it.
    WeightError
        For weights that are not rational numbers.
    DomainError
        Where the domain does not fit the function, or has points at which no case holds.

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear([[1], [-1]]), sn.ReLU(), sn.Linear([[1, 1]]))
    >>> pw = sn.piecewise(net, domain=sn.Box([-2, 3]))
    >>> len(pw), pw.maximum().value
    (2, 3)
    >>> pw.as_piecewise()
    Piecewise((-x, x <= 0), (x, x >= 0))

    Source: Montúfar, Pascanu, Cho and Bengio, On the number of linear regions of deep neural
    networks, 2014, for the word region: a full-dimensional activation cell.
    """
    check_counts(max_regions, n_jobs)
    layers, fitted, names, scalar = prepared(function, variables, domain)
    limits = Limits(max_regions, Remarks(progress), layers.bound_on_regions, n_jobs=n_jobs)
    cells = find_cells(layers, fitted.polyhedron, limits)
    return PiecewiseLinear(layers, fitted, cells, names, scalar)


def region_bound(function: Any, *variables: sp.Symbol, domain: Domain | None = None) -> int:
    """An upper bound on the number of regions of ``piecewise`` with these arguments.

    No region is looked for, and of the domain only its dimension counts.

    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear([[1, 0], [0, 1], [1, 1]]), sn.ReLU())
    >>> sn.region_bound(net), sn.region_bound(net, domain=sn.Slice([0, 0], [[1, 2]]))
    (7, 4)

    Source: Serra, Tjandraatmadja and Ramalingam, Bounding and counting linear regions of deep
    neural networks, 2018, for the dimensions; Zaslavsky 1975 for one layer.
    """
    return prepared(function, variables, domain)[0].bound_on_regions()


def prepared(
    function: Any, variables: Sequence[sp.Symbol], domain: Domain | None
) -> tuple[LayerList, Domain, tuple[sp.Symbol, ...], bool]:
    """Layers in the coordinates of the domain, the domain, its variables; if one value is meant."""
    check_arguments(function, variables, domain)
    scalar, holes = False, None
    if isinstance(function, Network):
        inputs = number_of_inputs(function, domain)
        fitted = space(inputs or 1) if domain is None else domain.fitted(inputs)
        layers = layers_of(function, fitted.ambient)
        names = list(variables) or coordinates("x", fitted.ambient)
    else:
        explicit = _explicit(function)
        scalar = not isinstance(explicit, sp.MatrixBase)
        rows = [explicit] if scalar else explicit.flat()
        free = set().union(*(e.free_symbols for e in rows))
        names = list(variables) or sorted(free, key=lambda s: (s.name, str(s.assumptions0)))
        if not names:
            raise DomainError(f"{function} has no variable; name one: piecewise(f, x)")
        fitted = space(len(names)) if domain is None else domain.fitted(len(names))
        layers, holes = layers_of_expressions(rows, names)
    if len(names) != fitted.ambient:
        were = "variable was" if len(names) == 1 else "variables were"
        raise DomainError(f"{len(names)} {were} named for {fitted.ambient} inputs")
    slice_map = fitted.affine()
    inside = LayerList.affine(slice_map or identity(fitted.ambient))
    if holes is not None:
        _check_defined(function, inside.then(holes), fitted)
    if slice_map is not None:
        names = coordinates("u", fitted.dimension)
    return inside.then(layers), fitted, tuple(names), scalar


def _check_defined(function: Any, holes: LayerList, domain: Domain) -> None:
    """Raise where no case holds at some point of the domain."""
    found = nonzero_of(holes, domain.polyhedron)
    if not isinstance(found, int):
        place = ", ".join(map(str, domain.point(found[0])))
        raise DomainError(
            f"no case of {function} holds at ({place}); add a last case with the condition True, "
            "or give a domain on which one always holds"
        )


def load_piecewise(path: str | Path) -> PiecewiseLinear:
    """A function that :meth:`PiecewiseLinear.save` wrote; ``certify()`` checks what the file says.

    Variables come back as real symbols with their names.

    >>> import tempfile, symnet as sn
    >>> pw = sn.piecewise(sn.Sequential(sn.Linear([[2]]), sn.Abs()), domain=sn.Box([-1, 1]))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     copy = sn.load_piecewise(pw.save(folder + "/abs.json"))
    >>> copy == pw, bool(copy.certify())
    (True, True)
    """
    return PiecewiseLinear(*storing.read(Path(path)))


def coordinates(letter: str, count: int) -> list[sp.Symbol]:
    """The names of coordinates: x, or x_1, x_2, …"""
    names = [letter] if count == 1 else [f"{letter}_{k}" for k in range(1, count + 1)]
    return [sp.Symbol(name, real=True) for name in names]


def _explicit(function: Any) -> Any:
    """An expression, or a column of them; a matrix expression is written out entry by entry."""
    if isinstance(function, sp.MatrixBase) or not getattr(function, "is_Matrix", False):
        column = isinstance(function, sp.MatrixBase)
        return function if column else exact_number(function, "the function")
    symbols = sorted(function.atoms(sp.MatrixSymbol), key=str)
    if len(symbols) != 1 or not all(size.is_Integer for size in symbols[0].shape):
        names = ", ".join(map(str, symbols))
        raise WeightError(
            f"{function} holds the matrix symbols {names}; regions need numbers for all but the "
            "input, which is a column of a definite size"
        )
    entries = coordinates(symbols[0].name, int(symbols[0].shape[0]))
    value = function.xreplace({symbols[0]: sp.ImmutableDenseMatrix(entries)}).doit()
    return sp.ImmutableDenseMatrix(value.as_explicit())
