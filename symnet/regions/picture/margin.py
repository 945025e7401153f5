"""Names of lines at the edge of a picture, and arrows to their positive sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from ...pictures.marks import Label, Path, Place, Stroke
from .frame import Interval
from .lines import Named
from .words import Rectangle, Scale, extent, overlap

#: Sides in the order in which they are preferred, and what a name there costs.
_COST = {"east": 0.0, "north": 1.0, "west": 12.0, "south": 12.0, "inner": 4.0, "near": 25.0}
_OUT = {"east": (1, 0), "north": (0, 1), "west": (-1, 0), "south": (0, -1)}
_LETTERS, _ARROW = 8.0, 10.0
_LEADER = Stroke("#777777", 0.4)


@dataclass(frozen=True)
class _End:
    at: Place
    side: str
    #: Along the side, in points; and how much room the words take there.
    along: float
    room: float


def margin_names(
    lines: Sequence[Named], frame: Sequence[Interval], scale: Scale
) -> list[Label | Path]:
    """A name at one end of every line, outside the frame, none over another."""
    if not lines:
        return []
    choices = [[_end(n, k, frame, scale) for k in (0, -1)] for n in lines]
    tried = product(*choices) if len(lines) <= 9 else [tuple(c[-1] for c in choices)]
    ends = min(tried, key=_cost)
    marks: list[Label | Path] = []
    for side in _COST:
        here = [i for i, end in enumerate(ends) if end.side == side]
        moved = _spread([ends[i].along for i in here], [ends[i].room for i in here])
        for i, along in zip(here, moved, strict=True):
            marks += _name(lines[i], ends[i], along - ends[i].along, scale)
    return marks


def _end(named: Named, place: int, frame: Sequence[Interval], scale: Scale) -> _End:
    x, y = at = named.line[place]
    across, high = extent(named.words)
    width, height = across * _LETTERS + 5, high * _LETTERS * 1.25
    sides = {"east": x == frame[0][1], "north": y == frame[1][1],
             "west": x == frame[0][0], "south": y == frame[1][0]}  # fmt: skip
    side = next((s for s, there in sides.items() if there), "inner")
    if side in ("east", "west"):
        return _End(at, side, float(y) * float(scale.y), height)
    if side in ("north", "south"):
        return _End(at, side, float(x) * float(scale.x), width)
    # within the frame names do not meet; the ticks' words outside are better not near
    edges = (scale.points((x - u, y - v)) for u, v in zip(*frame, strict=True))
    near = any(abs(d) < 20 for pair in edges for d in pair)
    return _End(at, "near" if near else "inner", 1e4 * place + float(y) * float(scale.y), 0.0)


def _cost(ends: Sequence[_End]) -> float:
    total = sum(_COST[end.side] for end in ends)
    for side in _COST:
        here = [end for end in ends if end.side == side]
        moved = _spread([e.along for e in here], [e.room for e in here])
        total += sum(abs(m - e.along) for m, e in zip(moved, here, strict=True))
    return total


def _spread(places: Sequence[float], rooms: Sequence[float]) -> list[float]:
    """Places moved apart, as little as may be, so that each has its room: blocks are centred."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    blocks: list[tuple[list[int], float]] = []
    for i in order:
        blocks.append(([i], places[i]))
        while len(blocks) > 1:
            (left, a), (right, b) = blocks[-2:]
            gap = b - sum(rooms[j] for j in right) / 2 - a - sum(rooms[j] for j in left) / 2
            if gap >= 0:
                break
            both = left + right
            blocks[-2:] = [(both, _centre(both, places, rooms))]
    found = [0.0] * len(places)
    for members, middle in blocks:
        at = middle - sum(rooms[j] for j in members) / 2
        for j in members:
            found[j] = at + rooms[j] / 2
            at += rooms[j]
    return found


def _centre(members: Sequence[int], places: Sequence[float], rooms: Sequence[float]) -> float:
    """Where the middle of a block is best: the mean of where each member would put it."""
    total, before, wished = sum(rooms[j] for j in members), 0.0, 0.0
    for j in members:
        wished += places[j] - before - rooms[j] / 2 + total / 2
        before += rooms[j]
    return wished / len(members)


def _name(named: Named, end: _End, moved: float, scale: Scale) -> list[Label | Path]:
    colour = named.stroke.colour
    if end.side not in _OUT:
        return [_beyond(named, end.at, scale)]
    out = _OUT[end.side]
    level = out[1] == 0
    far = 5.0 if end.side in ("east", "north") else 6.0
    shift = (out[0] * far, moved) if level else (moved, out[1] * far)
    anchor = {"east": "west", "west": "east", "north": "south", "south": "north"}[end.side]
    label = Label(named.words, end.at, anchor, shift, _LETTERS, colour, tag="name of a line")
    if abs(moved) < 1.5:
        return [label]
    away = _shifted(end.at, shift[0] * 0.9, shift[1] * 0.9, scale)
    if level:
        away = _shifted(end.at, shift[0] * 0.9, shift[1], scale)
    return [Path((end.at, away), _LEADER), label]


def _beyond(named: Named, at: Place, scale: Scale) -> Label:
    """A name where a line ends within the frame: on its continuation."""
    other = named.line[0] if at == named.line[-1] else named.line[-1]
    dx = float(at[0] - other[0]) * float(scale.x)
    dy = float(at[1] - other[1]) * float(scale.y)
    anchor = ("west" if dx > 0 else "east") if abs(dx) >= abs(dy) else "south"
    anchor = "north" if abs(dx) < abs(dy) and dy < 0 else anchor
    size = max(abs(dx), abs(dy)) or 1.0
    shift = 5 * dx / size, 5 * dy / size
    return Label(named.words, at, anchor, shift, _LETTERS, named.stroke.colour,
                 tag="name of a line")  # fmt: skip


def arrows(lines: Sequence[Named], boxes: Sequence[Rectangle], scale: Scale) -> list[Path]:
    """A short arrow from every line into its positive side, where it covers no words.

    Parameters
    ----------
    lines : the lines
    boxes : left, lower, right and upper end of words, in points
    scale : the scale of the picture
    """
    marks = []
    sx, sy = float(scale.x), float(scale.y)
    for named in lines:
        if named.positive is None:
            continue
        # perpendicular on paper, on the side to which the form grows
        points = [scale.points(p) for p in named.line]
        nx, ny = points[0][1] - points[-1][1], points[-1][0] - points[0][0]
        length = _ARROW / (nx * nx + ny * ny) ** 0.5
        length *= -1 if nx * named.positive[0] / sx + ny * named.positive[1] / sy < 0 else 1
        way = nx * length, ny * length
        x, y = max(_spots(points), key=lambda s: _room(s[0], s[1], way, boxes))[0]
        tip = (x + way[0]) / sx, (y + way[1]) / sy
        stroke = Stroke(named.stroke.colour, 0.7)
        marks.append(Path(((x / sx, y / sy), tip), stroke, True, "to the positive side"))
    return marks


def _spots(points: Sequence[tuple[float, float]]) -> list[tuple[tuple[float, float], float]]:
    """Places on a line, in points, with their distance from the nearest crossing."""
    spots = []
    for (ax, ay), (bx, by) in pairwise(points):
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
        for t in (0.5, 0.35, 0.65, 0.2, 0.8):
            at = ax + t * (bx - ax), ay + t * (by - ay)
            spots.append((at, length * min(t, 1 - t)))
    return spots


def _room(
    at: tuple[float, float],
    free: float,
    way: tuple[float, float],
    boxes: Sequence[Rectangle],
) -> float:
    """How good a place for an arrow is: far from crossings, and not through words."""
    left, right = sorted((at[0], at[0] + way[0]))
    low, high = sorted((at[1], at[1] + way[1]))
    covers = any(overlap((left, low, right, high), box, 2) for box in boxes)
    return min(free, 3 * _ARROW) - (1000 if covers else 0)


def _shifted(at: Place, dx: float, dy: float, scale: Scale) -> Place:
    x, y = scale.points(at)
    return scale.place((x + dx, y + dy))
