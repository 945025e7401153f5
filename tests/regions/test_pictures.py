"""The marks of pictures are exact: areas, lines, labels, graphs; and readable."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import pytest
import sympy as sp

import symnet as sn
from symnet.pictures import Dot, Label, Path, Polygon
from symnet.pictures.colours import PALETTES
from symnet.regions.picture import frame as frames
from symnet.regions.picture.colouring import colouring
from symnet.regions.picture.frame import Shown
from symnet.regions.picture.projection import Projection, back_to_front
from symnet.regions.picture.words import Scale, extent, overlap, rectangle

from .network_kinds import KINDS

Q = sp.Rational
SQUARE = sn.Box([-1, 1], [-1, 1])
FOUR = [
    ([[1, -1], [1, 1], [Q(1, 2), -1], [1, Q(1, 4)]], [0, -1, 1, Q(-1, 2)]),
    ([[1, 1, -1, 1]], [0]),
]
X, Y = sp.symbols("x y")


def network(pairs, activation=sn.ReLU):
    layers = [part for W, b in pairs for part in (sn.Linear(W, b), activation())]
    return sn.Sequential(*layers[:-1])


def random_pairs(seed, sizes=(2, 4, 3, 2), kind="generic"):
    return KINDS[kind](np.random.default_rng(seed), list(sizes))


def marks(picture, kind, tag=""):
    return [m for m in picture.marks if isinstance(m, kind) and m.tag.startswith(tag)]


def exact(value):
    """A number as a SymPy rational."""
    value = Fraction(value)
    return Q(value.numerator, value.denominator)


def number(mark):
    """The region that a tag names."""
    return int(mark.tag.split()[-1])


def area(corners):
    """The signed area: positive counterclockwise."""
    turns = ((ax * by - ay * bx) for (ax, ay), (bx, by) in pairwise([*corners, corners[0]]))
    return sum(turns, Fraction(0)) / 2


def preactivations(pairs, place):
    """z of all hidden layers at a place, by plain matrix arithmetic."""
    h, found = sp.Matrix([exact(v) for v in place]), []
    for W, b in pairs[:-1]:
        W = sp.Matrix([[exact(v) for v in row] for row in np.asarray(W, dtype=object).tolist()])
        z = W * h + sp.Matrix([exact(v) for v in np.asarray(b, dtype=object).tolist()])
        found.append(list(z))
        h = z.applyfunc(lambda v: max(v, 0))
    return found


@pytest.fixture(scope="module")
def four():
    pw = sn.piecewise(network(FOUR))
    return pw, pw.plot()


# --- areas


def assert_parts_of_regions(picture, pw):
    """Every polygon is a part of the region that it names, and they fill the frame exactly.

    Regions overlap in no area, and the parts of one do not either if their areas add up.
    """
    polygons = marks(picture, Polygon, "region")
    assert all(isinstance(v, Fraction) for p in polygons for c in p.corners for v in c)
    assert all(area(p.corners) > 0 for p in polygons)
    for polygon in polygons:
        region = pw.regions[number(polygon)]
        assert all(region.contains([exact(v) for v in corner]) for corner in polygon.corners)
    frame = sn.Box([picture.x.low, picture.x.high], [picture.y.low, picture.y.high])
    shown = pw.restrict(frame)
    total = sum((region.volume for region in shown.regions), sp.S.Zero)
    assert exact(sum(area(p.corners) for p in polygons)) == total
    return polygons


@pytest.mark.parametrize("kind", KINDS)
def test_regions_tile_the_frame_exactly(kind):
    pw = sn.piecewise(network(random_pairs(1, kind=kind)), domain=SQUARE)
    polygons = assert_parts_of_regions(pw.plot(), pw)
    assert len(polygons) == len(pw)
    assert sum(area(p.corners) for p in polygons) == 4


def test_unbounded_regions_are_cut_at_the_frame(four):
    pw, picture = four
    polygons = assert_parts_of_regions(picture, pw)
    assert len(polygons) == len(pw) == 11
    assert sum(area(p.corners) for p in polygons) == (picture.x.high - picture.x.low) ** 2
    for x, y in pw.vertices:
        assert exact(picture.x.low) < x < exact(picture.x.high)
        assert exact(picture.y.low) < y < exact(picture.y.high)


@pytest.mark.parametrize("by", ["pattern", "piece", "value"])
def test_a_triangle_and_a_frame_within(by):
    triangle = sn.Polyhedron(vertices=[[0, 0], [3, 0], [0, 3]])
    pw = sn.piecewise(sp.Max(X, Y, 1), domain=triangle)
    assert_parts_of_regions(pw.plot(by), pw)
    picture = pw.plot(by, frame=[[Q(1, 2), 4], [Q(-1, 3), 2]])
    assert (picture.x.low, picture.x.high) == (Fraction(1, 2), 4)
    assert (picture.y.low, picture.y.high) == (Fraction(-1, 3), 2)
    assert_parts_of_regions(picture, pw)


@pytest.mark.parametrize("kind", ["generic", "quantised_to_four_bits"])
def test_bands_hold_the_values_that_they_say(kind):
    pw = sn.piecewise(network(random_pairs(2, kind=kind)), domain=SQUARE)
    picture = pw.plot("value", output=1)
    levels = dict(zip(picture.bar.colours, pairwise(picture.bar.levels), strict=True))
    assert min(picture.bar.levels) <= pw.minimum(1).value
    assert pw.maximum(1).value <= max(picture.bar.levels)
    for polygon in assert_parts_of_regions(picture, pw):
        low, high = levels[polygon.fill]
        assert all(low <= pw([exact(v) for v in c])[1] <= high for c in polygon.corners)


def test_a_constant_has_one_band():
    picture = sn.piecewise(sp.S(3), X, Y, domain=SQUARE).plot("value")
    assert [t.words for t in picture.bar.ticks] == ["$3$"]
    assert len(picture.bar.colours) == len(marks(picture, Polygon)) == 1


def test_the_middle_of_a_diverging_scale_is_zero():
    pw = sn.piecewise(X + Y + 1, domain=SQUARE)
    bar = pw.plot("value", palette="diverging").bar
    scale = PALETTES["diverging"].scale

    def distance(one, other):
        return sum(abs(int(one[k : k + 2], 16) - int(other[k : k + 2], 16)) for k in (1, 3, 5))

    middle = min(bar.colours, key=lambda c: distance(c, scale[5]))
    low, high = bar.levels[bar.colours.index(middle) :][:2]
    assert low <= 0 <= high
    assert bar.colours[-1] == scale[-1]
    assert scale[0] not in bar.colours


def test_decisions_are_the_greatest_outputs():
    pairs = random_pairs(5, (2, 5, 3))
    net = network(pairs)
    picture = sn.piecewise(net, domain=SQUARE).plot("decision", output_names=["cat", "dog", "ox"])
    polygons = marks(picture, Polygon, "decision")
    assert sum(area(p.corners) for p in polygons) == 4
    colours = {e.words: e.sample for e in picture.legend}
    for polygon in polygons:
        middle = [exact(sum(v) / len(polygon.corners)) for v in zip(*polygon.corners, strict=True)]
        values = list(net(sp.Matrix(middle)))
        best = ["cat", "dog", "ox"][values.index(max(values))]
        assert polygon.fill == colours[best]
    for line in marks(picture, Path, "decision"):
        for place in line.places:
            values = sorted(net(sp.Matrix([exact(v) for v in place])))
            assert values[-1] == values[-2]


def test_outputs_that_are_equal_are_a_decision_of_their_own():
    pw = sn.piecewise(sp.Matrix([sp.Max(X, 0), sp.Max(X, 0) + sp.Max(Y, 0)]), X, Y, domain=SQUARE)
    picture = pw.plot("decision")
    words = [e.words for e in picture.legend]
    assert words == ["$f_{2}$", "$f_{1}$ = $f_{2}$"]
    assert len({e.sample for e in picture.legend}) == 2


# --- colours


@pytest.mark.parametrize("by", ["pattern", "piece"])
@pytest.mark.parametrize("palette", ["light", "grey"])
def test_neighbours_have_different_colours(by, palette):
    for seed in range(3):
        pw = sn.piecewise(network(random_pairs(seed, (2, 9, 7, 1))), domain=SQUARE)
        group = range(len(pw)) if by == "pattern" else pw.piece_of_region.tolist()
        fills = {number(p): p.fill for p in marks(pw.plot(by, palette=palette), Polygon, "region")}
        assert all(
            (fills[i] == fills[j]) == (group[i] == group[j])
            for i, j in pw.neighbours
            if group[i] != group[j] or by == "piece"
        )


def test_colouring_of_wheels_and_grids():
    wheel = [(0, k) for k in range(1, 8)] + [(k, k % 7 + 1) for k in range(1, 8)]
    grid = [(6 * i + j, 6 * i + j + 1) for i in range(6) for j in range(5)]
    grid += [(6 * i + j, 6 * i + j + 6) for i in range(5) for j in range(6)]
    for count, sides in ((8, wheel), (36, grid)):
        found = colouring(count, sides, [], 6)
        assert all(found[i] != found[j] for i, j in sides)
        used = [found.count(c) for c in set(found)]
        assert len(used) == min(6, count)


# --- lines


@pytest.mark.parametrize("kind", ["generic", "duplicated_neurons", "quantised_to_four_bits"])
def test_boundaries_are_where_neurons_vanish(kind):
    pairs = random_pairs(3, (2, 4, 3, 1), kind)
    pw = sn.piecewise(network(pairs), domain=SQUARE)
    drawn = set()
    for line in marks(pw.plot(), Path, "neuron"):
        neuron, layer = map(int, re.findall(r"\d+", line.tag))
        drawn.add((layer - 1, neuron - 1))
        middles = [
            [(a + b) / 2 for a, b in zip(p, q, strict=True)] for p, q in pairwise(line.places)
        ]
        for place in (*line.places, *middles):
            assert preactivations(pairs, place)[layer - 1][neuron - 1] == 0
        if layer == 1:
            assert len(line.places) == 2
            assert all(1 in map(abs, end) for end in line.places)
    assert drawn == {key for key, found in pw.boundaries.items() if found}


def test_every_line_is_named_and_its_arrow_points_to_its_positive_side(four):
    _, picture = four
    names = marks(picture, Label, "name")
    assert sorted(n.words for n in names) == [f"$z_{{{k}}} = 0$" for k in range(1, 5)]
    for name in names:
        k = int(re.search(r"\d", name.words)[0]) - 1
        assert preactivations(FOUR, name.at)[0][k] == 0
        assert name.at[0] in (picture.x.low, picture.x.high) or name.at[1] in (
            picture.y.low, picture.y.high,
        )  # fmt: skip
    arrows = marks(picture, Path, "to the positive side")
    assert len(arrows) == 4
    for arrow, k in zip(arrows, range(4), strict=True):
        start, tip = (preactivations(FOUR, place)[0][k] for place in arrow.places)
        assert abs(start) < 1e-9
        assert tip > 0.01


def test_lines_of_several_neurons_have_all_their_names():
    net = network([([[1, 0], [2, 0], [0, 1], [-1, 0]], [0, 0, 0, 0]), ([[1, 1, 1, 1]], [0])])
    picture = sn.piecewise(net).plot()
    words = {m.words for m in marks(picture, Label, "name")}
    assert words == {"$z_{1} = z_{2} = z_{4} = 0$", "$z_{3} = 0$"}
    assert len(marks(picture, Path, "to the positive side")) == 1


def test_breakpoints_have_their_values_and_lines_their_equations():
    net = sn.Sequential(sn.Linear([[1, 2]]), sn.Hardtanh())
    pw = sn.piecewise(net)
    names = {m.words for m in marks(pw.plot(), Label, "name")}
    assert names == {"$z_{1} = -1$", "$z_{1} = 1$"}
    names = {m.words for m in marks(pw.plot(lines="equations"), Label, "name")}
    assert names == {"$x_{1} + 2 x_{2} = -1$", "$x_{1} + 2 x_{2} = 1$"}


# --- words


def scale_of(picture):
    frame = (picture.x.low, picture.x.high), (picture.y.low, picture.y.high)
    return Scale.of(picture.size, frame)


def test_patterns_stand_in_their_regions_or_at_lines_from_them(four):
    pw, picture = four
    leaders = {m.tag.removeprefix("to "): m.places[0] for m in marks(picture, Path, "to region")}
    labels = marks(picture, Label, "region")
    assert {number(label) for label in labels} == set(range(11))
    scale = scale_of(picture)
    for label in labels:
        inside = label.tag not in leaders
        place = label.at if inside else leaders[label.tag]
        signs = [int(sp.sign(z)) for z in preactivations(FOUR, place)[0]]
        assert 0 not in signs
        assert re.findall(r"[-+]", label.words) == ["+" if s > 0 else "-" for s in signs]
        if inside:
            left, low, right, high = rectangle(label, scale)
            for x, y in ((left, low), (right, low), (right, high), (left, high)):
                corner = [exact(v) for v in scale.place((x, y))]
                assert pw.regions[number(label)].contains(corner)


@pytest.mark.parametrize("seed", range(4))
def test_no_words_cover_others(seed):
    rng = np.random.default_rng(seed)
    net = network(
        [(rng.integers(-4, 5, (5, 2)).tolist(), rng.integers(-4, 5, 5).tolist()), ([[1] * 5], [0])]
    )
    picture = sn.piecewise(net).plot(labels="number")
    scale = scale_of(picture)
    boxes = [rectangle(m, scale) for m in marks(picture, Label, "region")]
    boxes += [_beside(m, scale) for m in marks(picture, Label, "name")]
    assert len(boxes) > 8
    assert not any(overlap(a, b) for a, b in combinations(boxes, 2))


def _beside(label, scale):
    """Where the words of a label are that stands with an edge at its place."""
    left, low, right, high = rectangle(label, scale)
    width, height = extent(label.words)
    dx = {"west": 0.5, "east": -0.5}.get(label.anchor, 0) * width * label.size + label.shift[0]
    dy = {"south": 0.5, "north": -0.5}.get(label.anchor, 0) * height * label.size + label.shift[1]
    return left + dx, low + dy, right + dx, high + dy


def test_pieces_of_an_expression_have_their_maps():
    picture = sn.piecewise(sp.Max(X, Y, 0)).plot()
    words = {m.words: m.at for m in marks(picture, Label, "region")}
    assert set(words) == {"$x$", "$y$", "$0$"}
    for text, (x, y) in words.items():
        assert max(x, y, 0) == {"$x$": x, "$y$": y, "$0$": 0}[text]
    assert not marks(picture, Path, "neuron")
    assert len(marks(picture, Path, "edge")) == 3


def test_numbers_are_those_of_the_regions(four):
    pw, _ = four
    picture = pw.plot(labels="number", frame=[[-1, 1], [-1, 1]])
    for label in marks(picture, Label, "region"):
        if not label.halo and label.size > 5:
            assert label.words == f"${number(label)}$"


# --- graphs

TENT = [([[2], [4]], [0, -2]), ([[1, -1]], [0])]


def test_the_graph_of_a_tent_applied_three_times():
    tent = network(TENT)
    picture = sn.piecewise(sn.Sequential(*tent, *tent, *tent), domain=sn.Box([0, 1])).plot()
    (line,) = marks(picture, Path, "output")
    assert line.places == tuple((Fraction(k, 8), k % 2) for k in range(9))
    assert [d.at for d in marks(picture, Dot, "kink")] == list(line.places[1:-1])
    assert [t.at for t in picture.x.ticks] == [Fraction(k, 8) for k in range(9)]
    assert [t.words for t in picture.x.ticks][:3] == ["$0$", r"$\frac{1}{8}$", r"$\frac{1}{4}$"]
    assert not line.arrow


def test_a_breakpoint_without_a_kink_is_no_kink():
    pw = sn.piecewise(network([([[1], [1]], [0, -1]), ([[1, 0]], [0])]), domain=sn.Box([-2, 2]))
    assert len(pw) == 3
    assert [d.at for d in marks(pw.plot(), Dot, "kink")] == [(0, 0)]


def test_unbounded_lines_go_on_with_arrows_and_the_frame_holds_all_kinks():
    pairs = [([[1], [3], [-2]], [-5, 1, 7]), ([[1, -2, 1], [0, 1, -1]], [0, Q(1, 3)])]
    net = network(pairs)
    picture = sn.piecewise(net).plot(output_names=["a", "b"])
    kinks = {Fraction(5), Fraction(-1, 3), Fraction(7, 2)}
    assert {d.at[0] for d in marks(picture, Dot, "kink")} == kinks
    assert picture.x.low < min(kinks)
    assert max(kinks) < picture.x.high
    assert [e.words for e in picture.legend] == ["a", "b"]
    lines = [m for m in picture.marks if isinstance(m, Path) and m.arrow]
    ends = {m.places[-1][0] for m in lines}
    assert ends == {picture.x.low, picture.x.high}
    for k in (0, 1):
        for line in marks(picture, Path, f"output {k}"):
            for x, y in line.places:
                assert net([exact(x)])[k] == exact(y)
    half = sn.piecewise(net, domain=sn.Box([-1, sp.oo])).plot(output=0)
    assert half.x.low == -1
    assert [m.arrow for m in marks(half, Path, "output")] == [True]
    assert half.legend == ()


def test_one_output_of_many_and_a_frame():
    pw = sn.piecewise(network(random_pairs(0, (1, 3, 2))), domain=sn.Box([-2, 2]))
    picture = pw.plot(output=1, frame=[0, Q(1, 2)])
    (line,) = marks(picture, Path, "output")
    assert (line.places[0][0], line.places[-1][0]) == (0, Fraction(1, 2))
    assert all(pw([exact(x)])[1] == exact(y) for x, y in line.places)
    assert line.arrow


# --- surfaces


def test_facets_are_the_graph():
    pw = sn.piecewise(sp.Abs(X) + sp.Max(Y, 0), domain=SQUARE)
    picture = pw.plot("pattern", surface=True, view=(-50, 25))
    view = Projection(((-1, 1), (-1, 1), (0, 2)), -50, 25)
    outlines = [m for m in marks(picture, Polygon, "region") if m.fill is None]
    assert len(outlines) == len(pw) == 4
    for outline in outlines:
        vertices = pw.regions[number(outline)].vertices
        spots = [view((*map(float, v), float(pw(v)))) for v in vertices]
        assert np.allclose(sorted(outline.corners), sorted(spots), atol=1e-12)


@pytest.mark.parametrize("azimuth", [-60, 17, 90, 200])
def test_what_is_in_front_is_drawn_later(azimuth):
    pw = sn.piecewise(network(random_pairs(4, (2, 9, 5, 1))), domain=SQUARE)
    view = Projection(((-1, 1), (-1, 1), (0, 1)), azimuth, 30)
    order = back_to_front(Shown.within(pw), view.towards)
    assert sorted(order) == list(range(len(pw)))
    place = {cell: k for k, cell in enumerate(order)}
    way = np.array(view.towards)
    rng = np.random.default_rng(0)
    checked = 0
    for start in rng.uniform(-1, 1, (60, 2)):
        points = [p for p in (start + t * way for t in np.linspace(0, 1.5, 12)) if abs(p).max() < 1]
        cells = [place[pw.locate(p.tolist()).index] for p in points]
        assert cells == sorted(cells)
        checked += len(set(cells)) > 1
    assert checked > 20


# --- large pictures


def test_floats_give_the_same_picture(monkeypatch):
    pw = sn.piecewise(network(random_pairs(6, (2, 6, 5, 2))), domain=SQUARE)
    line = sn.piecewise(network(random_pairs(6, (1, 6, 5, 1))), domain=sn.Box([-1, 1]))
    pictures = [lambda by=by: pw.plot(by, labels=False) for by in ("pattern", "value", "decision")]
    pictures.append(lambda: line.plot())
    found = [make() for make in pictures]
    monkeypatch.setattr(frames, "EXACT", 0)
    for make, exactly in zip(pictures, found, strict=True):
        rough = make()
        for kind, name in ((Polygon, "corners"), (Path, "places")):
            one, other = (
                [m for m in marks(p, kind) if not m.tag.startswith(("guide", "to the"))]
                for p in (exactly, rough)
            )
            assert len(one) == len(other)
            assert one or kind is Polygon
            for a, b in zip(one, other, strict=True):
                assert a.tag == b.tag
                places = [np.array(getattr(m, name), dtype=float) for m in (a, b)]
                assert places[0] == pytest.approx(places[1], abs=1e-9)


# --- options


def test_three_variables_have_no_picture():
    pw = sn.piecewise(network(random_pairs(0, (3, 2, 1))), domain=sn.Box([-1, 1]))
    with pytest.raises(sn.errors.PictureError, match=r"has 3; take a plane .*domain=sn\.Slice\("):
        pw.plot()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "colour"}, "by='colour' is none of 'pattern', 'piece', 'value', 'decision'"),
        ({"by": "decision"}, "only one; by='value' colours it by its value"),
        ({"by": "decision", "surface": True}, "only one; by='value'"),
        ({"labels": "name"}, "labels='name' is none of 'pattern', 'number', 'map'"),
        ({"lines": "name"}, "lines='name' is none of 'names', 'equations'"),
        ({"output": 1}, "output=1 was asked for; there are 1, counted from 0"),
        ({"names": ["a"]}, "names must name the 2 inputs; found 1 of them"),
        ({"names": "ab"}, "names must name the 2 inputs; found 'ab'"),
        ({"output_names": ["a", "b"]}, "output_names must name the 1 outputs; found 2 of them"),
        ({"size": (1, 2, 3)}, r"size=\(1, 2, 3\) is no size; give width and height"),
        ({"size": -1}, "size=-1 is no size"),
        ({"palette": "hot"}, "no palette 'hot'"),
        ({"view": (0, 100), "surface": True}, r"view=\(0, 100\) is no view"),
        ({"frame": 3}, r"frame=3 is no frame: .*write \[lo, hi\] for each of the 2 axes"),
        ({"frame": [[0, 1], [0, sp.oo]]}, "a frame must be bounded"),
        ({"frame": [[0, 1], [2, 2]]}, "a frame must be bounded, and as wide as high"),
        ({"frame": [[0, 1], ["a", 2]]}, "is no frame"),
        ({"points": [[1, 2, 3]]}, r"points: \[1, 2, 3\] has 3 coordinates; .* plane has 2$"),
        ({"points": {"a": [5, 0]}}, r"points: 'a' lies at \(5, 0\), outside the picture"),
        ({"points": ["ab"]}, "points: 'ab' is no point"),
        ({"points": [[0, 0]], "surface": True}, "leave out surface=True"),
        ({"frame": [[5, 6], [5, 6]]}, r"the frame \[5, 6\] × \[5, 6\] shows nothing of the domain"),
    ],
)
def test_options_that_do_not_fit(options, message):
    pw = sn.piecewise(sp.Max(X, Y), domain=SQUARE)
    with pytest.raises(sn.errors.PictureError, match=message):
        pw.plot(**options)


@pytest.mark.parametrize("option", ["by", "labels", "lines", "surface"])
def test_a_graph_has_no_options_of_planes(option):
    pw = sn.piecewise(sp.Abs(X))
    value = {"by": "value", "labels": "map", "lines": "names", "surface": True}[option]
    with pytest.raises(sn.errors.PictureError, match=f"{option}=.* its picture is its graph"):
        pw.plot(**{option: value})


def test_names_sizes_titles():
    pw = sn.piecewise(network(random_pairs(0)), domain=sn.Box([0, 2], [0, 1]))
    picture = pw.plot(names=["length [m]", "$v$"], size=5, title="T", legend=False)
    assert (picture.x.name, picture.y.name, picture.title) == ("length [m]", "$v$", "T")
    assert picture.size == (5, 2.5)
    assert picture.legend == ()
    assert pw.plot(size=(5, 1)).size == (2, 1)
    assert pw.plot("value", size=(3, 3)).size == (3, 1.5)
    long = sn.piecewise(sp.Max(X, Y), domain=sn.Box([0, 100], [0, 1]))
    assert long.plot(size=(3, 2)).size == (3, 2)


def test_a_slice_is_drawn_in_its_own_coordinates():
    net = network(random_pairs(0, (4, 3, 1)))
    plane = sn.Slice([0, 0, 1, 0], [[1, 0, 0, 0], [0, 1, 0, 1]], SQUARE)
    picture = sn.piecewise(net, domain=plane).plot()
    assert (picture.x.name, picture.y.name) == ("$u_{1}$", "$u_{2}$")
    assert (picture.x.low, picture.x.high) == (-1, 1)


def test_points_are_marked_where_they_lie_in_the_plane():
    net = network(random_pairs(0, (4, 3, 2)))
    corners = [[0, 0, 1, 0], [2, 0, 1, 1], [0, 1, 3, 0]]
    plane = sn.Slice.through(*corners, within=sn.Box([-1, 2]))
    pw = sn.piecewise(net, domain=plane)
    given = {"one": corners[0], "two": corners[1], "three": corners[2], "middle": [0.5, 0.5]}
    picture = pw.plot("decision", points=given)
    dots = [mark for mark in picture.marks if isinstance(mark, Dot)]
    assert [dot.at for dot in dots] == [(0, 0), (1, 0), (0, 1), (Fraction(1, 2), Fraction(1, 2))]
    named = {m.words: m.at for m in picture.marks if isinstance(m, Label) and m.tag == "point"}
    assert named == dict(zip(given, (dot.at for dot in dots), strict=True))
    assert len([m for m in pw.plot(points=corners).marks if isinstance(m, Dot)]) == 3
    with pytest.raises(sn.errors.PictureError, match="points: 'far' does not lie in the plane"):
        pw.plot(points={"far": [0, 0, 1, 1]})


def test_a_loaded_function_is_drawn_as_the_saved_one(tmp_path):
    for domain in (SQUARE, None):
        pw = sn.piecewise(network(random_pairs(7)), domain=domain)
        assert sn.load_piecewise(pw.save(tmp_path / "pw.npz")).plot() == pw.plot()


def test_a_plane_without_kinks_and_one_with_parallel_lines():
    flat = sn.piecewise(sn.Sequential(sn.Linear([[1, 2]]))).plot()
    assert [p.corners for p in marks(flat, Polygon)] == [((-1, -1), (1, -1), (1, 1), (-1, 1))]
    pw = sn.piecewise(network([([[1, 2], [1, 2]], [3, -40]), ([[1, 1]], [0])]))
    assert len(assert_parts_of_regions(pw.plot(), pw)) == 3


def test_far_vertices_do_not_make_the_rest_a_speck():
    close = [[1, 0], [0, 1], [1, 1], [1, -1], [2, 1], [1, 3], [3, -1]]
    biases = [0, 0, -1, Q(1, 2), 1, Q(1, 3), Q(1, 5)]
    crossing = [*close, [1, Q(1001, 1000)]]  # almost parallel to another: they meet far away
    pw = sn.piecewise(network([(crossing, [*biases, -2]), ([[1] * 8], [0])]))
    picture = pw.plot()
    far = max(abs(v) for vertex in pw.vertices for v in vertex)
    assert far > 900
    assert picture.x.high - picture.x.low < 40
    whole = pw.plot(frame=[[-2000, 2000], [-2000, 2000]])
    assert len(marks(whole, Polygon, "region")) == len(pw)
    assert f"of {len(pw)} regions" in picture.description
