"""Exact vertices and exact signs of forms at them, computed when the filter cannot decide.

A vertex is a domain corner or the zero of a form on the segment between two older vertices.  In
homogeneous integers (X, w), w > 0, with the values a, c of the form at the ends, of opposite sign,
it is |c| (X_p, w_p) + |a| (X_q, w_q) where a and c are the homogeneous values; a common divisor is
removed, so that the numbers stay as small as the point allows.  Everything is cached.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flint import fmpq, fmpz, fmpz_mat

from symnet.exact.rational_rows import primitive
from symnet.regions.lattice_layers import PreparedLayer

__all__ = ["ExactVertices", "forward"]

# From a vertex to (p, q, depth, column): the segment it is on and the form that is zero.
Parents = Callable[[int], tuple[int, int, int, int]]

_CACHE_LIMIT = 20_000


def forward(layers: Sequence[PreparedLayer], points: fmpz_mat) -> fmpz_mat:
    """Apply hidden layers, activation included, to homogeneous columns (h, w)."""
    for layer in layers:
        z = (layer.exact * points).tolist()
        weight = z.pop()
        Q, pieces = layer.exact_pieces
        rows: list[list[fmpz]] = []
        zero = fmpz(0)
        for act, parts, row in zip(layer.activations, pieces, z, strict=True):
            if act.is_relu and Q == 1:
                rows.append([value if value > 0 else zero for value in row])
                continue
            new = []
            for value, w in zip(row, weight, strict=True):
                piece = sum(value * t.denominator > t.numerator * w for t in act.breakpoints)
                slope, offset = parts[piece]
                new.append(slope * value + offset * w)
            rows.append(new)
        points = fmpz_mat([*rows, [Q * w for w in weight]])
    return points


class ExactVertices:
    """The exact coordinates of the vertices of a complex, and forms evaluated at them."""

    def __init__(
        self,
        layers: Sequence[PreparedLayer],
        corners: Sequence[Sequence[fmpq]],
        clip: PreparedLayer | None = None,
    ) -> None:
        self.layers = layers
        self.clip = clip
        self.points: dict[int, tuple[int, ...]] = {}
        self.decisions = 0
        self._values: dict[tuple[int, int], list[fmpz]] = {}
        for i, corner in enumerate(corners):
            w = 1
            for x in corner:
                w = w * int(x.q) // int(fmpz(w).gcd(x.q))
            self.points[i] = primitive([*(int(x.p) * (w // int(x.q)) for x in corner), w])

    def layer(self, depth: int) -> PreparedLayer:
        """The hidden layer of this depth; depth -1 is the domain's own inequalities."""
        if depth >= 0:
            return self.layers[depth]
        assert self.clip is not None
        return self.clip

    def pre_activations(self, vertices: Sequence[int], depth: int) -> list[list[fmpz]]:
        """The homogeneous pre-activations (z, w) of layer `depth` at vertices with points."""
        missing = [v for v in dict.fromkeys(vertices) if (v, depth) not in self._values]
        if missing:
            if len(self._values) > _CACHE_LIMIT:
                self._values.clear()
                missing = list(dict.fromkeys(vertices))
            columns = fmpz_mat([list(self.points[v]) for v in missing]).transpose()
            last = self.layer(depth).exact * forward(self.layers[: max(depth, 0)], columns)
            for v, values in zip(missing, last.transpose().tolist(), strict=True):
                self._values[v, depth] = values
        return [self._values[v, depth] for v in vertices]

    def form(self, vertices: Sequence[int], depth: int, columns: Sequence[int]) -> list[fmpq]:
        """The exact value of form columns[i] of layer `depth` at vertices[i]."""
        self.decisions += len(vertices)
        layer = self.layer(depth)
        result = []
        for values, column in zip(self.pre_activations(vertices, depth), columns, strict=True):
            r, t = layer.form[column]
            result.append(fmpq(values[r], values[-1]) - t)
        return result

    def require(self, vertices: Sequence[int], parents: Parents) -> None:
        """Compute the points of these vertices, and of the older ones that they rest on."""
        todo, pending = set(), [v for v in vertices if v not in self.points]
        while pending:
            v = pending.pop()
            if v in todo:
                continue
            todo.add(v)
            p, q, _, _ = parents(v)
            pending += [u for u in (p, q) if u not in self.points]
        for v in sorted(todo):
            p, q, depth, column = parents(v)
            self.points[v] = self._crossing(p, q, depth, column)

    def _crossing(self, p: int, q: int, depth: int, column: int) -> tuple[int, ...]:
        r, t = self.layer(depth).form[column]
        weights = []
        for v, values in zip((p, q), self.pre_activations((p, q), depth), strict=True):
            # Value of the form over w of the vertex; the layers multiplied w by a positive factor.
            value = (fmpq(values[r], values[-1]) - t) * self.points[v][-1]
            weights.append(abs(value))
        a, c = weights
        scale_p, scale_q = c.p * a.q, a.p * c.q
        return primitive(
            [
                int(scale_p) * x + int(scale_q) * y
                for x, y in zip(self.points[p], self.points[q], strict=True)
            ]
        )

    def coordinates(self, vertex: int) -> tuple[fmpq, ...]:
        """The point itself, for a vertex whose point is known."""
        *x, w = self.points[vertex]
        return tuple(fmpq(v, w) for v in x)
