"""The exact piecewise-linear form of a network on a domain."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import sympy as sp
from flint import fmpq
from numpy.typing import NDArray

from ..base import Network
from ..document import Document
from ..errors import DomainError, ShapeError
from ..exact.affine import AffineMap
from ..render import render
from ..verdict import Proved, Refuted
from . import cases, measures, storing
from .activation import PiecewiseLinear1D
from .cells import Cells, cells_at, find_cells
from .domains import Domain, number, rationals, space
from .from_expression import layers_of_expressions
from .from_network import layers_of
from .layer_list import LayerList, added, beside, scaled
from .measures import Extremum
from .region import Lazy, Piece, Region

_RELU = PiecewiseLinear1D((0,), (0, 1))
#: Seconds before the first remark on stderr, and between two.
_PATIENCE = 5.0


def piecewise(
    function: Any,
    *variables: sp.Symbol,
    domain: Domain | None = None,
    max_regions: int | None = None,
    progress: bool | None = None,
) -> PiecewiseLinear:
    """All linear regions of a network or an expression on a domain, exactly.

    Parameters
    ----------
    function : Network, SymPy expression, or a column of expressions
        Made of linear maps and continuous piecewise-linear functions, with rational numbers.
    *variables : Symbol
        The variables of an expression in their order; in that of their names where left out.
    domain : Box, Polyhedron or Slice
        All of R^n where it is left out.
    max_regions : int
        Where to stop with a :class:`TooManyRegionsError`. In one and two dimensions that is while
        regions are found, otherwise when all are known.
    progress : bool
        Remarks on stderr; where it is left out, on a terminal and after five seconds.

    Raises
    ------
    NotPiecewiseLinearError
        For an activation that is smooth or jumps; the message names it.
    WeightError
        For weights that are not rational numbers.
    DomainError
        Where the domain does not fit the function.

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
    scalar = False
    if isinstance(function, Network):
        wanted = function.in_features
        inputs = int(wanted) if wanted is not None and wanted.is_Integer else None
        if inputs is None and domain is None:
            raise DomainError(
                f"{function} takes {'any number of' if wanted is None else wanted} inputs; "
                "give a domain, which says how many"
            )
        fitted = space(inputs or 1) if domain is None else domain.fitted(inputs)
        layers = layers_of(function, fitted.ambient)
        names = list(variables) or _symbols("x", fitted.ambient)
    else:
        rows = function.flat() if isinstance(function, sp.MatrixBase) else [sp.sympify(function)]
        scalar = not isinstance(function, sp.MatrixBase)
        free = set().union(*(e.free_symbols for e in rows))
        names = list(variables) or sorted(free, key=lambda s: (s.name, str(s.assumptions0)))
        if not names:
            raise DomainError(f"{function} has no variable; name one: piecewise(f, x)")
        fitted = space(len(names)) if domain is None else domain.fitted(len(names))
        layers = layers_of_expressions(rows, names)
    if len(names) != fitted.ambient:
        raise DomainError(f"{len(names)} variables were named for {fitted.ambient} inputs")
    if fitted.origin is not None:
        names = _symbols("u", fitted.dimension)
    slice_map = fitted.affine()
    if slice_map is not None:
        layers = LayerList.affine(slice_map).then(layers)
    return decomposed(layers, fitted, names, scalar, max_regions, progress)


def decomposed(
    layers: LayerList,
    domain: Domain,
    variables: Sequence[sp.Symbol],
    scalar: bool,
    max_regions: int | None = None,
    progress: bool | None = None,
) -> PiecewiseLinear:
    """The function that the layers compute in the domain's coordinates."""
    remark = _Remarks(progress)
    cells = find_cells(layers, domain.polyhedron, max_regions, remark)
    return PiecewiseLinear(layers, domain, cells, tuple(variables), scalar)


def region_bound(network: Network, inputs: int | None = None) -> int:
    """An upper bound on the number of regions, before any of them is looked for.

    >>> import symnet as sn
    >>> sn.region_bound(sn.Sequential(sn.Linear([[1, 0], [0, 1], [1, 1]]), sn.ReLU()))
    7

    Source: Serra, Tjandraatmadja and Ramalingam, Bounding and counting linear regions of deep
    neural networks, 2018, for the dimensions; Zaslavsky 1975 for one layer.
    """
    size = network.in_features if inputs is None else sp.Integer(inputs)
    if size is None or not size.is_Integer:
        raise DomainError("the number of inputs is not known; give it: region_bound(net, inputs)")
    return layers_of(network, int(size)).bound_on_regions()


class PiecewiseLinear:
    """A continuous piecewise-linear function with its linear regions; made by :func:`piecewise`.

    ``len`` is the number of regions. Points are in the coordinates of the domain: those of x, or
    u on a slice. All numbers are exact.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x, y = sp.symbols("x y")
    >>> pw = sn.piecewise(sp.Max(x, y), domain=sn.Box([0, 1], [0, 1]))
    >>> pw([sp.Rational(1, 3), 1]), pw.is_convex(), pw.lipschitz(2)
    (1, True, 1)
    >>> [region.volume for region in pw.regions]
    [1/2, 1/2]

    Source: definition.
    """

    def __init__(
        self,
        network: LayerList,
        domain: Domain,
        cells: Cells,
        variables: tuple[sp.Symbol, ...],
        scalar: bool,
    ) -> None:
        self.network, self.domain, self.cells = network, domain, cells
        self.variables, self.scalar = variables, scalar
        self.regions: Lazy[Region] = Lazy(len(cells), lambda k: Region(k, network, cells))

    def __len__(self) -> int:
        return len(self.cells)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return (
            f"PiecewiseLinear(R^{self.network.inputs} -> R^{self.network.outputs}, "
            f"{len(self)} regions)"
        )

    # --- values and places

    def __call__(self, x: Any) -> Any:
        """The exact value at a point of the domain: a column, a number for an expression."""
        values = [number(v) for v in self.network.exact.output(self._fractions(self._point(x)))]
        return values[0] if self.scalar else sp.ImmutableDenseMatrix(values)

    def regions_at(self, x: Any) -> tuple[Region, ...]:
        """The regions that hold a point: one inside, several on a common face."""
        found = cells_at(self.network, self.cells.signs, self._point(x))
        return tuple(self.regions[k] for k in found)

    def locate(self, x: Any) -> Region:
        """The region that holds a point; on a common face the first of them."""
        return self.regions_at(x)[0]

    def _point(self, x: Any) -> tuple[fmpq, ...]:
        point = rationals([x] if not hasattr(x, "__len__") else x)
        if len(point) != self.network.inputs:
            raise ShapeError(
                f"the point has {len(point)} coordinates; the function takes {self.network.inputs}"
            )
        if not self.domain.contains(point):
            raise DomainError(f"the point ({', '.join(map(str, point))}) is outside the domain")
        return point

    @staticmethod
    def _fractions(point: Sequence[fmpq]) -> list[Any]:
        return [Fraction(int(v.p), int(v.q)) for v in point]

    # --- structure

    @cached_property
    def piece_of_region(self) -> NDArray[np.int64]:
        """The number of the piece of every region."""
        return self.cells.piece_numbers(self.network)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The regions merged where two with a common facet have the same affine map."""
        numbers = self.piece_of_region
        order = np.argsort(numbers, kind="stable")
        parts = np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1)
        return tuple(Piece(tuple(self.regions[k] for k in part.tolist())) for part in parts)

    @property
    def neighbours(self) -> tuple[tuple[int, int], ...]:
        """The pairs of regions with a common facet."""
        return tuple((i, j) for i, j in self.cells.neighbours.tolist())

    def adjacency(self) -> Any:
        """The graph of neighbouring regions, as a networkx graph."""
        try:
            import networkx
        except ImportError as error:
            raise ImportError(
                "adjacency() gives a networkx graph; install symnet[graph], "
                "or use pw.neighbours, which are the same pairs"
            ) from error
        graph = networkx.Graph()
        graph.add_nodes_from(range(len(self)))
        graph.add_edges_from(self.neighbours)
        return graph

    @property
    def vertices(self) -> tuple[tuple[sp.Rational, ...], ...]:
        """The vertices of all regions, each once."""
        points = (self.cells.point(v) for v in range(self.cells.vertex_count))
        return tuple(tuple(number(x) for x in p) for p in points)

    @cached_property
    def boundaries(self) -> dict[tuple[int, int], tuple[tuple[int, int], ...]]:
        """Where every neuron bends: (layer, neuron) -> the pairs of regions that it separates.

        Layers and neurons count from 0.
        """
        owner = [
            (k, i)
            for k, functions in enumerate(self.network.functions)
            for i, f in enumerate(functions)
            for _ in f.breakpoints
        ]
        found: dict[tuple[int, int], dict[tuple[int, int], None]] = {key: {} for key in owner}
        signs = self.cells.signs
        for i, j in self.neighbours:
            for v in np.flatnonzero((signs[i] > 0) != (signs[j] > 0)).tolist():
                found[owner[v]][i, j] = None
        return {key: tuple(pairs) for key, pairs in found.items()}

    def counts(self) -> tuple[int, ...]:
        """The number of regions of the first one, two, … hidden layers."""
        signs, starts = self.cells.signs, self.network.starts
        return tuple(len(np.unique(signs[:, :end], axis=0)) for end in starts[1:])

    def certify(self) -> Proved:
        """The result checked by code that did not find it.

        Raises
        ------
        CertificateError
            Where something is wrong: a cell, a sign, a neighbour.
        DomainError
            On an unbounded domain, for which there is no certificate yet.
        """
        self.cells.certify(self.network, self.domain.polyhedron)
        return Proved("certificate", f"{len(self)} regions, {self.cells.vertex_count} vertices")

    # --- measures

    def maximum(self, output: int = 0) -> Extremum:
        """The greatest value of an output, and a point that attains it; oo where there is none."""
        return measures.maximum(self.network, self.cells, output, 1)

    def minimum(self, output: int = 0) -> Extremum:
        """The least value of an output, and a point that attains it; -oo where there is none."""
        return measures.maximum(self.network, self.cells, output, -1)

    def lipschitz(self, p: Any = 2) -> sp.Expr:
        """The least Lipschitz constant for the p-norm of inputs and outputs, p = 1, 2 or oo."""
        return measures.lipschitz(self.network, self.cells, p)

    def is_convex(self, output: int = 0) -> bool:
        """Whether an output is a convex function on the domain."""
        return measures.is_convex(self.network, self.cells, output)

    def is_monotone(self, *, decreasing: bool = False) -> bool:
        """Whether no output falls (rises) when one input grows."""
        return measures.is_monotone(self.network, self.cells, decreasing)

    # --- new functions

    def _made(self, layers: LayerList, domain: Domain | None = None) -> PiecewiseLinear:
        return decomposed(layers, domain or self.domain, self.variables, self.scalar)

    def restrict(self, domain: Domain) -> PiecewiseLinear:
        """The same function on a part of the domain, given in its coordinates."""
        return self._made(self.network, self.domain.restricted(domain))

    def _beside(self, other: Any, what: str) -> LayerList:
        if not isinstance(other, PiecewiseLinear):
            raise TypeError(f"{what} of a PiecewiseLinear and {other!r} is not defined")
        mine, theirs = self.network, other.network
        if mine.outputs != theirs.outputs:
            raise ShapeError(f"{what} of functions with {mine.outputs} and {theirs.outputs} outputs")
        if self.domain != other.domain:
            raise DomainError(f"{what} of functions on two different domains; restrict them first")
        return beside([mine, theirs])

    def _combined(self, other: Any, what: str, left: int, right: int) -> LayerList:
        n = self.network.outputs
        weight = np.hstack([left * np.eye(n), right * np.eye(n)])
        both = self._beside(other, what)
        return both.then(LayerList.affine(AffineMap.from_floats(weight, np.zeros(n))))

    def __add__(self, other: Any) -> PiecewiseLinear:
        return self._made(self._combined(other, "the sum", 1, 1))

    def __sub__(self, other: Any) -> PiecewiseLinear:
        return self._made(self._combined(other, "the difference", 1, -1))

    def __neg__(self) -> PiecewiseLinear:
        return self._made(scaled(self.network, -1))

    def max(self, other: PiecewiseLinear) -> PiecewiseLinear:
        """The greater of two functions, output by output: g + relu(f - g)."""
        difference = self._combined(other, "the maximum", 1, -1)
        relu = LayerList.entrywise([_RELU] * self.network.outputs)
        return self._made(added([difference.then(relu), other.network]))

    # --- equality

    def compare(self, other: PiecewiseLinear) -> Proved | Refuted:
        """Whether two functions on one domain are equal, with a point where they are not.

        Their difference is taken apart; it is zero iff its affine map is zero on every region.
        """
        difference = self - other
        for region in difference.regions:
            for k, row in enumerate(region.table.tolist()):
                if any(row):
                    x = measures.nonzero_point(difference.cells, region.index, row)
                    point = tuple(number(v) for v in x)
                    values = self(point), other(point)
                    return Refuted(
                        dict(zip(self.variables, point, strict=True)), *values, "exact evaluation",
                        "" if self.scalar else f"output {k}",
                    )  # fmt: skip
        return Proved("decomposition", f"the difference is 0 on {len(difference)} regions")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PiecewiseLinear):
            return NotImplemented
        if self.network.outputs != other.network.outputs or self.domain != other.domain:
            return False
        return bool(self.compare(other))

    __hash__ = None  # type: ignore[assignment]

    # --- outward

    def as_piecewise(self) -> Any:
        """The function as SymPy ``Piecewise`` (a column of them for a network with many outputs).

        Conditions are minimal on the domain, whose own bounds they leave out.
        """
        return cases.as_piecewise(self)

    def document(self) -> Document:
        """The cases as a document, for every format of :mod:`symnet.render`."""
        return cases.document(self)

    def latex(self) -> str:
        """The cases in LaTeX, in lowest terms, with minimal conditions."""
        return str(render(self.document(), "latex"))

    def save(self, path: str | Path) -> Path:
        """Write everything to a ``.npz`` (no pickle) or ``.json`` file; see :func:`load_piecewise`."""
        return storing.save(self, Path(path))


class _Remarks:
    """Progress on stderr: nothing for the first seconds, then a line every few."""

    def __init__(self, wanted: bool | None) -> None:
        self.wanted = sys.stderr.isatty() if wanted is None else wanted
        self.start = self.last = time.monotonic()

    def __call__(self, blocks: int, regions: int) -> None:
        now = time.monotonic()
        if self.wanted and now - self.last > _PATIENCE:
            self.last = now
            print(f"symnet: {regions} regions after {now - self.start:.0f} s", file=sys.stderr)


def _symbols(letter: str, count: int) -> list[sp.Symbol]:
    names = [letter] if count == 1 else [f"{letter}_{k}" for k in range(1, count + 1)]
    return [sp.Symbol(name, real=True) for name in names]


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
