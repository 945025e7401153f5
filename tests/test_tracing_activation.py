"""Activations from Python functions: the formula is what Python computes."""

# ruff: noqa: RET503, RET505

import math
import random
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import symnet as sn
from symnet import relu
from symnet.tracing._cells import same_function

x = sp.Symbol("x", real=True)
half = sp.Rational(1, 2)


def leaky(x, alpha=Fraction(1, 4)):
    return x if x > 0 else alpha * x


def hard_tanh(x):
    return max(-1, min(1, x))


def clipped(x):
    if x < -1:
        return -1
    elif x > 1:
        return 1
    return x


def chained(x):
    return x if -1 <= x <= 1 else 0


def nested(x):
    if x > 0:
        if x > 2:
            return 2
        return x
    else:
        if not (x > -1 or x < -3):
            return -x
    return 0


def three(x):
    return max(x, -x, 1)


def local(x):
    y = 2 * x
    y += 1
    z = abs(y) - 1
    if z < 0 and x > -1:
        z = -z
    return z / 2


def steps(x):
    return (x > 0) + (x > 1) * x


def equal(x):
    return 5 if x == 1 else (x != 2) * 3


def loop(x, n=4):
    total = 0
    for k in range(n):
        total += max(0, x - k)
    return total


def sorted_middle(x):
    return sorted([x, 0, 1])[1]


def helper(x):
    return leaky(x, 2) - hard_tanh(x)


def membership(x):
    return 1 if x in (0, 1) else x


def floors(x):
    return x // 2 + x % 3


def truth(x):
    return 1 if x else 0


def unreachable(x):
    if x > 0:
        if x < -1:
            raise RuntimeError("never")
        return x
    if x > 1:
        return None
    return 0


FUNCTIONS = [
    leaky, hard_tanh, clipped, chained, nested, three, local, steps, equal, loop, sorted_middle,
    helper, membership, floors, truth, unreachable,
]  # fmt: skip

EXPECTED = {
    leaky: sp.Max(0, x) + sp.Min(0, x) / 4,
    hard_tanh: sp.Max(-1, sp.Min(1, x)),
    clipped: sp.Max(-1, sp.Min(1, x)),
    chained: sp.Piecewise((0, x < -1), (x, x <= 1), (0, True)),
    nested: sp.Piecewise((2, x > 2), (x, x > 0), (-x, (x >= -3) & (x <= -1)), (0, True)),
    three: sp.Max(1, sp.Abs(x)),
    steps: sp.Piecewise((0, x <= 0), (1, x <= 1), (1 + x, True)),
    equal: sp.Piecewise((5, sp.Eq(x, 1)), (0, sp.Eq(x, 2)), (3, True)),
    loop: sp.Max(0, x) + sp.Max(0, x - 1) + sp.Max(0, x - 2) + sp.Max(0, x - 3),
    sorted_middle: sp.Max(0, sp.Min(1, x)),
    unreachable: sp.Max(0, x),
}


@pytest.mark.parametrize("f", EXPECTED, ids=lambda f: f.__name__)
def test_the_formula(f):
    layer = sn.activation(f)
    assert same_function(layer.scalar(x).doit(), EXPECTED[f], x)


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
def test_what_python_computes(f):
    layer = sn.activation(f)
    rng = random.Random(f.__name__)
    points = [Fraction(rng.randint(-400, 400), rng.randint(1, 97)) for _ in range(20)]
    points += [Fraction(k, 2) for k in range(-8, 9)]
    points += [Fraction(int(k.p), int(k.q)) for k in layer.kinks if k.is_Rational]
    for point in points:
        expected = Fraction(f(point))
        value = layer.scalar(sp.Rational(point.numerator, point.denominator))
        assert value == sp.Rational(expected.numerator, expected.denominator), (f, point)


def test_transcendental_functions():
    def elu(x, alpha):
        return x if x > 0 else alpha * (math.exp(x) - 1)

    def gelu(x):
        return x / 2 * (1 + math.erf(x / math.sqrt(2)))

    def soft(x):
        return np.log1p(np.exp(x)) + sp.tanh(x) + relu(x)

    a = sp.Symbol("alpha", real=True)
    assert sn.activation(elu).scalar(x).doit() == sp.Piecewise(
        (x, x > 0), (a * (sp.exp(x) - 1), True)
    )
    assert sn.activation(gelu).scalar(x).doit() == x * (1 + sp.erf(x / sp.sqrt(2))) / 2
    assert sn.activation(soft).scalar(x).doit() == sp.log(1 + sp.exp(x)) + sp.tanh(x) + relu(x)
    assert sn.activation(math.tanh).scalar(x).doit() == sp.tanh(x)


def test_branches_on_symnet_functions_and_parameters():
    def f(x, low, high):
        if relu(x) > high:
            return high
        return low if x < low else x

    low, high = sp.symbols("low high", real=True)
    expected = sp.Piecewise((high, sp.Max(0, x) > high), (low, x < low), (x, True))
    assert same_function(sn.activation(f).scalar(x).doit(), expected, x)
    clip = sn.activation(f, low=-1, high=1)
    assert [clip.scalar(sp.Integer(k)) for k in (-2, 0, 2)] == [-1, 0, 1]
    assert clip.subs(low, 5) == clip


def test_floats_are_the_numbers_that_they_are():
    def f(x):
        return 0.1 * x

    assert sn.activation(f).scalar(sp.S.One) == sp.Rational(3602879701896397, 36028797018963968)


def test_numpy_functions():
    def f(x):
        return np.maximum(0, x) + np.where(x > 1, x, 1) + np.float64(0.5) * x + np.clip(x, -1, 1)

    expected = sp.Max(0, x) + sp.Max(x, 1) + x / 2 + sp.Max(-1, sp.Min(1, x))
    assert same_function(sn.activation(f).scalar(x).doit(), expected, x)


def test_what_is_accepted():
    layer = sn.activation(leaky)
    assert sn.activation(layer) is layer
    assert sn.activation(sn.relu) == sn.ReLU()
    assert sn.activation(sn.leaky_relu, negative_slope=2) == sn.LeakyReLU(2)
    assert sn.activation(lambda t: max(t, 3)).name == "f"

    @sn.activation
    def tent(x):
        return 1 - abs(x)

    assert tent.function(x).doit() == 1 - sp.Abs(x)

    def uses_layer(x):
        return 2 * tent(x)

    assert sn.activation(uses_layer).scalar(sp.S.Zero) == 2


def test_facts():
    hard = sn.activation(clipped)
    assert hard.range == hard.fixed == sp.Interval(-1, 1)
    assert hard.kinks == (-1, 1)
    assert hard.monotone is True
    assert hard.is_homogeneous is False
    assert hard.lipschitz == 1
    function = hard.function
    assert function.piecewise_linear
    assert function.continuous
    assert function.odd
    assert not function.even
    assert not function.convex
    symbolic = sn.activation(leaky, alpha=sp.Symbol("a", real=True))
    assert symbolic.kinks == (0,)
    assert symbolic.is_homogeneous
    assert symbolic.monotone is None
    assert sn.activation(leaky).monotone is True
    assert sn.activation(leaky, alpha=-1).monotone is False
    jump = sn.activation(truth)
    assert jump.kinks == (0,)
    assert not jump.function.continuous
    assert jump.lipschitz == sp.oo
    assert jump.range == sp.FiniteSet(0, 1)

    def square(x):
        return x**2

    assert not sn.activation(square).function.piecewise_linear
    assert sn.activation(square).function.even


def test_nothing_of_the_users_is_changed():
    before = (math.exp, leaky.__globals__, leaky.__defaults__, leaky.__code__)
    sn.activation(helper)
    assert before == (math.exp, leaky.__globals__, leaky.__defaults__, leaky.__code__)
    assert leaky.__globals__ is globals()
    assert globals()["math"] is math


LOG = []


def changes_list(x):
    LOG.append(x)
    return x


def changes_global(x):
    global COUNT
    COUNT = 1
    return x


def returns_nothing(x):
    if x > 3:
        return x


def imports(x):
    import math as m

    return m.exp(x)


def endless(x):
    while x < 100:
        x = x + 1
    return x


def exploding(x):
    while x < 100:
        x = x * (1 + x * x)
    return x


def many(x, a, b, c, d, e, f, g, h, i):
    n = 0
    for p in (a, b, c, d, e, f, g, h, i):
        n += 1 if p > x else 0
    return n


def random_factor(x):
    return x * random.random()


def rounds(x):
    return round(x)


def asks_type(x):
    return x if isinstance(x, float) else 0


def prints(x):
    print(x)
    return x


def divides(x):
    return 1 / (x - x)


def raises(x):
    if x < 0:
        raise ValueError("negative")
    return x


def ranges(x):
    return sum(k for k in range(x))


def listed(x):
    return [x]


def unknown(x):
    return np.linalg.norm(x)


def yields(x):
    yield x


def matrix(x):
    return sp.Matrix([1, 2]) * x


def not_real(x):
    return x * sp.I


@pytest.mark.parametrize(
    ("f", "words"),
    [
        (changes_list, ["LOG", "side effects"]),
        (changes_global, ["COUNT", "line", "side effects"]),
        (returns_nothing, ["returns nothing where x <= 3"]),
        (imports, ["line", "m.exp(x)", "sympy.exp"]),
        (endless, ["line", "fixed range"]),
        (exploding, ["line", "fixed range"]),
        (many, ["256 paths"]),
        (random_factor, ["randomness"]),
        (rounds, ["line", "math.floor"]),
        (asks_type, ["isinstance"]),
        (prints, ["print"]),
        (divides, ["ZeroDivisionError", "1 / (x - x)"]),
        (raises, ["ValueError where x < 0: negative"]),
        (ranges, ["range(n)", "fixed range"]),
        (listed, ["[", "not a number"]),
        (unknown, ["norm", "SymPy"]),
        (yields, ["generator"]),
        (matrix, ["symnet.network"]),
        (not_real, ["no real number"]),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_errors_say_where_and_what_to_do(f, words):
    with pytest.raises(sn.TracingError) as caught:
        sn.activation(f)
    for word in words:
        assert word in str(caught.value)
    assert not LOG


@pytest.mark.parametrize("value", [3, "relu", sn.ReLU, x**2, sn.Linear(2, 3), [1]])
def test_what_is_no_function(value):
    with pytest.raises(sn.LayerError):
        sn.activation(value)


def test_wrong_parameters():
    with pytest.raises(sn.LayerError, match="no parameter beta"):
        sn.activation(leaky, beta=1)
    with pytest.raises(sn.LayerError, match="takes 1 parameters"):
        sn.activation(leaky).function(x)
    with pytest.raises(sn.TracingError, match="named parameters"):
        sn.activation(lambda *xs: xs[0])
    with pytest.raises(sn.WeightError):
        sn.activation(leaky, alpha=float("nan"))
