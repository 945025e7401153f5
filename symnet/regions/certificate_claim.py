"""What a certificate is about, in plain data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import fmpq

from ..errors import CertificateError
from ..exact.arrays import Floats, Ints, Signs
from ..exact.polyhedron import Polyhedron
from ..exact.rational_rows import clear_denominators
from .cells import Cells
from .layer_list import LayerList

Vector = tuple[int, ...]


@dataclass(frozen=True)
class Claim:
    """Cells by their signs and generators, on a domain without lines that its walls describe.

    A wall is a form on (x, tau) that is nonnegative on the domain. Generators are numbered: first
    ``len(points)`` vertices, then rays; ``vector(g)`` is a generator as integers (X, T). ``points``
    are the vertices in float64, ``errors`` their greatest errors. Where ``given``, vertices are
    what ``vector`` says, otherwise what their places between the cells say. Cell ``cell[i]`` has
    generator ``generator[i]``, by cells.
    """

    layers: LayerList
    walls: tuple[Vector, ...]
    signs: Signs
    cell: Ints
    generator: Ints
    generators: int
    points: Floats
    errors: Floats
    vector: Callable[[int], Vector]
    given: bool
    neighbours: Ints

    @classmethod
    def of(cls, layers: LayerList, domain: Polyhedron, cells: Cells) -> Claim:
        """What cells without lines claim."""
        infinity = (*[0] * domain.ambient, 1)
        walls = [(*(-v for v in h.normal), h.offset) for h in domain.half_spaces]
        cell, vertex = cells.corner_pairs
        owner, ray = cells.ray_pairs
        owner, generator = np.append(cell, owner), np.append(vertex, ray + cells.vertex_count)
        order = np.argsort(owner, kind="stable")
        points, errors = cells.float_points
        errors = np.where(np.isnan(errors), np.inf, errors)

        def vector(g: int) -> Vector:
            if g >= cells.vertex_count:
                return (*cells.directions[g - cells.vertex_count], 0)
            return tuple(clear_denominators([*cells.point(g), fmpq(1)])[0])

        return cls(
            layers, tuple(walls) if domain.is_bounded else (*walls, infinity), cells.signs,
            owner[order], generator[order], cells.vertex_count + len(cells.directions),
            points, errors, vector, cells.given, cells.neighbours,
        )  # fmt: skip

    @property
    def dimension(self) -> int:
        """The number of inputs."""
        return self.layers.inputs

    @property
    def start(self) -> Ints:
        """Where the generators of every cell begin."""
        return np.searchsorted(self.cell, np.arange(self.signs.shape[0]))

    def check(self) -> None:
        """Every cell has generators, each once, and every generator has a cell."""
        count = np.bincount(self.cell, minlength=self.signs.shape[0])
        if not count.size or (count == 0).any():
            raise CertificateError(f"cell {int(count.argmin()) if count.size else 0} is empty")
        used = np.bincount(self.generator, minlength=self.generators)
        if (used == 0).any():
            raise CertificateError(f"{self.name(int(used.argmin()))} belongs to no cell")
        pairs = np.sort(self.cell * self.generators + self.generator)
        again = np.flatnonzero(pairs[1:] == pairs[:-1])
        if again.size:
            cell, generator = divmod(int(pairs[again[0]]), self.generators)
            raise CertificateError(f"cell {cell} has {self.name(generator)} twice")

    def name(self, generator: int) -> str:
        """A generator in words."""
        *x, t = self.vector(generator)
        if t == 0:
            return f"ray ({', '.join(map(str, x))})"
        place = ", ".join(str(Fraction(v, t)) for v in x)
        return f"vertex {generator} at ({place})"

    def neuron(self, virtual: int) -> tuple[str, Fraction]:
        """The neuron of a virtual neuron in words, and the breakpoint."""
        for layer, functions in enumerate(self.layers.functions):
            for i, f in enumerate(functions):
                if virtual < len(f.breakpoints):
                    return f"neuron {i} of hidden layer {layer + 1}", f.breakpoints[virtual]
                virtual -= len(f.breakpoints)
        raise IndexError("there are fewer virtual neurons")
