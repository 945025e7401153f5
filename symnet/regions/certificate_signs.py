r"""The exact signs of all neurons and walls at the generators of the cells.

Rays, and vertices that are given by their coordinates, are evaluated in integers. Any other vertex
with d neurons and walls, on which it lies, is by definition the point where they vanish: the walls
on which it was said to be, and the neurons whose signs differ on its cells. On one of its cells
these are affine forms, known up to a radius; where their equations have a unique solution, it is
enclosed in a ball, and there the forms of the cell are the values of all neurons, since a network
is continuous: the signs of those that do not vanish by definition are those on the ball. Where the
ball leaves one open, or the definition fails, the vertex is taken as what `Claim.vector` says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import CertificateError
from ..exact.affine import nearest_float
from ..exact.arrays import Bools, Floats, Ints, Octets
from .certificate_bits import members, packed, sizes, union
from .certificate_claim import Claim
from .certificate_forms import LayerForms, at_points, input_forms, solution

_FORMS_AT_ONCE = 1 << 18


@dataclass
class SignTable:
    """Which virtual neurons are positive and negative, and which walls are zero, by generators."""

    positive: Octets
    negative: Octets
    on_wall: Bools

    @classmethod
    def of(cls, claim: Claim) -> SignTable:
        """The signs, checked to be exact and to lie in the domain."""
        n, width = claim.generators, packed(claim.signs[:1] > 0).shape[1]
        empty = np.zeros((n, width), dtype=np.uint8)
        table = cls(empty, empty.copy(), np.zeros((n, len(claim.walls)), dtype=np.bool_))
        exact = np.ones(n, dtype=np.bool_)
        if not claim.given:
            with np.errstate(all="ignore"):
                located = _Located(claim)
                located.run(table)
            exact[located.done] = False
        table.evaluate(claim, np.flatnonzero(exact))
        return table

    def evaluate(self, claim: Claim, generators: Ints) -> None:
        """Take some of the generators as what they are said to be, exactly."""
        vectors = [claim.vector(g) for g in generators.tolist()]
        signs = claim.layers.exact.signs_at(vectors)
        self.positive[generators], self.negative[generators] = packed(signs > 0), packed(signs < 0)
        for g, x in zip(generators.tolist(), vectors, strict=True):
            if not any(x):
                raise CertificateError(f"{claim.name(g)} is no direction")
            for k, wall in enumerate(claim.walls):
                value = sum(a * b for a, b in zip(wall, x, strict=True))
                if value < 0:
                    raise CertificateError(f"{claim.name(g)} is outside the domain")
                self.on_wall[g, k] = value == 0
            _check_place(claim, g, x)


def _check_place(claim: Claim, generator: int, x: tuple[int, ...]) -> None:
    """The approximate coordinates of a vertex are as good as they are said to be."""
    if generator < len(claim.points):
        near = np.array([[nearest_float(v, x[-1])] for v in x[:-1]])
        _check_distances(claim, np.array([generator]), near, np.abs(near) * 2.0**-50 + 2.0**-1000)


def _check_distances(claim: Claim, vertices: Ints, place: Floats, spread: Floats) -> None:
    points = claim.points[vertices].T
    with np.errstate(all="ignore"):  # places may be out of the floats' range
        distance = np.where(points == place, 0.0, np.abs(points - place))
        room = (claim.errors[vertices].T + spread) * 1.01 + 2.0**-50 * np.abs(place)
    wrong = np.flatnonzero(~(distance <= room).all(axis=0))
    if wrong.size:
        v = int(vertices[wrong[0]])
        raise CertificateError(
            f"vertex {v} is said to be at {claim.points[v].tolist()} "
            f"and is near {place[:, wrong[0]].tolist()}"
        )


class _Located:
    """Vertices that are defined by what vanishes there, and enclosed in balls; ``done`` lists them.

    A vertex is looked at on its first cell.
    """

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.done = np.zeros(0, dtype=np.int64)
        n = len(claim.points)
        self.walls, self.wall_radius = _wall_forms(claim.walls)
        near, doubt = self._at_walls(claim.points.T, claim.errors.T)
        self.on_wall = (np.abs(near) <= doubt).T
        by_generator = np.argsort(claim.generator, kind="stable")
        start = np.searchsorted(claim.generator[by_generator], np.arange(n))
        end = np.searchsorted(claim.generator[by_generator], np.arange(n), side="right")
        self.home = claim.cell[by_generator[start]]
        part = by_generator[: int(end[-1])] if n else by_generator[:0]
        above, below = packed(claim.signs > 0), packed(claim.signs < 0)
        cells = claim.cell[part]
        self.varied = union(above[cells], start) & union(below[cells], start)
        flat = (claim.signs == 0).any(axis=1)[cells]
        some_flat = np.add.reduceat(flat.astype(np.int64), start) > 0 if n else flat
        count = sizes(self.varied) + self.on_wall.sum(axis=1)
        self.chosen = np.flatnonzero((count == claim.dimension) & ~some_flat)

    def _at_walls(self, x: Floats, spread: Floats) -> tuple[Floats, Floats]:
        """The walls at points, (walls, points), and errors."""
        shape = *self.walls.shape, x.shape[1]
        form = np.broadcast_to(self.walls[:, :, None], shape)
        return at_points(form, np.broadcast_to(self.wall_radius[:, :, None], shape), x, spread)

    def run(self, table: SignTable) -> None:
        """Enter the signs of all that can be located."""
        claim, home = self.claim, self.home[self.chosen]
        order = np.argsort(home, kind="stable")
        chosen, home = self.chosen[order], home[order]
        cells = np.unique(home)
        widest = max((m.shape[0] for m in claim.layers.maps), default=1)
        size = max(16, _FORMS_AT_ONCE // (widest * (claim.dimension + 1)))
        layers = [
            LayerForms(m, f)
            for m, f in zip(claim.layers.maps, claim.layers.functions, strict=False)
        ]
        found = []
        for k in range(0, cells.shape[0], size):
            part = cells[k : k + size]
            here = slice(*np.searchsorted(home, [part[0], part[-1] + 1]).tolist())
            forms = _forms(claim, layers, part)
            vertices, place = chosen[here], np.searchsorted(part, home[here])
            found.append(self._enter(table, vertices, place, forms))
        self.done = np.concatenate([self.done, *found])

    def _enter(
        self, table: SignTable, vertices: Ints, place: Ints, forms: tuple[Floats, Floats]
    ) -> Ints:
        """Enter the signs at vertices, from forms on their cells; return those that were found."""
        claim = self.claim
        rows, radii = self._equations(vertices, place, forms)
        x, spread = solution(rows, radii)
        value, error = at_points(forms[0][:, :, place], forms[1][:, :, place], x, spread)
        zero = np.zeros(value.shape, dtype=np.bool_)
        vertex, virtual = members(self.varied[vertices])
        zero[virtual, vertex] = True
        positive, negative = (value > error) & ~zero, (value < -error) & ~zero
        slack, doubt = self._at_walls(x, spread)
        on_wall = self.on_wall[vertices]
        good = (positive | negative | zero).all(axis=0) & np.isfinite(spread).all(axis=0)
        good &= ((slack > doubt) | on_wall.T).all(axis=0)
        kept = vertices[good]
        _check_distances(claim, kept, x[:, good], spread[:, good])
        table.positive[kept] = packed(positive[:, good].T)
        table.negative[kept] = packed(negative[:, good].T)
        table.on_wall[kept] = on_wall[good]
        return kept

    def _equations(
        self, vertices: Ints, place: Ints, forms: tuple[Floats, Floats]
    ) -> tuple[Floats, Floats]:
        """The d forms that vanish at each of the vertices, (d, d + 1, vertices), and radii."""
        d, n = self.claim.dimension, vertices.shape[0]
        rows, radii = np.empty((d, d + 1, n)), np.empty((d, d + 1, n))
        on_wall = self.on_wall[vertices]
        vertex, wall = np.nonzero(on_wall)
        slot = np.arange(vertex.shape[0]) - np.searchsorted(vertex, vertex)
        rows[slot, :, vertex] = self.walls[wall]
        radii[slot, :, vertex] = self.wall_radius[wall]
        first = on_wall.sum(axis=1)
        vertex, virtual = members(self.varied[vertices])
        slot = np.arange(vertex.shape[0]) - np.searchsorted(vertex, vertex) + first[vertex]
        rows[slot, :, vertex] = forms[0][virtual, :, place[vertex]]
        radii[slot, :, vertex] = forms[1][virtual, :, place[vertex]]
        return rows, radii


def _wall_forms(walls: tuple[tuple[int, ...], ...]) -> tuple[Floats, Floats]:
    """The walls in float64, (walls, d + 1), and their radii."""
    size = [max(map(abs, wall)) for wall in walls]
    form = np.array(
        [[nearest_float(v, m) for v in wall] for wall, m in zip(walls, size, strict=True)]
    )
    return form, np.abs(form) * 2.0**-52 + 2.0**-1070


def _forms(claim: Claim, layers: list[LayerForms], cells: Ints) -> tuple[Floats, Floats]:
    """The forms z_i - beta of all virtual neurons on some cells, (virtual, d + 1, cells)."""
    h, r = input_forms(claim.dimension, cells.shape[0])
    forms, radii = [np.zeros((0, *h.shape[1:]))], [np.zeros((0, *h.shape[1:]))]
    starts = claim.layers.starts
    for k, (layer, functions) in enumerate(zip(layers, claim.layers.functions, strict=True)):
        z, rz = layer.preactivations(h, r)
        owner = np.array([i for i, f in enumerate(functions) for _ in f.breakpoints], dtype=int)
        places = [b for f in functions for b in f.breakpoints]
        beta = np.array([nearest_float(b.numerator, b.denominator) for b in places])
        signs = claim.signs[cells, starts[k] : starts[k + 1]]
        h, r = layer.outputs(z, rz, layer.pieces(signs))
        form, radius = z[owner], rz[owner]
        form[:, -1] -= beta[:, None]
        radius[:, -1] += 2.0**-51 * (np.abs(beta)[:, None] + np.abs(form[:, -1]))
        forms.append(form)
        radii.append(radius)
    return np.concatenate(forms), np.concatenate(radii)
