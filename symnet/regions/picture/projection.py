"""How space is shown on paper: parallel projection, the box around a surface, what is in front."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import cos, radians, sin

import numpy as np

from ...pictures import ticks
from ...pictures.marks import Label, Mark, Number, Path, Place, Polygon, Stroke, Tick
from .frame import Interval, Shown

Spot = tuple[Number, Number, Number]

_HEIGHT = 0.7
_PANE, _GRID, _AXIS = "#f4f4f4", Stroke("#d0d0d0", 0.4), Stroke(width=0.6)


@dataclass(frozen=True)
class Projection:
    """Parallel projection of a box, seen from an azimuth and an elevation in degrees.

    ``box`` holds the ranges of x, y and value; x and y have equal units unless one range is much
    longer.
    """

    box: tuple[Interval, Interval, Interval]
    azimuth: float
    elevation: float

    @property
    def factors(self) -> tuple[float, float, float]:
        """What one unit of each axis measures in the box on paper, before it is turned."""
        across, up, high = (float(b - a) for a, b in self.box)
        longest = max(across, up)
        equal = 0.25 <= across / up <= 4
        return 1 / (longest if equal else across), 1 / (longest if equal else up), _HEIGHT / high

    def __call__(self, spot: Spot) -> Place:
        """Where a point of space is on paper."""
        x, y, z = (
            float(v - a) * f for v, (a, _), f in zip(spot, self.box, self.factors, strict=True)
        )
        a, e = radians(self.azimuth), radians(self.elevation)
        return y * cos(a) - x * sin(a), z * cos(e) - (x * cos(a) + y * sin(a)) * sin(e)

    @property
    def towards(self) -> tuple[float, float]:
        """The direction in the plane, in units of its axes, that leads to the one who looks."""
        a = radians(self.azimuth)
        kx, ky, _ = self.factors
        return cos(a) / kx, sin(a) / ky

    def light(self, slope: Sequence[float]) -> float:
        """How much light falls on a facet of this slope, from 0 to 1: it comes from the left."""
        kx, ky, kz = self.factors
        normal = np.array([-slope[0] * kz / kx, -slope[1] * kz / ky, 1.0])
        a = radians(self.azimuth - 60)
        lamp = np.array([0.55 * cos(a), 0.55 * sin(a), 0.83])
        return float(max(normal @ lamp / np.linalg.norm(normal), 0))


def back_to_front(shown: Shown, towards: tuple[float, float]) -> list[int]:
    """The regions in an order in which none hides one that follows it.

    The facets of a graph can only hide each other if a line towards the viewer meets their regions
    in the plane, one after the other; so for two neighbours their common side decides, and as
    convex sets in the plane these relations have no cycle.

    Source: Guibas and Yao, On translating a set of rectangles, 1980.
    """
    complex_ = shown.complex
    points, cells = complex_.points, complex_.cells
    pairs = complex_.adjacency()
    start, way = points[cells.p[pairs[:, 2]]], points[cells.q[pairs[:, 2]]]
    way = way - start
    size = np.diff(cells.offset)
    middle = np.add.reduceat(points[cells.corner], cells.offset[:-1], axis=0) / size[:, None]
    normal = np.stack([way[:, 1], -way[:, 0]], axis=1)
    to_first = ((middle[pairs[:, 0]] - start) * normal).sum(axis=1)
    along = normal @ np.array(towards) * np.sign(to_first)
    clear = np.abs(along) > 1e-12 * np.abs(normal).sum(axis=1) * np.abs(towards).sum()
    # along > 0: the first of the pair is nearer to the viewer
    near = np.where(along > 0, pairs[:, 0], pairs[:, 1])[clear]
    far = np.where(along > 0, pairs[:, 1], pairs[:, 0])[clear]
    nearer: list[list[int]] = [[] for _ in range(len(complex_))]
    for i, j in zip(far.tolist(), near.tolist(), strict=True):
        nearer[i].append(j)
    return _sorted(nearer)


def _sorted(after: Sequence[Sequence[int]]) -> list[int]:
    """A topological order: reversed, the order in which a depth-first search leaves."""
    found: list[int] = []
    seen = [False] * len(after)
    for root in range(len(after)):
        if seen[root]:
            continue
        seen[root] = True
        stack = [(root, iter(after[root]))]
        while stack:
            here, rest = stack[-1]
            following = next((k for k in rest if not seen[k]), None)
            if following is None:
                found.append(here)
                stack.pop()
            else:
                seen[following] = True
                stack.append((following, iter(after[following])))
    return found[::-1]


def walls(view: Projection) -> list[Mark]:
    """The floor and the two walls behind, with lines at the ticks."""
    (x, y), (x_back, y_back) = _front(view), _back(view)
    (xl, xh), (yl, yh), (zl, zh) = view.box
    panes = (
        ((xl, yl, zl), (xh, yl, zl), (xh, yh, zl), (xl, yh, zl)),
        ((x_back, yl, zl), (x_back, yh, zl), (x_back, yh, zh), (x_back, yl, zh)),
        ((xl, y_back, zl), (xh, y_back, zl), (xh, y_back, zh), (xl, y_back, zh)),
    )
    marks: list[Mark] = [
        Polygon(tuple(view(c) for c in pane), _PANE, _GRID, "wall") for pane in panes
    ]
    lines: list[tuple[Spot, Spot, Spot]] = []
    lines += [((t.at, y, zl), (t.at, y_back, zl), (t.at, y_back, zh)) for t in _ticks(xl, xh)]
    lines += [((x, t.at, zl), (x_back, t.at, zl), (x_back, t.at, zh)) for t in _ticks(yl, yh)]
    lines += [((x, y_back, t.at), (x_back, y_back, t.at), (x_back, y, t.at))
              for t in _ticks(zl, zh)]  # fmt: skip
    return [*marks, *(Path(tuple(map(view, line)), _GRID) for line in lines)]


def axes(view: Projection, names: Sequence[str], unit: float) -> list[Mark]:
    """The three axes in front, with ticks and names; ``unit`` is points for 1 on paper."""
    x_front, y_front = _front(view)
    x_back, y_back = _back(view)
    (xl, xh), (yl, yh), (zl, zh) = view.box
    # the upright axis stands where the box ends on the left
    left = min((x_front, y_back), (x_back, y_front), key=lambda c: float(view((*c, zl))[0]))
    centre = view(((xl + xh) / 2, (yl + yh) / 2, zl))
    edges: tuple[list[tuple[Tick, Spot]], ...] = (
        [(t, (t.at, y_front, zl)) for t in _ticks(xl, xh)],
        [(t, (x_front, t.at, zl)) for t in _ticks(yl, yh)],
        [(t, (*left, t.at)) for t in _ticks(zl, zh)],
    )
    ends: tuple[tuple[Spot, Spot], ...] = (
        ((xl, y_front, zl), (xh, y_front, zl)),
        ((x_front, yl, zl), (x_front, yh, zl)),
        ((*left, zl), (*left, zh)),
    )
    marks: list[Mark] = []
    for axis, (edge, (start, end), name) in enumerate(zip(edges, ends, names, strict=True)):
        p, q = view(start), view(end)
        middle = (p[0] + q[0]) / 2, (p[1] + q[1]) / 2
        out = (-1.0, 0.0) if axis == 2 else _outward(p, q, centre)
        marks.append(Path((p, q), _AXIS, tag="axis"))
        for tick, spot in edge:
            at = view(spot)
            tip = float(at[0]) + 3 * out[0] / unit, float(at[1]) + 3 * out[1] / unit
            marks.append(Path((at, tip), _AXIS))
            marks.append(Label(tick.words, at, _anchor(out), (5 * out[0], 5 * out[1])))
        far = 26.0 if axis == 2 else 20.0
        marks.append(Label(name, middle, _anchor(out), (far * out[0], far * out[1]), 9.0))
    return marks


def _ticks(low: Fraction, high: Fraction) -> tuple[Tick, ...]:
    return ticks.round_ticks(low, high, 4)


def _front(view: Projection) -> tuple[Fraction, Fraction]:
    a = radians(view.azimuth)
    return view.box[0][cos(a) > 0], view.box[1][sin(a) > 0]


def _back(view: Projection) -> tuple[Fraction, Fraction]:
    a = radians(view.azimuth)
    return view.box[0][cos(a) <= 0], view.box[1][sin(a) <= 0]


def _outward(p: Place, q: Place, centre: Place) -> tuple[float, float]:
    """The direction on paper perpendicular to an edge, away from the centre."""
    nx, ny = float(q[1] - p[1]), float(p[0] - q[0])
    size = (nx * nx + ny * ny) ** 0.5 or 1.0
    if nx * float(p[0] - centre[0]) + ny * float(p[1] - centre[1]) < 0:
        size = -size
    return nx / size, ny / size


def _anchor(out: tuple[float, float]) -> str:
    """The part of words that is nearest to what they lie outside of."""
    down = "north" if out[1] < -0.2 else "south" if out[1] > 0.2 else ""
    across = "west" if out[0] > 0.2 else "east" if out[0] < -0.2 else ""
    return f"{down} {across}".strip() or "centre"
