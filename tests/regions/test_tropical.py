"""A piecewise-linear function as a difference of two maxima: Zhang, Naitzat and Lim 2018."""

import pickle
from itertools import combinations, pairwise
from math import comb
from random import Random

import pytest
import sympy as sp
from sympy import Rational as Q

import symnet as sn
from symnet.exact.polyhedron import Polyhedron
from symnet.exact.rational_rows import as_fmpq
from symnet.regions.tropical_terms import needed

x, y, z = sp.symbols("x y z", real=True)


def random_net(seed, *widths, size=3):
    random = Random(seed)

    def entries(rows, cols):
        return [[Q(random.randint(-size, size), 2) for _ in range(cols)] for _ in range(rows)]

    layers = []
    for a, b in pairwise(widths):
        layers += [sn.Linear(entries(b, a), entries(b, 1)), sn.ReLU()]
    return sn.Sequential(*layers[:-1])


def points(n, seed=0, count=15):
    random = Random(seed)
    return [
        [Q(random.randint(-12, 12), random.randint(1, 5)) for _ in range(n)] for _ in range(count)
    ]


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (sp.Max(x, y), sp.Max(x, y)),
        (abs(x) - abs(y), sp.Max(x, -x) - sp.Max(y, -y)),
        (sn.relu(x) - 2 * sn.relu(x - 1), sp.Max(0, x) - sp.Max(0, 2 * x - 2)),
        (2 * x - y + 3, 2 * x - y + 3),
        (sp.Min(x, y), -sp.Max(0, y - x) + y),
    ],
)
def test_small_functions(function, expected):
    found = sn.tropical(function)
    for at in points(len(found.variables)):
        values = dict(zip(found.variables, at, strict=True))
        assert found(at) == expected.xreplace(values) == function.xreplace(values).doit()
    assert found.as_expr().xreplace(values).doit() == found(at)


def test_what_is_written():
    assert sn.tropical(sp.Max(x, y)).as_expr() == sp.Max(x, y)
    assert sn.tropical(abs(x)).numerator == (((-1,), 0), ((1,), 0))
    assert sn.tropical(abs(x)).denominator == (((0,), 0),)
    both = sn.tropical(sn.hardtanh(x))
    assert both.as_expr(z) == sp.Max(-1, z) - sp.Max(0, z - 1)
    assert both.latex() == r"\max\left(-1, x\right) - \max\left(0, x - 1\right)"
    assert both._repr_latex_() == rf"$\displaystyle {both.latex()}$"
    assert pickle.loads(pickle.dumps(both)) == both
    assert hash(both) == hash(sn.tropical(sn.hardtanh(x)))


@pytest.mark.parametrize("m", [1, 3, 6])
def test_terms_of_a_sum_of_relus_are_its_regions(m):
    """Lines in general position: 1 + m + m(m-1)/2 terms; through one point: 2m; in space alike."""
    lines = [(1, k, k * k + 1) for k in range(1, m + 1)]
    assert not any(sp.Matrix(triple).det() == 0 for triple in combinations(lines, 3))
    general = sum(sn.relu(a * x + b * y - c) for a, b, c in lines)
    found = sn.tropical(general, x, y)
    assert len(found.numerator) == 1 + m + m * (m - 1) // 2
    assert found.denominator == (((0, 0), 0),)
    assert (
        len(sn.tropical(sum(sn.relu(a * x + b * y) for a, b, _ in lines), x, y).numerator) == 2 * m
    )
    planes = [(1, k, k**2, k**3 + 1) for k in range(1, m + 1)]
    inspace = sum(sn.relu(a * x + b * y + c * z - d) for a, b, c, d in planes)
    count = sum(comb(m, j) for j in range(4))
    assert len(sn.tropical(inspace, x, y, z).numerator) == count


@pytest.mark.parametrize(
    ("seed", "widths"),
    [(0, (1, 5, 3, 2)), (1, (2, 4, 3, 1)), (2, (2, 5, 2)), (3, (3, 3, 2, 1)), (4, (2, 3, 3, 2, 1))],
)
def test_random_networks(seed, widths):
    """The values of the network by SymPy, at points; every term is the greatest somewhere."""
    net = random_net(seed, *widths)
    found = net.tropical()
    parts = found if isinstance(found, tuple) else (found,)
    assert len(parts) == widths[-1]
    for at in points(widths[0], seed):
        assert net(at) == sp.Matrix([part(at) for part in parts])
    for part in parts:
        for terms in (part.numerator, part.denominator):
            assert len({a for a, _ in terms}) == len(terms)


@pytest.mark.parametrize("seed", range(4))
def test_needed_terms_on_the_line_are_the_upper_envelope(seed):
    """A term is needed iff it is greatest, alone, between two neighbouring crossings."""
    random = Random(seed)
    terms = {(random.randint(-5, 5), random.randint(-9, 9)) for _ in range(14)}
    crossings = sorted(
        {Q(d - b, a - c) for (a, b), (c, d) in combinations(sorted(terms), 2) if a != c}
    )
    between = [(p + q) / 2 for p, q in pairwise(crossings)]
    places = [crossings[0] - 1, *between, crossings[-1] + 1]
    ends = sorted({-1, 2, *(c for c in crossings if -1 < c < 2)})
    inside = [(p + q) / Q(2) for p, q in pairwise(ends)]
    rows = [tuple(map(as_fmpq, t)) for t in terms]
    for domain, at in (
        (Polyhedron.from_half_spaces(ambient=1), places),
        (Polyhedron.box([-1], [2]), inside),
    ):
        best = {max(terms, key=lambda t, p=p: t[0] * p + t[1]) for p in at}
        assert {tuple(map(int, t)) for t in needed(rows, domain)} == best


def test_terms_that_a_domain_does_not_need():
    assert sn.tropical(sn.relu(x), domain=sn.Box([1, 2])).as_expr() == x
    pw = sn.piecewise(sp.Max(x, y, 3 * x - 9), domain=sn.Box([0, 1], [0, 1]))
    assert sn.tropical(pw).as_expr() == sp.Max(x, y)
    plane = sn.Slice([0, 0], [[1, 1]])
    u = sn.tropical(sp.Max(x, -y), domain=plane)
    assert u([5]) == 5
    assert u([-5]) == 5


def test_cases():
    cases = sp.Piecewise((x, (x > y) & (x > 0)), (y, y > 0), (0, True))
    assert sn.tropical(cases).as_expr() == sp.Max(x, y, 0)
    saw = sp.Piecewise((x, x < 1), (2 - x, x < 2), (x - 2, True))
    found = sn.tropical(saw)
    for at in points(1):
        assert found(at) == saw.subs(x, at[0])


def test_what_is_refused():
    with pytest.raises(sn.DomainError, match="jumps"):
        sn.tropical(sn.step(x))
    net = random_net(0, 2, 6, 6, 1)
    with pytest.raises(sn.TooManyTermsError, match=r"maxima of \d+ and \d+ .*max_terms=20"):
        net.tropical(max_terms=20)
    with pytest.raises(sn.TooManyRegionsError, match=r"\d+ - \d+ terms were found.*max_regions=4"):
        random_net(1, 2, 4, 3, 1).tropical(max_regions=4)
    two = sn.tropical(sp.Max(x, y))
    with pytest.raises(sn.ShapeError, match="1 symbols were given for a function of 2"):
        two.as_expr(x)
    with pytest.raises(sn.ShapeError, match="the point has 3 coordinates"):
        two([1, 2, 3])
