"""The graph of a function of one variable."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from ...pictures import ticks
from ...pictures.colours import DASHES
from ...pictures.marks import Axis, Dot, Entry, Mark, Number, Path, Place, Stroke, Tick
from ...pictures.picture import Picture
from .frame import Shown, reach
from .options import Options

_SIZE = (4.0, 2.6)
#: Up to how many kinks there are dotted lines down to the axis, and dots.
_GUIDES, _DOTS = 12, 60
_FAINT = "#9a9a9a"


def graph(shown: Shown, options: Options) -> Picture:
    """The lines of the outputs over the axis, with their kinks."""
    curves = _curves(shown, options)
    size = options.size_for(*_SIZE)
    low, high = shown.frame[0]
    bottom, top = _range([y for c in curves for _, y in c.points])
    kinks = sorted({x for c in curves for x, _ in c.kinks})
    tops = sorted({y for c in curves for _, y in c.kinks})
    goes_on = _goes_on(shown)
    ends = [v for v, open_ in zip((low, high), goes_on, strict=True) if not open_]
    marks: list[Mark] = []
    if bottom < 0 < top:
        marks.append(Path(((low, 0), (high, 0)), Stroke(_FAINT, 0.5), tag="zero"))
    marks += _guides(curves, kinks, bottom) if len(kinks) <= _GUIDES else []
    marks += [mark for c in curves for mark in c.line(goes_on)]
    marks += [mark for c in curves for mark in c.dots()]
    x_name = options.input_names(shown.part.variables)[0]
    value = f"$f({x_name.strip('$')})$" if x_name.startswith("$") else "$f$"
    several = len(curves) > 1
    return Picture(
        tuple(marks),
        Axis(low, high, _ticks(kinks, ends, (low, high), 72 * size[0], False), x_name),
        Axis(
            bottom, top, _ticks(tops, [], (bottom, top), 72 * size[1], True),
            curves[0].name if options.output_names and not several else value,
        ),
        size,
        border="corner",
        title=options.title,
        description=_description(shown, len(curves), len(kinks)),
        legend=tuple(Entry(c.name, c.stroke) for c in curves) if several and options.legend else (),
    )  # fmt: skip


class _Curve:
    """The graph of one output: runs of points from left to right, and those where it has a kink.

    A run ends where the function jumps; ``values`` are its points there, and ``limits`` the ends of
    runs that do not belong to the graph.
    """

    def __init__(
        self,
        output: int,
        name: str,
        runs: Sequence[Sequence[Place]],
        stroke: Stroke,
        values: Sequence[Place] = (),
        limits: Sequence[Place] = (),
    ) -> None:
        self.output, self.name, self.runs, self.stroke = output, name, runs, stroke
        self.values, self.limits = values, limits
        self.points = [*(p for run in runs for p in run), *values]
        exact = not isinstance(runs[0][0][0], float)
        bent = [q for run in runs for p, q, r in _triples(run) if _turn(p, q, r)] if exact else []
        self.kinks = sorted([*bent, *values])

    def line(self, goes_on: tuple[bool, bool]) -> list[Mark]:
        """The lines, with heads where they go on beyond the frame."""
        last = len(self.runs) - 1
        return [
            mark
            for k, run in enumerate(self.runs)
            for mark in self._run(run, (goes_on[0] and k == 0, goes_on[1] and k == last))
        ]

    def _run(self, run: Sequence[Place], goes_on: tuple[bool, bool]) -> list[Mark]:
        inner = [q for p, q, r in _triples(run) if _turn(p, q, r)]
        points = (run[0], *inner, run[-1])
        tag = f"output {self.output}"
        if goes_on == (True, False):
            return [Path(points[::-1], self.stroke, True, tag)]
        marks: list[Mark] = [Path(points, self.stroke, goes_on[1], tag)]
        if all(goes_on):
            (ax, ay), (bx, by) = points[:2]
            middle = (ax + bx) / 2, (ay + by) / 2
            marks.append(Path((middle, points[0]), self.stroke, True))
        return marks

    def dots(self) -> list[Mark]:
        """Dots at the kinks and on jumps, where they are not too many; hollow ones at limits."""
        if len(self.kinks) > _DOTS:
            return []
        radius = 1.9 if len(self.kinks) <= 20 else 1.2
        colour = self.stroke.colour
        limits = [Dot(p, colour, radius, hollow=True, tag="limit") for p in self.limits]
        return [*limits, *(Dot(p, colour, radius, tag="kink") for p in self.kinks)]


def _curves(shown: Shown, options: Options) -> list[_Curve]:
    outputs = options.outputs(shown.part.network.outputs)
    curves = []
    for place, output in enumerate(outputs):
        # a single line is not black, as the axes are
        colour = options.line_colour(place if len(outputs) > 1 else 1)
        stroke = Stroke(colour, 1.3, DASHES[place % len(DASHES)])
        curves.append(_Curve(output, options.output_name(output), *_traced(shown, output, stroke)))
    return curves


def _traced(
    shown: Shown, output: int, stroke: Stroke
) -> tuple[list[list[Place]], Stroke, list[Place], list[Place]]:
    """Runs of points, the values on jumps, and the limits there that are not attained."""
    cells = sorted(range(len(shown.part)), key=lambda k: shown.places[shown.corners(k)[0]])
    pieces = []
    for cell in cells:
        ends = [shown.places[v][0] for v in shown.corners(cell)]
        pieces.append(list(zip(ends, shown.values_on(cell, output), strict=True)))
    runs: list[list[Place]] = [list(pieces[0])]
    for piece in pieces[1:]:
        if shown.part.is_continuous or _joins(shown, output, runs[-1][-1], piece[0]):
            runs[-1] += piece[1:]
        else:
            runs.append(list(piece))
    if shown.part.is_continuous:
        return runs, stroke, [], []
    stops = sorted({p for run in runs for p in (run[0], run[-1])})
    true = {x: _value(shown, output, x) for x, _ in stops}
    limits = [(x, y) for x, y in stops if true[x] != y]
    return runs, stroke, sorted({(x, true[x]) for x, _ in limits}), limits


def _joins(shown: Shown, output: int, left: Place, right: Place) -> bool:
    return left == right and _value(shown, output, left[0]) == left[1]


def _value(shown: Shown, output: int, x: Number) -> Number:
    return shown.part.network.exact.output([Fraction(x)])[output]


def _goes_on(shown: Shown) -> tuple[bool, bool]:
    """Whether the domain goes on beyond the frame, on the left and on the right."""
    low, high = reach(shown.whole.domain, 0)
    first, last = reach(shown.part.domain, 0)
    return low != first, high != last


def _turn(p: Place, q: Place, r: Place) -> Number:
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


def _triples(points: Sequence[Place]) -> list[tuple[Place, Place, Place]]:
    return [(p, q, r) for (p, q), (_, r) in pairwise(pairwise(points))]


def _range(values: Sequence[Number]) -> tuple[Fraction, Fraction]:
    low, high = Fraction(min(values)), Fraction(max(values))
    room = (high - low) * Fraction(8, 100) or Fraction(1)
    return low - room, high + room


def _ticks(
    kinks: Sequence[Number],
    ends: Sequence[Number],
    span: tuple[Fraction, Fraction],
    length: float,
    upright: bool,
) -> tuple[Tick, ...]:
    """Round numbers if the kinks are among them, else the kinks themselves if they can be read."""
    round_ones = ticks.round_ticks(*span)
    found = {Fraction(v) for v in kinks}
    if found and found <= {t.at for t in round_ones}:
        few = all(Fraction(t.at).denominator <= 4 for t in round_ones)
        return tuple(Tick(t.at, ticks.fraction(Fraction(t.at)) if few else t.words)
                     for t in round_ones)  # fmt: skip
    others = ends if len(found) + len(ends) > 1 else span
    wanted = [*found, *(Fraction(v) for v in others)]
    return (found and ticks.exact_ticks(wanted, *span, length, upright)) or round_ones


def _guides(curves: Sequence[_Curve], kinks: Sequence[Number], bottom: Fraction) -> list[Mark]:
    """Dotted lines from the highest kink at each place down to the axis."""
    stroke = Stroke(_FAINT, 0.6, (0.8, 1.6))
    every = [p for c in curves for p in c.kinks]
    tops = [(x, max(y for u, y in every if u == x)) for x in kinks]
    return [Path(((x, bottom), (x, top)), stroke, tag="guide") for x, top in tops]


def _description(shown: Shown, outputs: int, kinks: int) -> str:
    lines = "a line" if outputs == 1 else f"{outputs} lines"
    low, high = shown.frame[0]
    return (
        f"Graph of a piecewise-linear function of one variable from {float(low):g} to "
        f"{float(high):g}: {lines} with {kinks} kink{'s' if kinks != 1 else ''}."
    )
