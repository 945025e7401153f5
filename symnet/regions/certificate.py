r"""A certificate for a complex of linear regions, by code that shares nothing with its
construction.

What is claimed: polygons with common corners, and for each a pattern of signs of all z_i - beta.
What is checked:

1. *Corners.* A corner common to four cells whose patterns are the four sign combinations of two
   neurons is by definition the point where both vanish: on the two sides of the first neuron's line
   the second's forms differ by a multiple of the first's, so it is one point. A corner between two
   cells on a side of the domain is likewise the zero of the neuron that tells them apart. Every
   other corner has explicit rational coordinates.
2. *Cells* are strictly convex and counterclockwise: every turn is positive, and so are the
   triangles from the first corner and from the first side.
3. *Cover.* Every side has two cells, in opposite directions, or one; those with one run round the
   domain's boundary. So for a general point the number of cells that contain it is the winding
   number of that boundary: 1.
4. *Coordinates.* The approximate coordinates agree with the balls within the stated errors.
5. *Patterns.* At every corner of a cell the cell's own affine forms have the signs that its pattern
   says (or vanish), so by convexity they do on all of it: on the cell the network is the affine map
   of the pattern. Patterns differ.

Balls in float64 decide most comparisons; where they do not, the corner is taken exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from symnet.exact.affine import nearest_float
from symnet.exact.arrays import Bools, Floats, Ints
from symnet.regions.certificate_corners import Corners, classify
from symnet.regions.certificate_exact import ExactNetwork
from symnet.regions.certificate_forms import (
    LayerForms,
    at_points,
    difference,
    input_forms,
    intersection,
    product,
    quotient,
)  # fmt: skip

if TYPE_CHECKING:
    from symnet.regions.complex import Complex

_FORMS_AT_ONCE = 1 << 18


class CertificateError(AssertionError):
    """A complex of linear regions is not what it claims to be."""


@dataclass(frozen=True)
class Certificate:
    """What was checked: numbers of cells, corners and sides, and how many corners exactly."""

    cells: int
    corners: int
    sides: int
    exact_corners: int


def certify(complex_: Complex) -> Certificate:
    """Check a complex completely; return what was checked, or raise `CertificateError`."""
    check = _Check(complex_)
    check.run()
    return Certificate(
        len(complex_), complex_.vertex_count, complex_.side_count, len(check.exact_points)
    )


class _Check:
    def __init__(self, complex_: Complex) -> None:
        self.complex = complex_
        self.d = complex_.dimension
        source = complex_.source
        self.source = source
        self.exact = ExactNetwork(source)
        self.layers = [
            LayerForms(affine, f)
            for affine, f in zip(source.layers, source.activations, strict=False)
        ]
        self.neuron = [
            np.array([i for i, f in enumerate(fs) for _ in f.breakpoints], dtype=np.int64)
            for fs in source.activations
        ]
        self.beta = [[beta for f in fs for beta in f.breakpoints] for fs in source.activations]
        self.signs = [complex_.signs(k) for k in range(len(self.layers))]
        self.exact_points: dict[int, tuple[Fraction, ...]] = {}
        n = complex_.vertex_count
        self.point = np.full((self.d, n), np.nan)
        self.spread = np.full((self.d, n), np.inf)
        self.corners: Corners = classify(complex_, self.signs)

    def run(self) -> None:
        with np.errstate(all="ignore"):
            for v in self.corners.special.tolist():
                self.take_exactly(v)
            self.locate()
            reach = float(max(abs(x) for c in self.complex.domain.corners for x in c))
            vague = ~(self.spread <= 2.0**-20 * reach).all(axis=0)
            for v in np.flatnonzero(vague).tolist():
                self.take_exactly(v)
            self.coordinates()
            self.patterns()
            if self.d == 2:
                self.convexity()
            self.boundary()

    # corners

    def take_exactly(self, v: int) -> None:
        """Fix corner v at its rational point, and check every cell's signs there."""
        if v in self.exact_points:
            return
        x = self.complex.exact_point(v)
        self.exact_points[v] = x
        self.point[:, v] = [nearest_float(t.numerator, t.denominator) for t in x]
        self.spread[:, v] = np.abs(self.point[:, v]) * 2.0**-52 + 2.0**-1070
        found = np.array(self.exact.margins(x), dtype=np.int8)
        for c in self.corners.cells_at(v).tolist():
            claimed = np.concatenate([[], *(s[c] for s in self.signs)])
            wrong = (found != 0) & (found != claimed)
            if wrong.any():
                self.fail_sign(c, v, int(np.flatnonzero(wrong)[0]), int(found[wrong][0]))
        self.corners.check_side(v, x)

    def fail_sign(self, cell: int, vertex: int, virtual: int, found: int) -> None:
        layer = 0
        while virtual >= len(self.beta[layer]):
            virtual -= len(self.beta[layer])
            layer += 1
        x = self.exact_points[vertex]
        raise CertificateError(
            f"cell {cell}: neuron {int(self.neuron[layer][virtual])} of hidden layer "
            f"{layer + 1} is {'above' if found > 0 else 'below'} {self.beta[layer][virtual]} "
            f"at the corner ({', '.join(map(str, x))}), its pattern says otherwise"
        )

    def blocks(self) -> list[Ints]:
        """Return the cells in portions whose forms fit in the cache."""
        widest = max((layer.bias.shape[0] for layer in self.layers), default=1)
        size = max(16, _FORMS_AT_ONCE // (widest * (self.d + 1)))
        return [
            np.arange(k, min(k + size, len(self.complex)))
            for k in range(0, len(self.complex), size)
        ]

    def forms(self, cells: Ints) -> list[tuple[Floats, Floats]]:
        """Return the forms z_i - beta on the given cells, one pair (forms, radii) per layer."""
        h, r = input_forms(self.d, cells.shape[0])
        result = []
        for k, layer in enumerate(self.layers):
            z, rz = layer.preactivations(h, r)
            pieces = np.zeros((cells.shape[0], z.shape[0]), dtype=np.int64)
            np.add.at(pieces.T, self.neuron[k], self.signs[k].take(cells, axis=0).T > 0)
            h, r = layer.outputs(z, rz, pieces)
            form, radius = z.take(self.neuron[k], axis=0), rz.take(self.neuron[k], axis=0)
            beta = np.array([nearest_float(b.numerator, b.denominator) for b in self.beta[k]])
            if beta.any():
                form[:, -1] -= beta[:, None]
                radius[:, -1] += 2.0**-51 * (np.abs(beta)[:, None] + np.abs(form[:, -1]))
            result.append((form, radius))
        return result

    def locate(self) -> None:
        """Enclose the corners that are defined by the neurons that vanish there."""
        corners = self.corners
        starts = np.concatenate([[0], np.cumsum([len(b) for b in self.beta])])
        for cells in self.blocks():
            chosen = corners.defined_in(int(cells[0]), int(cells[-1]))
            if not chosen.size:
                continue
            place = corners.home[chosen] - cells[0]
            lines = []
            forms = self.forms(cells)
            for zero in (corners.first[chosen], corners.second[chosen])[: self.d]:
                form = np.zeros((self.d + 1, chosen.size))
                radius = np.zeros_like(form)
                for k, (f, r) in enumerate(forms):
                    here = np.flatnonzero((zero >= starts[k]) & (zero < starts[k + 1]))
                    form[:, here] = f[zero[here] - starts[k], :, place[here]].T
                    radius[:, here] = r[zero[here] - starts[k], :, place[here]].T
                if (zero < 0).any():
                    side = np.flatnonzero(zero < 0)
                    form[:, side], radius[:, side] = corners.side_forms(chosen[side])
                lines += [form, radius]
            if self.d == 1:
                x, rx = quotient(-lines[0][1], lines[1][1], lines[0][0], lines[1][0])
                self.point[0, chosen], self.spread[0, chosen] = x, rx
            else:
                self.point[:, chosen], self.spread[:, chosen] = intersection(*lines)

    def coordinates(self) -> None:
        """Check that the approximate coordinates lie where the corners do, within their errors."""
        distance = np.abs(self.complex.points.T - self.point)
        room = (self.complex.point_errors.T + self.spread) * 1.01
        far = ~(distance <= room + 2.0**-50 * np.abs(self.point)).all(axis=0)
        if far.any():
            v = int(np.flatnonzero(far)[0])
            raise CertificateError(
                f"corner {v} is not at {self.complex.points[v].tolist()} but near "
                f"{self.point[:, v].tolist()}"
            )

    # cells

    def patterns(self) -> None:
        """Check the signs of every cell's forms at its corners, and that patterns differ."""
        cells = self.complex.cells
        starts = np.concatenate([[0], np.cumsum([len(b) for b in self.beta])])
        size = np.diff(cells.offset)
        for block in self.blocks():
            forms = self.forms(block)
            for k in range(int(size[block].max())):
                here = np.flatnonzero(size[block] > k)
                vertex = cells.corner[cells.offset[block[here]] + k]
                for layer, (form, radius) in enumerate(forms):
                    value, error = at_points(
                        form[:, :, here], radius[:, :, here],
                        self.point[:, vertex], self.spread[:, vertex],
                    )  # fmt: skip
                    sign = self.signs[layer][block[here]].T
                    row, column = np.nonzero(~(value * sign > error))
                    v, virtual = vertex[column], row + starts[layer]
                    open_ = (self.corners.first[v] != virtual) & (self.corners.second[v] != virtual)
                    for w in np.unique(v[open_]).tolist():
                        self.take_exactly(w)
        words = np.hstack([cells.positive, cells.zero])
        if np.unique(words, axis=0).shape[0] != len(self.complex):
            raise CertificateError("two cells have the same pattern")

    def convexity(self) -> None:
        """Check that every cell is strictly convex and counterclockwise."""
        cells = self.complex.cells
        size = np.diff(cells.offset)
        if size.min() < 3:
            raise CertificateError(f"cell {int(size.argmin())} has fewer than three corners")
        owner = np.repeat(np.arange(len(self.complex)), size)
        start = cells.offset[:-1].take(owner)
        rank = np.arange(owner.shape[0]) - start
        following = start + (rank + 1) % size.take(owner)
        beyond = start + (rank + 2) % size.take(owner)
        here = np.arange(owner.shape[0])
        inner = (rank >= 1) & (rank < size.take(owner) - 1)
        triples = [
            np.stack([here, following, beyond]),
            np.stack([start, here, following])[:, inner],
            np.stack([start, start + 1, following])[:, inner],
        ]
        for triple in triples:
            a, b, c = cells.corner.take(triple)
            for k in np.flatnonzero(~self.left_turn(a, b, c)).tolist():
                if not self.exact_turn(int(a[k]), int(b[k]), int(c[k])):
                    raise CertificateError(
                        f"cell {int(owner[triple[0, k]])} is not strictly convex and "
                        f"counterclockwise at corner {int(b[k])}"
                    )

    def left_turn(self, a: Ints, b: Ints, c: Ints) -> Bools:
        """Return where the balls prove that a, b, c turn left."""
        p, r = self.point, self.spread
        ux, rux = difference(p[0, b], r[0, b], p[0, a], r[0, a])
        uy, ruy = difference(p[1, b], r[1, b], p[1, a], r[1, a])
        vx, rvx = difference(p[0, c], r[0, c], p[0, a], r[0, a])
        vy, rvy = difference(p[1, c], r[1, c], p[1, a], r[1, a])
        det, error = difference(*product(ux, rux, vy, rvy), *product(uy, ruy, vx, rvx))
        result: Bools = det > error
        return result

    def exact_turn(self, a: int, b: int, c: int) -> bool:
        """Return whether a, b, c turn left, exactly."""
        for v in (a, b, c):
            self.take_exactly(v)
        p, q, r = (self.exact_points[v] for v in (a, b, c))
        return (q[0] - p[0]) * (r[1] - p[1]) > (q[1] - p[1]) * (r[0] - p[0])

    def boundary(self) -> None:
        """Check that corners advance along the boundary (or along the line)."""
        for a, b, axis, way in self.corners.steps():
            gap = way * (self.point[axis, b] - self.point[axis, a])
            room = (self.spread[axis, a] + self.spread[axis, b]) * 1.01
            size = abs(self.point[axis, a]) + abs(self.point[axis, b])
            if gap > room + 1e-15 * size:
                continue
            self.take_exactly(a)
            self.take_exactly(b)
            if not way * (self.exact_points[b][axis] - self.exact_points[a][axis]) > 0:
                raise CertificateError(f"corners {a} and {b} are not in order along the boundary")
