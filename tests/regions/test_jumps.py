"""Functions that jump: right on every hyperplane, in every comparison and on every measure."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product
from math import comb
from random import Random

import pytest
import sympy as sp
from hypothesis import given, settings, strategies as st
from sympy import Rational as Q

import symnet as sn
from symnet.exact.half_open import HalfOpen, is_covered
from symnet.exact.polyhedron import Polyhedron
from symnet.pictures import Dot, Path, Polygon
from symnet.regions.part_cells import PartCells

x, y, z = sp.symbols("x y z", real=True)


# --- known functions


@pytest.mark.parametrize(
    ("function", "cases"),
    [
        (sn.step(x), {(0, x <= 0), (1, x > 0)}),
        (sp.sign(x), {(-1, x < 0), (0, sp.Eq(x, 0)), (1, x > 0)}),
        (sn.sign(x), {(-1, x < 0), (0, sp.Eq(x, 0)), (1, x > 0)}),
        (sp.Heaviside(x), {(0, x < 0), (Q(1, 2), sp.Eq(x, 0)), (1, x > 0)}),
        (sp.Heaviside(x, 1), {(0, x < 0), (1, x >= 0)}),
        (sp.sign(x) + x, {(x - 1, x < 0), (0, sp.Eq(x, 0)), (x + 1, x > 0)}),
        (sp.Piecewise((x, x < 1), (5, x < 2), (0, True)),
         {(x, x < 1), (5, (x >= 1) & (x < 2)), (0, x >= 2)}),
        (sp.sign(y - x), {(1, x - y < 0), (0, sp.Eq(x - y, 0)), (-1, x - y > 0)}),
        (x * sp.Heaviside(x - 1, 0), {(0, x <= 1), (x, x > 1)}),
        (sn.step(sn.relu(x) - 1), {(0, x <= 1), (1, x > 1)}),
        (sn.relu(sn.step(x) - Q(1, 3)), {(0, x <= 0), (Q(2, 3), x > 0)}),
    ],
)  # fmt: skip
def test_cases_of_known_functions(function, cases):
    pw = sn.piecewise(function)
    assert {(value, condition) for value, condition in pw.as_piecewise().args} == cases
    assert not pw.is_continuous
    assert pw.certify()


@pytest.mark.parametrize("m", [1, 2, 5])
def test_steps_on_lines_in_general_position(m):
    random = Random(m)
    W = [[random.randint(-50, 50) for _ in range(2)] for _ in range(m)]
    b = [random.randint(-50, 50) for _ in range(m)]
    pw = sn.piecewise(sn.Sequential(sn.Linear(W, b), sn.Step(), sn.Linear([[1] * m])))
    assert (
        len(pw) == 1 + m + comb(m, 2) == sn.region_bound(sn.Sequential(sn.Linear(W, b), sn.Step()))
    )
    assert len(pw.neighbours) == m * m
    active = [sum(sign > 0 for sign in region.pattern[0]) for region in pw.regions]
    assert (pw.maximum().value, pw.minimum().value) == (max(active), min(active))
    assert pw.lipschitz() == sp.oo


def test_a_cell_behind_a_jump_may_be_cut_where_its_neighbour_is_not():
    """relu(y + step(x) - 1/2): the kink is at y = 1/2 left of the jump, at y = -1/2 right of it."""
    pw = sn.piecewise(sn.relu(y + sn.step(x) - Q(1, 2)))
    assert (len(pw), len(pw.neighbours)) == (4, 5)
    assert pw.vertices == ((0, -Q(1, 2)), (0, Q(1, 2)))
    assert pw.certify()
    left = pw.locate([-1, 0]), pw.locate([0, 0])
    assert left[0].index == left[1].index != pw.locate([Q(1, 9), 0]).index
    assert len(pw.regions_at([0, 0])) == 2


def test_lines_in_some_cells_only():
    pw = sn.piecewise(sn.relu(sp.Piecewise((x, y > 0), (0, True))))
    assert len(pw) == 3
    assert sorted(len(r.lines) for r in pw.regions) == [0, 0, 1]
    assert pw.vertices == ((0, 0),)
    assert pw.is_continuous is False
    assert pw.certify()


# --- continuity is a fact


@pytest.mark.parametrize(
    ("function", "continuous"),
    [
        (sp.Piecewise((x, x > 0), (0, True)), True),
        (sn.step(x) - sp.Heaviside(x, 0), True),
        (sn.step(x) - sp.Heaviside(x, 1), False),
        (sn.relu(sn.step(x) - 1), True),
        (sn.step(x) * x, True),
        (sp.Piecewise((x, (x > 0) & (y > 0)), (0, True)), False),
        (sp.Piecewise((sp.Min(x, y), (x > 0) & (y > 0)), (0, True)), True),
        (sp.Piecewise((x, x > sp.Max(y, 0)), (y, y > 0), (0, True)), True),
    ],
)
def test_continuity_is_computed(function, continuous):
    pw = sn.piecewise(function, x, y)
    assert pw.is_continuous is continuous
    assert (pw.lipschitz() == sp.oo) is not continuous
    assert pw.certify()


def test_a_continuous_function_made_of_cases_has_every_measure():
    least = sp.Piecewise((sp.Min(x, y), (x > 0) & (y > 0)), (0, True))
    pw, other = sn.piecewise(least), sn.piecewise(sp.Max(0, sp.Min(x, y)))
    assert pw == other
    assert (pw.minimum().value, pw.maximum().value, pw.lipschitz(2)) == (0, sp.oo, 1)
    assert (pw.is_convex(), pw.is_monotone()) == (False, True)
    assert sn.piecewise(sp.Piecewise((x, x > y), (y, True))).is_convex()


# --- comparing


@pytest.mark.parametrize(
    ("one", "other", "where"),
    [
        (sp.Heaviside(x, 0), sn.step(x), None),
        (sp.Heaviside(x, 0), sp.Heaviside(x, 1), {x: 0}),
        (sp.sign(x), sp.Heaviside(x) - sp.Heaviside(-x), None),
        (sn.step(x) + sn.step(-x), sp.S.One, {x: 0}),
        (sp.sign(x) * x, abs(x), None),
        (sp.sign(x - y), sp.sign(x) - sp.sign(y), {x: 0, y: 1}),
        (sp.Piecewise((1, sp.Eq(x, 3)), (0, True)), sp.S.Zero, {x: 3}),
        (sp.Piecewise((1, sp.Eq(x, y) & sp.Eq(x, Q(1, 7))), (0, True)), sp.S.Zero,
         {x: Q(1, 7), y: Q(1, 7)}),
        (sp.Piecewise((x, sp.Ne(x, y)), (y, True)), x, None),
    ],
)  # fmt: skip
def test_differences_on_hyperplanes_are_found(one, other, where):
    names = sorted({x} | one.free_symbols | other.free_symbols, key=str)
    f, g = sn.piecewise(one, *names), sn.piecewise(other, *names)
    verdict = f.compare(g)
    assert (f == g) is (where is None) is bool(verdict)
    if where is not None:
        place = verdict.counterexample
        values = one.subs(place), other.subs(place)
        assert values[0] != values[1]
        assert values == (verdict.lhs_value, verdict.rhs_value)
        if set(where.values()) != {0, 1}:
            assert {k: v for k, v in place.items() if k in where} == where


def test_a_network_of_steps_permuted_is_equal_and_moved_by_a_bit_it_is_not():
    W, b, v = [[1, 2], [3, -1], [-1, 1]], [0, 1, Q(1, 3)], [1, -2, 4]
    net = sn.Sequential(sn.Linear(W, b), sn.Step(), sn.Linear([v]))
    order = [2, 0, 1]
    same = sn.Sequential(
        sn.Linear([[2 * w for w in W[k]] for k in order], [2 * b[k] for k in order]),
        sn.Step(),
        sn.Linear([[v[k] for k in order]]),
    )
    moved = sn.Sequential(
        sn.Linear([[1, 2], [3, -1], [-1, 1 + Q(1, 2**52)]], b), sn.Step(), sn.Linear([v])
    )
    box = sn.Box([-1, 1])
    pw = sn.piecewise(net, domain=box)
    assert pw == sn.piecewise(same, domain=box)
    verdict = pw.compare(sn.piecewise(moved, domain=box))
    assert not verdict
    place = list(verdict.counterexample.values())
    assert net(place) != moved(place)


# --- measures


def test_suprema_that_no_point_attains():
    saw = sn.piecewise(sp.Piecewise((x, x < 1), (x - 1, True)), domain=sn.Box([0, 2]))
    assert (saw.maximum().value, saw.maximum().point) == (1, (2,))
    saw = sn.piecewise(sp.Piecewise((x, x < 1), (x - 1, True)), domain=sn.Box([0, Q(3, 2)]))
    assert (saw.maximum().value, saw.maximum().point) == (1, None)
    assert (saw.minimum().value, saw.minimum().point) == (0, (0,))
    down = sn.piecewise(sp.Piecewise((-x, x > 0), (-5, True)))
    assert (down.maximum().value, down.maximum().point) == (0, None)
    assert down.minimum().value == -sp.oo
    edge = sn.piecewise(sp.Piecewise((x + y, x + y < 1), (0, True)), domain=sn.Box([0, 1]))
    assert (edge.maximum().value, edge.maximum().point) == (1, None)
    assert sn.piecewise(sp.Piecewise((3, sp.Eq(x, y)), (0, True))).maximum().value == 3


@pytest.mark.parametrize(
    ("function", "rises", "falls"),
    [
        (sn.step(x), True, False),
        (-sp.sign(x + y), False, True),
        (sp.Piecewise((1, sp.Eq(x, 0)), (0, True)), False, False),
        (sp.Piecewise((0, x < 0), (2, sp.Eq(x, 0)), (2 + x, True)), True, False),
        (sn.step(x) - sn.step(y), False, False),
        (sp.Piecewise((x + 1, x > y), (x, True)), False, False),
        (sp.Piecewise((x + 1, x > -y), (x, True)), True, False),
    ],
)
def test_monotony(function, rises, falls):
    pw = sn.piecewise(function, *sorted(function.free_symbols, key=str))
    assert pw.is_monotone() is rises
    assert pw.is_monotone(decreasing=True) is falls


def test_convexity():
    assert not sn.piecewise(sn.step(x)).is_convex()
    two = sn.Concat(sn.Step(), sn.ReLU())
    assert not sn.piecewise(two, domain=sn.Box([-1, 1])).is_convex(0)
    assert sn.piecewise(two, domain=sn.Box([-1, 1])).is_convex(1)


@pytest.mark.parametrize(
    ("function", "convex"),
    [
        (sp.Piecewise((1, x >= 1), (0, True)), True),
        (sp.Piecewise((-1, x >= 1), (0, True)), False),
        (sp.Piecewise((5, sp.Eq(x, 1)), (abs(2 * x - 1), True)), True),
        (sp.Piecewise((5, sp.Eq(x, 1)), (-abs(2 * x - 1), True)), False),
        (sp.Piecewise((3, sp.Eq(x, 1) & sp.Eq(y, 1)), (x, True)), True),  # at a corner
        (sp.Piecewise((3, sp.Eq(x, 1) & sp.Eq(2 * y, 1)), (x, True)), False),  # inside an edge
        (sp.Piecewise((3, sp.Eq(x, 1)), (x, True)), True),
        (sp.Piecewise((3 - abs(2 * y - 1), sp.Eq(x, 1)), (x, True)), False),  # concave on an edge
        (sp.Piecewise((3 + y, sp.Eq(x, 1)), (3, sp.Eq(y, 0)), (x, True)), True),
        (sp.Piecewise((3 + y, sp.Eq(x, 1)), (0, sp.Eq(y, 0)), (x, True)), False),  # below its limit
        (sp.Piecewise((3 + y, sp.Eq(x, 1) & (y > 0)), (9, sp.Eq(x, 1)), (x, True)), True),
    ],
)
def test_a_convex_function_may_jump_up_on_the_boundary(function, convex):
    names = sorted({x} | function.free_symbols, key=str)
    pw = sn.piecewise(function, *names, domain=sn.Box([0, 1]))
    assert not pw.is_continuous
    assert pw.is_convex() is convex


def test_there_is_no_gradient_on_a_jump():
    gradient = sn.piecewise(sn.step(x) + x).gradient()
    assert gradient([1]) == gradient([-1]) == sp.Matrix([[1]])
    with pytest.raises(sn.DomainError, match=r"the function jumps at \[0\]"):
        gradient([0])
    hole = sn.piecewise(sp.Piecewise((1, sp.Eq(x, y)), (0, True)))
    assert hole.jumps_at([2, 2])
    assert not hole.jumps_at([2, 3])
    with pytest.raises(sn.DomainError, match="jumps"):
        hole.gradient()([2, 2])
    fading = sn.piecewise(sp.Piecewise((y, x > 0), (0, True)))  # no jump at 0, but beside it
    assert fading.jumps_at([0, 0])


def test_new_functions_from_functions_with_jumps():
    f, g = sn.piecewise(sn.step(x)), sn.piecewise(sp.sign(x))
    points = [Q(k, 2) for k in range(-4, 5)]
    for made, value in [
        (f + g, lambda t: f(t) + g(t)),
        (f - g, lambda t: f(t) - g(t)),
        (-g, lambda t: -g(t)),
        (f.max(g), lambda t: max(f(t), g(t))),
        (f.compose(g), lambda t: f(g(t))),
        (g.restrict(sn.Box([-1, 1])).compose(f), lambda t: g(f(t))),
    ]:
        assert all(made(t) == value(t) for t in points)
        assert made.certify()
    with pytest.raises(sn.DomainError, match="leaves the domain"):
        f.restrict(sn.Box([0, Q(1, 2)])).compose(f)


def test_no_network_of_relus_has_jumps():
    with pytest.raises(sn.DomainError, match="the function jumps"):
        sn.from_piecewise(sp.Piecewise((1, sp.Eq(x, 0)), (0, True)))


def test_decisions_with_jumps():
    net = sn.Sequential(sn.Linear([[1, 0], [0, 1]]), sn.Step())
    decisions = sn.piecewise(net, domain=sn.Box([-1, 1])).decisions()
    assert sorted(map(sorted, decisions.winners)) == [[0], [0, 1], [0, 1], [1]]


# --- random functions against direct evaluation


def evaluate(layers, point):
    """Layers (W, b, f) at a point, in fractions."""
    h = list(point)
    for W, b, f in layers:
        h = [f(sum(w * v for w, v in zip(row, h, strict=True)) + c)
             for row, c in zip(W, b, strict=True)]  # fmt: skip
    return h


STEPS = {
    sn.Step: lambda t: Fraction(t > 0),
    sn.Sign: lambda t: Fraction((t > 0) - (t < 0)),
    sn.ReLU: lambda t: max(t, Fraction(0)),
    sn.Identity: lambda t: t,
}


def values_of(cases, values):
    """The values of all cases that hold."""
    if not isinstance(cases, sp.Piecewise):
        return {cases.subs(values)}
    return {e.subs(values) for e, c in cases.args if c.subs(values) == sp.true}


def places(pw, random):
    """Points of every kind: corners, points of edges and facets, inner points, a grid."""
    found = set()
    for part in pw.cells.parts if isinstance(pw.cells, PartCells) else []:
        found.add(part.set.inner_point())
        found.update(part.set.solid.vertices)
    d = pw.network.inputs
    for _ in range(40):
        found.add(tuple(Q(random.randint(-4, 4), 2) for _ in range(d)))
    return [tuple(Fraction(int(v.p), int(v.q)) for v in p) for p in found if pw.domain.contains(p)]


@pytest.mark.parametrize("seed", range(12))
def test_random_networks_with_steps(seed):
    random = Random(seed)
    d = 1 + seed % 3
    sizes = [d, 3, 2, 1] if d < 3 else [d, 2, 2, 1]
    kinds = [random.choice([sn.Step, sn.Sign, sn.ReLU]) for _ in sizes[1:-1]]
    kinds[seed % 2] = random.choice([sn.Step, sn.Sign])
    layers, modules = [], []
    for n, m, kind in zip(sizes[:-1], sizes[1:], [*kinds, sn.Identity], strict=True):
        W = [[random.randint(-2, 2) for _ in range(n)] for _ in range(m)]
        b = [Fraction(random.randint(-2, 2), 2) for _ in range(m)]
        layers.append((W, b, STEPS[kind]))
        modules += [sn.Linear(W, [Q(v.numerator, v.denominator) for v in b]), kind()]
    domain = sn.Box([-2, 2]) if random.random() < 0.5 else None
    pw = sn.piecewise(sn.Sequential(*modules[:-1]), domain=domain)
    assert pw.certify()
    cases = pw.as_piecewise()
    for point in places(pw, random):
        expected = evaluate(layers, point)[0]
        exact = [Q(v.numerator, v.denominator) for v in point]
        assert pw(exact)[0] == Q(expected.numerator, expected.denominator)
        values = dict(zip(pw.variables, exact, strict=True))
        assert values_of(cases, values) == {pw(exact)[0]}
        region = pw.locate(exact)
        assert region.contains(exact)


def direct(e, values):
    """An expression or condition at a point, by its definition."""
    if e in values:
        return values[e]
    if e.is_Rational or e in (sp.true, sp.false):
        return e
    if isinstance(e, sp.Piecewise):
        return next(direct(f, values) for f, c in e.args if direct(c, values))
    args = [direct(arg, values) for arg in e.args]
    if isinstance(e, sp.core.relational.Relational):
        a, b = args
        relations = {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b, "!=": a != b}
        return bool(relations[e.rel_op])
    meaning = {
        sp.Add: sum,
        sp.Mul: lambda v: v[0] * v[1],
        sp.Max: max,
        sp.And: all,
        sp.Or: any,
        sp.Not: lambda v: not v[0],
        sp.Xor: lambda v: sum(map(bool, v)) % 2 == 1,
        sp.ITE: lambda v: v[1] if v[0] else v[2],
        sp.sign: lambda v: Q(bool(v[0] > 0) - bool(v[0] < 0)),
        sp.Heaviside: lambda v: v[1] if v[0] == 0 else Q(bool(v[0] > 0)),
        sn.relu: lambda v: max(v[0], Q(0)),
    }
    return meaning[e.func](args)


numbers = st.integers(-2, 2)
forms = st.builds(
    lambda a, b, c: a * x + b * y + sp.Rational(c, 2), numbers, numbers, st.integers(-3, 3)
)
relations = st.builds(
    lambda kind, f, g: kind(f, g),
    st.sampled_from([sp.Lt, sp.Le, sp.Gt, sp.Ge, sp.Eq, sp.Ne]),
    forms,
    forms,
)
conditions = st.recursive(
    relations,
    lambda inner: st.one_of(
        st.builds(sp.And, inner, inner),
        st.builds(sp.Or, inner, inner),
        st.builds(sp.Not, inner),
        st.builds(sp.Xor, inner, inner),
        st.builds(sp.ITE, inner, inner, inner),
    ),
    max_leaves=3,
)


def unevaluated(function):
    return lambda *args: function(*args, evaluate=False)


functions = st.recursive(
    forms,
    lambda inner: st.one_of(
        st.builds(
            lambda f, c, g: sp.Piecewise((f, c), (g, True), evaluate=False),
            inner, conditions, inner,
        ),
        st.builds(unevaluated(sp.Max), inner, inner),
        st.builds(unevaluated(sn.relu), inner),
        st.builds(unevaluated(sp.sign), inner),
        st.builds(lambda f: sp.Heaviside(f, Q(1, 3), evaluate=False), inner),
        st.builds(lambda f, g: sp.Add(f, g, evaluate=False), inner, inner),
    ),
    max_leaves=4,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(functions)
def test_nested_cases_equal_their_definition(function):
    pw = sn.piecewise(function, x, y, domain=sn.Box([-1, 1]))
    if len(pw) > 30:
        return
    assert pw.certify()
    cases = sp.sympify(pw.as_piecewise())
    for point in product([Q(k, 2) for k in range(-2, 3)], repeat=2):
        values = dict(zip((x, y), point, strict=True))
        expected = direct(function, values)
        assert pw(point) == expected
        assert values_of(cases, values) == {expected}


# --- cases that are not complete


def test_cases_without_a_last_one():
    open_ = sp.Piecewise((x, x > 0), (y, x < -1))
    with pytest.raises(sn.DomainError, match=r"no case of .* holds at \(.*, 0\); add a last case"):
        sn.piecewise(open_)
    pw = sn.piecewise(open_, domain=sn.Polyhedron([[1, 0]], [-2]))
    assert pw([-3, 5]) == 5
    with pytest.raises(sn.DomainError, match="no case"):
        sn.piecewise(open_, domain=sn.Polyhedron([[1, 0]], [-1]))  # at x = -1 alone
    inner = sp.Piecewise((x, x > 0), evaluate=False)
    assert sn.piecewise(sp.Piecewise((inner, y < x), (y, True), evaluate=False),
                        domain=sn.Box([1, 2]))  # fmt: skip
    chosen = sp.Piecewise((2 * inner, x > 1), (0, True), evaluate=False)
    assert len(sn.piecewise(chosen, x, y).pieces) == 2
    with pytest.raises(sn.DomainError, match=r"at \(0"):
        sn.piecewise(sp.Piecewise((2 * inner, x > -1), (0, True), evaluate=False))


# --- files


@pytest.mark.parametrize("suffix", [".npz", ".json"])
def test_what_is_saved_comes_back_and_is_certified(tmp_path, suffix):
    for function, domain in [
        (sp.sign(x + y) + x * sp.Heaviside(y), None),
        (sp.Piecewise((sp.Min(x, y), (x > 0) & (y > 0)), (0, True)), sn.Box([-1, 1])),
        (sn.step(x - Q(1, 3)), sn.Box([0, 1])),
    ]:
        pw = sn.piecewise(function, domain=domain)
        copy = sn.load_piecewise(pw.save(tmp_path / f"f{suffix}"))
        assert copy.certify()
        assert copy == pw
        assert copy.as_piecewise() == pw.as_piecewise()
        assert (len(copy), copy.is_continuous) == (len(pw), pw.is_continuous)


def test_a_changed_file_is_found_out(tmp_path):
    path = sn.piecewise(sp.sign(x + y) + sn.step(y)).save(tmp_path / "f.json")
    data = json.loads(path.read_text())
    count = len(data["part_rays_counts"])
    changes = {
        "weights": lambda v: [str(int(v[0]) + 1), *v[1:]],
        "part_signs": lambda v: [-v[0] if v[0] else 1, *v[1:]],
        "part_strict": lambda v: [str(-int(t)) for t in v[:3]] + v[3:],
        "part_strict_counts": lambda v: [0] * count,
        "part_rays": lambda v: ["7", *v[1:]],
        "values": lambda v: ["1", *v[1:]],
    }
    for name, change in changes.items():
        spoilt = data | {name: change(data[name])}
        if name == "part_strict_counts":
            spoilt["part_strict"] = []
        if name == "values":  # the function is another one, and as good
            continue
        path.write_text(json.dumps(spoilt))
        with pytest.raises(sn.CertificateError):
            sn.load_piecewise(path).certify()
    fewer = data | {
        name: data[name][:-1] for name in data if name.startswith("part_") and "counts" in name
    }
    for kind in ("part_rays", "part_lines", "part_strict"):
        fewer[kind] = data[kind][: 3 * sum(fewer[kind + "_counts"])]
    fewer["part_signs"] = data["part_signs"][: -len(data["part_signs"]) // count]
    path.write_text(json.dumps(fewer))
    with pytest.raises(sn.CertificateError, match="lies in no part"):
        sn.load_piecewise(path).certify()
    bad = json.loads(data["switches"][0])
    bad[2] = ["__import__", "os"]
    path.write_text(json.dumps(data | {"switches": [json.dumps(bad)]}))
    with pytest.raises(sn.OutputError, match="cannot read"):
        sn.load_piecewise(path)


# --- pictures


def marks(picture, kind, tag=""):
    return [m for m in picture.marks if isinstance(m, kind) and m.tag.startswith(tag)]


def test_the_graph_of_a_function_with_jumps():
    saw = sp.Piecewise((x, x < 1), (3, sp.Eq(x, 1)), (x - 1, x < 2), (0, True))
    picture = sn.piecewise(saw, domain=sn.Box([-1, 3])).plot()
    assert {m.at for m in marks(picture, Dot, "limit")} == {(1, 1), (1, 0), (2, 1)}
    assert {m.at for m in marks(picture, Dot, "kink")} == {(1, 3), (2, 0)}
    assert all(m.hollow for m in marks(picture, Dot, "limit"))
    assert [m.places for m in marks(picture, Path, "output")] == [
        ((-1, -1), (1, 1)), ((1, 0), (2, 1)), ((2, 0), (3, 0))
    ]  # fmt: skip
    step = sn.piecewise(sn.step(x)).plot()
    assert [m.arrow for m in marks(step, Path, "output")] == [True, True]


def area(corners):
    pairs = zip(corners, (*corners[1:], corners[0]), strict=True)
    return sum(a * d - b * c for (a, b), (c, d) in pairs) / 2


@pytest.mark.parametrize("by", ["pattern", "piece", "value"])
def test_regions_with_jumps_tile_their_frame(by):
    for function in (
        sn.relu(y + sn.step(x) - Q(1, 2)),
        sp.sign(x + y) + sn.relu(x),
        sp.Piecewise((x, (x > 0) & (y > x)), (sn.relu(y), True)),
    ):
        picture = sn.piecewise(function, x, y, domain=sn.Box([-1, 2], [-1, 1])).plot(by)
        areas = [area(m.corners) for m in marks(picture, Polygon)]
        assert all(a > 0 for a in areas)
        assert sum(areas) == 6


def test_lines_where_functions_with_jumps_bend():
    """The kink is a broken line: y = 1/2 up to the jump at x = 0, and y = -1/2 from there on."""
    pw = sn.piecewise(sn.relu(y + sn.step(x) - Q(1, 2)), domain=sn.Box([-1, 1]))
    (line,) = marks(pw.plot(by="pattern"), Path, "neuron 1 of layer 2")
    half = Fraction(1, 2)
    broken = (-1, half), (0, half), (0, -half), (1, -half)
    assert line.places in (broken, broken[::-1])
    facets = sn.piecewise(sn.step(x) + 0 * y, x, y, domain=sn.Box([-1, 1])).plot(surface=True)
    assert len(marks(facets, Polygon, "region 0")) > 0


# --- half-open sets


def test_half_open_sets_and_covers():
    square = HalfOpen(Polyhedron.box([0, 0], [2, 2]))
    below, above = square.sides((1, 1, -2))
    middle = square.zeros((1, 1, -2))
    assert is_covered(square, [below, above, middle]) is None
    x, y = is_covered(square, [below, above])
    assert x + y == 2
    assert below.intersection(above) is None
    assert middle.dimension == 1
    assert middle.is_within(square)
    assert not square.is_within(middle)
    assert above.where((1, 0, 0), strict=False) is above or above.is_within(square)
    corner = square.where((-1, -1, 0), strict=False)
    assert corner.solid.vertices == ((0, 0),)
    assert square.where((-1, -1, 0), strict=True) is None
    assert below.supremum([1, 1, 0]) == (2, None)
    assert above.supremum([1, 1, 0]) == (4, (2, 2))
