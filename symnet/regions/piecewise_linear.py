"""The exact piecewise-linear form of a network on a domain."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import sympy as sp
from flint import fmpq
from numpy.typing import NDArray

from ..document import Document
from ..errors import DomainError, ShapeError
from ..exact.affine import AffineMap
from ..pictures.picture import Picture
from ..render import render
from ..verdict import Proved, Refuted
from . import cases, jump_measures, measures, storing
from .activation import RELU
from .cells import Cells
from .certificate import certify
from .certificate_parts import certify_parts
from .comparing import nonzero_of
from .decisions import Decisions, compared, winners
from .domains import Domain, number, rationals
from .finding import find_cells
from .gradients import PiecewiseGradient
from .injectivity import injectivity
from .layer_list import LayerList, added, beside, scaled
from .measures import Extremum
from .part_cells import PartCells
from .picture import plot
from .region import Lazy, Piece, Region


class PiecewiseLinear:
    """A piecewise-linear function with its linear regions; made by ``piecewise``.

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

    @property
    def is_continuous(self) -> bool:
        """Whether the function is continuous on its domain, as it is, whatever it is made of."""
        return self.cells.is_continuous

    def jumps_at(self, x: Any) -> bool:
        """Whether the function jumps at a point, or at points as near to it as one likes.

        >>> import sympy as sp, symnet as sn
        >>> t = sp.Symbol("t", real=True)
        >>> pw = sn.piecewise(sp.sign(t))
        >>> pw.jumps_at(0), pw.jumps_at(1)
        (True, False)
        """
        return self.cells.jumps_at(self._point(x))

    # --- values and places

    def __call__(self, x: Any) -> Any:
        """The exact value at a point of the domain: a column, a number for an expression."""
        values = [number(v) for v in self.network.value(self._point(x))]
        return values[0] if self.scalar else sp.ImmutableDenseMatrix(values)

    def regions_at(self, x: Any) -> tuple[Region, ...]:
        """The regions whose closures hold a point: one inside, several on a common face."""
        found = self.cells.at(self.network, self._point(x))
        return tuple(self.regions[k] for k in found)

    def locate(self, x: Any) -> Region:
        """The region that holds a point; on a common face the first of them.

        Where the function jumps, it is the region to which the point belongs, if there is one.
        """
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
        """The vertices of all regions, each once; none where the regions contain lines."""
        points = (self.cells.point(v) for v in self.cells.proper_vertices)
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

    def gradient(self) -> PiecewiseGradient:
        """The gradient on every region; a point, the jumps across facets."""
        return PiecewiseGradient(self)

    def counts(self) -> tuple[int, ...]:
        """The number of regions of the first one, two, … hidden layers."""
        signs, found = self.cells.signs, []
        for end in self.network.starts[1:]:
            part = signs[:, :end]
            bits = np.packbits(np.hstack([part > 0, part == 0]), axis=1)
            found.append(len(set(map(bytes, bits))))
        return tuple(found)

    def certify(self) -> Proved:
        """The result checked by code that did not find it.

        Raises
        ------
        CertificateError
            Where something is wrong: a cell, a sign, a neighbour.
        """
        if isinstance(self.cells, PartCells):
            certify_parts(self.network, self.domain.polyhedron, self.cells)
        else:
            certify(self.network, self.domain.polyhedron, self.cells)
        vertices = len(self.cells.proper_vertices)
        return Proved("certificate", f"{len(self)} regions, {vertices} vertices")

    # --- measures

    def _output(self, output: int) -> int:
        if not 0 <= output < self.network.outputs:
            raise ShapeError(
                f"output {output} was asked for; there are {self.network.outputs}, counted from 0"
            )
        return output

    def maximum(self, output: int = 0) -> Extremum:
        """The greatest value of an output, and a point that attains it; oo where there is none.

        Where the function jumps it is the least upper bound; ``point`` is None if no point has it.
        """
        return measures.maximum(self.network, self.cells, self._output(output), 1)

    def minimum(self, output: int = 0) -> Extremum:
        """The least value of an output, and a point that attains it; -oo where there is none."""
        return measures.maximum(self.network, self.cells, self._output(output), -1)

    def lipschitz(self, p: Any = 2) -> sp.Expr:
        """The least Lipschitz constant for the p-norm of inputs and outputs, p = 1, 2 or oo."""
        return measures.lipschitz(self.network, self.cells, p)

    def is_convex(self, output: int = 0) -> bool:
        """Whether an output is a convex function on the domain."""
        network, cells, k = self.network, self.cells, self._output(output)
        if isinstance(cells, PartCells) and not cells.is_continuous:
            domain = self.domain.polyhedron
            return jump_measures.is_convex(network, cells, domain, k, measures.is_convex)
        return measures.is_convex(network, cells, k)

    def is_monotone(self, *, decreasing: bool = False) -> bool:
        """Whether no output falls (rises) when one input grows."""
        return measures.is_monotone(self.network, self.cells, decreasing)

    def is_injective(self) -> bool:
        """Whether no value is taken at two points of the domain."""
        return bool(self.injectivity())

    def injectivity(self) -> Proved | Refuted:
        """Proved, or refuted with two points that have one value.

        Complete for all functions, with jumps too, on all domains. The second point is named y, or
        y_1, y_2, …; by another letter where these are variables.

        Examples
        --------
        >>> import sympy as sp, symnet as sn
        >>> x = sp.Symbol("x", real=True)
        >>> print(sn.piecewise(2 * x + abs(x)).injectivity())
        proved (decomposition: 2 regions, 1 comparison of two)
        >>> print(sn.piecewise(x + 2 * abs(x)).injectivity())
        refuted; at x = -1, y = 1/3: 1 = 1

        Source: definition.
        """
        return injectivity(self)

    # --- new functions

    def _made(self, layers: LayerList, domain: Domain | None = None) -> PiecewiseLinear:
        part = domain or self.domain
        cells = find_cells(layers, part.polyhedron)
        return PiecewiseLinear(layers, part, cells, self.variables, self.scalar)

    def restrict(self, domain: Domain) -> PiecewiseLinear:
        """The same function on a part of the domain, given in its coordinates."""
        return self._made(self.network, self.domain.restricted(domain))

    def _beside(self, other: Any, what: str) -> LayerList:
        if not isinstance(other, PiecewiseLinear):
            raise TypeError(f"{what} of a PiecewiseLinear and {other!r} is not defined")
        mine, theirs = self.network, other.network
        if mine.outputs != theirs.outputs:
            raise ShapeError(
                f"{what} of functions with {mine.outputs} and {theirs.outputs} outputs"
            )
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
        relu = LayerList.entrywise([RELU] * self.network.outputs)
        return self._made(added([difference.then(relu), other.network]))

    def compose(self, inner: PiecewiseLinear) -> PiecewiseLinear:
        """x -> self(inner(x)) on the domain of ``inner``, whose values must lie in this domain."""
        if inner.network.outputs != self.network.inputs:
            raise ShapeError(
                f"the inner function has {inner.network.outputs} outputs, "
                f"and the outer one takes {self.network.inputs} inputs"
            )
        for h in self.domain.polyhedron.half_spaces:
            form = LayerList.affine(AffineMap.from_rationals([h.normal], [-h.offset]))
            top = measures.maximum(inner.network.then(form), inner.cells, 0, 1)
            if (top.value > 0) == sp.true:
                where = f"at {top.point}" if top.point else "far out"
                raise DomainError(f"the inner function leaves the domain of the outer one {where}")
        layers = inner.network.then(self.network)
        cells = find_cells(layers, inner.domain.polyhedron)
        return PiecewiseLinear(layers, inner.domain, cells, inner.variables, self.scalar)

    def decisions(self) -> Decisions:
        """Where which output is the greatest, and the boundaries between."""
        if self.network.outputs < 2:
            raise ShapeError("a decision is between outputs, and the function has only one")
        function = self._made(compared(self.network))
        return Decisions(function, winners(function))

    # --- equality

    def compare(self, other: PiecewiseLinear) -> Proved | Refuted:
        """Whether two functions on one domain are equal, with a point where they are not.

        Their difference is taken apart, after neurons that cancel have been left out; it is zero
        iff its affine map is zero on every region.
        """
        found = nonzero_of(self._combined(other, "the difference", 1, -1), self.domain.polyhedron)
        if isinstance(found, int):
            return Proved("decomposition", f"the difference is 0 on {found} regions")
        point, output = tuple(number(v) for v in found[0]), found[1]
        return Refuted(
            dict(zip(self.variables, point, strict=True)), self(point), other(point),
            "exact evaluation", "" if self.scalar else f"output {output}",
        )  # fmt: skip

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

    def plot(
        self,
        by: str | None = None,
        *,
        output: int | None = None,
        surface: bool = False,
        frame: Any = None,
        boundaries: bool | None = None,
        labels: str | bool | None = None,
        lines: str | bool | None = None,
        names: Sequence[str] | None = None,
        output_names: Sequence[str] | None = None,
        points: Any = None,
        title: str = "",
        palette: Any = None,
        size: Any = None,
        legend: bool = True,
        view: tuple[float, float] = (-60, 30),
    ) -> Picture:
        """A picture: the graph of a function of one variable, the regions of one of two.

        It shows itself in a notebook; ``.to("regions.svg")`` writes it as SVG, PNG, PDF or TikZ.
        An unbounded domain is shown around all vertices of its regions.

        Parameters
        ----------
        by : how regions are coloured: ``pattern`` (the default) and ``piece`` so that neighbours
            differ, ``value`` by the value of an output, ``decision`` by the greatest output
        output : which output, from 0; in one dimension all of them where it is left out
        surface : the graph over the plane, in space
        frame : what is shown: a Box, or [lo, hi] for each axis
        boundaries : whether the neurons' boundaries are drawn, layer by layer
        labels : words in the regions: ``pattern``, ``number`` or ``map``
        lines : names of the first layer's lines: ``names`` or ``equations``
        names, output_names : names of the inputs and of the outputs; $ … $ is mathematics
        points : points of the plane that get a dot, or {name: point}; of a slice also inputs
        title : words above
        palette : ``light``, ``diverging``, ``grey``, or a list of colours #rrggbb
        size : (width, height) of the plotted area in inches, or the width
        legend : whether there is a legend, and a bar for the values
        view : azimuth and elevation in degrees from which a surface is seen

        Raises
        ------
        PictureError
            For functions of three and more variables, and options that do not fit.

        Examples
        --------
        >>> import symnet as sn
        >>> net = sn.Sequential(sn.Linear([[1, 0], [0, 1], [1, 1]]), sn.ReLU(), sn.Linear(3, 1))
        >>> sn.piecewise(sn.Sequential(net[0], net[1])).plot(title="Three ReLUs").x.name
        '$x_{1}$'
        """
        return plot(
            self, by=by, output=output, surface=surface, frame=frame, boundaries=boundaries,
            labels=labels, lines=lines, names=names, output_names=output_names, points=points,
            title=title, palette=palette, size=size, legend=legend, view=view,
        )  # fmt: skip

    def save(self, path: str | Path) -> Path:
        """Write everything to a ``.npz`` (no pickle) or ``.json`` file, for ``load_piecewise``."""
        return storing.save(self, Path(path))
