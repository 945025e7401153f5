"""Functions of several variables become networks with ceil(log2(n + 1)) hidden layers."""

from itertools import product
from random import Random

import pytest
import sympy as sp
from flint import fmpq
from sympy import Rational as Q

import symnet as sn
from symnet.regions.bends import bends
from symnet.regions.hinges import Fans, hinges, merged

x, y, z = sp.symbols("x y z", real=True)


def hidden(net):
    return [int(layer.out_features) for layer in net if isinstance(layer, sn.Linear)][:-1]


def assert_built(function, *variables, domain=None):
    """The network has few layers, all of them relu, and the function's values, by SymPy too."""
    pw = sn.piecewise(function, *variables, domain=domain)
    net = sn.from_piecewise(pw)
    n = pw.network.inputs
    assert len(hidden(net)) <= (n).bit_length()  # ceil(log2(n + 1))
    assert all(isinstance(layer, sn.Linear | sn.ReLU) for layer in net)
    assert net.out_features == pw.network.outputs
    random = Random(0)
    inside = [region.cells.inner_point(region.index) for region in pw.regions][:20]
    inside += [tuple(fmpq(random.randint(-9, 9), 4) for _ in range(n)) for _ in range(10)]
    for point in inside:
        if pw.domain.contains(point):
            at = [Q(int(v.p), int(v.q)) for v in point]
            assert net(at) == sp.Matrix([pw(at)])
    return net


@pytest.mark.parametrize(
    ("function", "layers"),
    [
        (x + 2 * y - 1, []),
        (sp.Max(x, y), [3]),
        (sp.Min(x, y + 1), [3]),
        (sp.Max(0, x, y), [3, 1]),
        (sp.Max(x, y, z), [5, 3]),
        (sp.Max(0, x, y, z), [4, 2]),
        (abs(x) + abs(y), None),
        (sp.Min(x, sp.Max(y, 0)), None),
        (sp.Max(x, y) - sp.Max(y, z), None),
        (sp.Max(x, -y, 2 * x - y, 3), None),
    ],
)
def test_maxima_and_minima(function, layers):
    net = assert_built(function)
    assert layers is None or hidden(net) == layers


def test_one_hidden_layer_is_found_again():
    """Hyperplanes in general position: one neuron for each, two for each input in the affine part.

    That f bends on m hyperplanes asks for m neurons of one hidden layer at least.
    """
    random = Random(3)
    for n, m in ((2, 5), (3, 5), (4, 4)):
        W = [[random.randint(-3, 3) or 1 for _ in range(n)] for _ in range(m)]
        net = sn.Sequential(
            sn.Linear(W, [[k] for k in range(m)]), sn.ReLU(), sn.Linear([[1, -2, 3, -1, 2][:m]])
        )
        (width,) = hidden(assert_built(net))
        assert m <= width <= m + 2 * n


@pytest.mark.parametrize("domain", [None, sn.Box([0, 1], [-1, 2])])
def test_cases(domain):
    """Max(x, y, 0), and a pyramid over a square, by cases."""
    greatest = sp.Piecewise((x, (x > y) & (x > 0)), (y, y > 0), (0, True))
    net = assert_built(greatest, domain=domain)
    if domain is None:
        assert hidden(net) == [3, 1]
        assert sn.piecewise(net, x, y).compare(sn.piecewise(sp.Matrix([sp.Max(0, x, y)])))
    pyramid = sp.Piecewise(
        (0, (abs(x) > 1) | (abs(y) > 1)), (1 - abs(x), abs(x) > abs(y)), (1 - abs(y), True)
    )
    assert_built(pyramid, domain=domain)


@pytest.mark.parametrize("seed", range(6))
def test_random_networks_of_two_variables(seed):
    random = Random(seed)

    def entries(rows, cols):
        return [[Q(random.randint(-4, 4), 2) for _ in range(cols)] for _ in range(rows)]

    net = sn.Sequential(
        sn.Linear(entries(4, 2), entries(4, 1)), sn.ReLU(), sn.Linear(entries(3, 4)), sn.Abs(),
        sn.Linear(entries(2, 3)),
    )  # fmt: skip
    for domain in (None, sn.Box([-1, 1]), sn.Box([0, sp.oo], [-1, 3])):
        assert_built(net, domain=domain)
    triangle = sn.Polyhedron(vertices=[[0, 0], [2, 1], [1, 3]])
    assert_built(net, domain=triangle)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("bias", [0, 1])
def test_random_networks_of_three_variables(seed, bias):
    random = Random(seed)

    def entries(rows, cols, size=2):
        return [[random.randint(-size, size) for _ in range(cols)] for _ in range(rows)]

    net = sn.Sequential(
        sn.Linear(entries(3, 3), entries(3, 1, bias)), sn.ReLU(),
        sn.Linear(entries(2, 3), entries(2, 1, bias)), sn.ReLU(), sn.Linear(entries(1, 2)),
    )  # fmt: skip
    assert_built(net)
    assert_built(net, domain=sn.Box([-1, 1], [0, 2], [0, sp.oo]))


def test_bends_that_meet_on_the_boundary():
    """Two bends and a corner of a square in one point; beyond it they would not be balanced."""
    fan = sp.Max(x, y, 2 * x - 1, 3 * y - 2)
    for box in (sn.Box([0, 1], [0, 1]), sn.Box([-1, 1], [1, 2]), sn.Box([1, 2], [-1, 2])):
        assert_built(fan + abs(x - y), domain=box)


def test_flat_domains_and_lines():
    plane = sn.Slice([0, 1, 0], [[1, 0, 1], [0, 1, -1]])
    assert_built(sp.Max(x, y, z), x, y, z, domain=plane)
    assert_built(abs(x - y) + sn.relu(x - y - 1), x, y, z)
    edge = sn.Polyhedron(vertices=[[0, 1], [1, 0]])
    net = sn.from_piecewise(sn.piecewise(sp.Max(x, y), domain=edge))
    assert net([Q(1, 4)]) == sp.Matrix([Q(3, 4)])


def test_hinges_bend_where_the_function_bends():
    """The multiples of maxima and f differ by an affine function: second differences vanish."""
    pw = sn.piecewise(sp.Max(x, y, 0) - abs(x - 2 * y + 1) + sp.Min(x, 3))
    solids = [region.polyhedron for region in pw.regions]
    tables = [region.table for region in pw.regions]
    found = hinges(bends(solids, tables, pw.neighbours, pw.domain.polyhedron), 2)
    assert all(len(hinge.forms) <= 3 for hinge in found)

    def rest(a, b):
        value = pw([a, b])
        for hinge in found:
            tops = [f[0] * fmpq(a) + f[1] * fmpq(b) + f[2] for f in hinge.forms]
            term = hinge.factors[0] * max(tops)
            value -= Q(int(term.p), int(term.q))
        return value

    for a, b in product(range(-4, 5), repeat=2):
        assert rest(a, b) == rest(0, 0) + a * (rest(1, 0) - rest(0, 0)) + b * (
            rest(0, 1) - rest(0, 0)
        )


@pytest.mark.parametrize("seed", range(5))
def test_sectors_are_merged_without_a_change(seed):
    """The sum of the factors of all sectors that hold a ray is the same before and after."""
    random = Random(seed)
    rays = [(1, k, 2 * k + 1) for k in range(-3, 4)]  # all in one plane
    cones = {
        tuple(sorted(random.sample(rays, 2))): (fmpq(random.randint(-2, 2)),) for _ in range(9)
    }

    def at(sum_of_cones, k):
        return sum(c[0] for (a, b), c in sum_of_cones.items() if a[1] < k < b[1])

    small = merged(cones)
    assert all(at(small, k + Q(1, 2)) == at(cones, k + Q(1, 2)) for k in range(-4, 4))
    assert len(small) <= 6
    assert Fans(3).levels == [{}, {}, {}]


def test_what_is_refused():
    with pytest.raises(sn.DomainError, match="jumps"):
        sn.from_piecewise(sp.sign(x - y))
    cases = sp.Piecewise((x, (x > y) & (x > 0)), (y, y > 0), (0, True)) + sn.relu(z)
    with pytest.raises(sn.DomainError, match=r"all of R\^3.*leave the domain out"):
        sn.from_piecewise(cases, domain=sn.Box([-1, 1]))
    deep = sp.Max(x, y, 0) - sp.Max(x + 1, 2 * y, 0) + abs(sp.Max(x, -y) - 1)
    with pytest.raises(sn.TooManyRegionsError, match=r"neurons was built.*max_regions=3"):
        sn.from_piecewise(deep, max_regions=3)
    with pytest.raises(TypeError, match="restrict"):
        sn.from_piecewise(sn.piecewise(deep), domain=sn.Box([0, 1]))
