"""The laws of activations, once, over every member that is found."""

import math
import pickle
from itertools import combinations, pairwise

import numpy as np
import pytest
import sympy as sp
from sympy import Rational as Q

import symnet as sn
from symnet.activations import ActivationFunction, every_function, every_layer
from symnet.activations._selu import ALPHA, SCALE
from symnet.base import Apply
from symnet.errors import LayerError, WeightError

FUNCTIONS = every_function()
x = sp.Symbol("x", real=True)
log2, log3, e = sp.log(2), sp.log(3), sp.E

#: Parameters to try, for members that have any; the defaults are tried always.
PARAMETERS = {
    "celu": [(Q(1, 2),), (2,)],
    "elu": [(0,), (Q(1, 2),), (2,), (-1,)],
    "hardtanh": [(0, 6), (-2, Q(1, 2))],
    "leaky_relu": [(0,), (1,), (Q(1, 3),), (2,), (-1,)],
    "prelu": [(0,), (1,), (Q(1, 4),), (2,), (-1,)],
}

#: (arguments, value), worked out by hand from the definitions in the sources.
BY_HAND = {
    "abs": [((-3,), 3), ((0,), 0), ((Q(2, 5),), Q(2, 5))],
    "celu": [((2,), 2), ((0,), 0), ((-2, 2), 2 / e - 2), ((-log2,), Q(-1, 2))],
    "elu": [((2,), 2), ((0,), 0), ((-log2, 3), Q(-3, 2)), ((-log3,), Q(-2, 3))],
    "gelu": [((0,), 0), ((sp.sqrt(2),), sp.sqrt(2) * (1 + sp.erf(1)) / 2)],
    "gelu_tanh": [
        ((0,), 0),
        ((1,), (1 + sp.tanh(sp.sqrt(2 / sp.pi) * Q(1044715, 1000000))) / 2),
    ],
    "hardsigmoid": [((-4,), 0), ((-3,), 0), ((0,), Q(1, 2)), ((1,), Q(2, 3)), ((5,), 1)],
    "hardswish": [((-4,), 0), ((Q(-3, 2),), Q(-3, 8)), ((1,), Q(2, 3)), ((5,), 5)],
    "hardtanh": [((-4,), -1), ((Q(1, 3),), Q(1, 3)), ((9,), 1), ((9, 0, 6), 6), ((-9, 0, 6), 0)],
    "identity": [((-3,), -3), ((sp.pi,), sp.pi)],
    "leaky_relu": [((-3,), Q(-3, 100)), ((4,), 4), ((-2, 5), -10), ((0, 5), 0)],
    "logsigmoid": [((0,), -log2), ((log3,), log3 - 2 * log2)],
    "mish": [((0,), 0), ((log2,), 4 * log2 / 5), ((-log2,), -5 * log2 / 13)],
    "prelu": [((-3, Q(1, 4)), Q(-3, 4)), ((3, Q(1, 4)), 3)],
    "relu": [((-3,), 0), ((0,), 0), ((Q(7, 2),), Q(7, 2)), ((sp.sqrt(2) - 1,), sp.sqrt(2) - 1)],
    "relu6": [((-3,), 0), ((Q(7, 2),), Q(7, 2)), ((6,), 6), ((7,), 6)],
    "selu": [((0,), 0), ((1,), SCALE), ((-log2,), -SCALE * ALPHA / 2)],
    "sigmoid": [((0,), Q(1, 2)), ((log3,), Q(3, 4)), ((-log3,), Q(1, 4))],
    "sign": [((-3,), -1), ((0,), 0), ((Q(1, 9),), 1)],
    "silu": [((0,), 0), ((log3,), 3 * log3 / 4), ((-log3,), -log3 / 4)],
    "softplus": [((0,), log2), ((log3,), 2 * log2), ((-log3,), 2 * log2 - log3)],
    "softsign": [((3,), Q(3, 4)), ((0,), 0), ((-1,), Q(-1, 2))],
    "step": [((-3,), 0), ((0,), 0), ((Q(1, 9),), 1)],
    "tanh": [((0,), 0), ((log2,), Q(3, 5)), ((-log2,), Q(-3, 5))],
}

GRID = [Q(k) for k in (-40, -7, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 40)]
GRID += [Q(-3, 2), Q(-5, 4), Q(-3, 4), Q(-1, 2), Q(-1, 7), Q(1, 7), Q(1, 2), Q(3, 5), Q(5, 4)]
GRID.sort()


def cases(functions=FUNCTIONS):
    """Every member with every choice of parameters, as (function, parameters)."""
    for f in functions:
        own = [f.defaults] if len(f.defaults) == len(f.parameters) else []
        for parameters in own + PARAMETERS.get(f.__name__, []):
            yield pytest.param(
                f, tuple(map(sp.sympify, parameters)), id=f"{f.__name__}{parameters}"
            )


every_case = pytest.mark.parametrize(("f", "p"), list(cases()))
every_member = pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)


def is_zero(value):
    """Whether a number is exactly 0."""
    value = sp.sympify(value)
    if value.is_Rational or abs(value.evalf(50)) > Q(1, 10**30):
        return value == 0
    return sp.simplify(sp.expand_log(value.rewrite(sp.exp))) == 0


def close(value, wanted):
    """Whether a float is the number, as far as floats go."""
    return math.isclose(float(value), float(sp.N(wanted, 30)), rel_tol=1e-11, abs_tol=1e-100)


# --- values


def test_all_members_are_covered():
    assert {f.__name__ for f in FUNCTIONS} == BY_HAND.keys()
    assert {f.__name__ for f in FUNCTIONS if f.parameters} == PARAMETERS.keys()
    assert [layer.function for layer in every_layer()] == list(FUNCTIONS)


@every_member
def test_against_values_computed_by_hand(f):
    for arguments, value in BY_HAND[f.__name__]:
        assert is_zero(f(*arguments) - value), arguments


@every_case
def test_numbers_are_evaluated_and_nothing_else(f, p):
    assert isinstance(f(x, *p), f)
    assert isinstance(f(x + 1, *p), f)
    assert not f(Q(1, 2), *p).has(ActivationFunction)
    assert f(0.5, *p) == f(Q(1, 2), *p)
    assert f(sp.nan, *p) is sp.nan


def test_numbers_are_compared_exactly():
    tiny = sp.log(1 + sp.exp(-40))
    assert (sn.step(tiny), sn.step(-tiny), sn.relu(-tiny), sn.abs(-tiny)) == (1, 0, 0, tiny)
    assert (sn.elu(tiny), sn.hardtanh(1 + tiny), sn.sign(-tiny)) == (tiny, 1, -1)
    zero = sp.sqrt(3 + 2 * sp.sqrt(2)) - 1 - sp.sqrt(2)
    assert (sn.step(zero), sn.sign(zero)) == (0, 0)
    assert sn.ReLU()([-tiny]) == sp.Matrix([0])
    assert sn.ReLU().definition(sp.Matrix([-tiny])) == sp.Matrix([0])


@every_case
def test_definition_cases_and_float_form_agree(f, p):
    for point in GRID:
        value = f.definition(point, *p)
        assert is_zero(f.cases(point, *p) - value), point
        assert abs(sp.N(f.in_floats(point, *p) - value, 30)) < 10**-25, point


def test_selu_constants_round_the_closed_forms_of_the_paper():
    c = sp.erfc(1 / sp.sqrt(2))
    alpha = -sp.sqrt(2 / sp.pi) / (c * sp.sqrt(e) - 1)
    inside = 2 * sp.erfc(sp.sqrt(2)) * e**2 + sp.pi * c**2 * e - 2 * (2 + sp.pi) * c * sp.sqrt(e)
    scale = (1 - c * sp.sqrt(e)) * sp.sqrt(2 * sp.pi) / sp.sqrt(inside + sp.pi + 2)
    assert abs(sp.N(alpha - ALPHA, 50)) < Q(1, 10**15)
    assert abs(sp.N(scale - SCALE, 50)) < Q(1, 10**15)


# --- facts


@every_case
def test_values_lie_in_the_range(f, p):
    layer = f.layer(*p)
    assert layer.range.is_subset(f.range)
    for point in GRID:
        assert layer.range.contains(f(point, *p).evalf(60)) == True, point  # noqa: E712


@every_case
def test_finite_ends_of_an_exact_range_are_attained_or_approached(f, p):
    layer = f.layer(*p)
    if not f.range_is_exact:
        assert layer.range.inf.is_finite
        return
    far = sp.Integer(10) ** 12
    candidates = [*GRID, *layer.kinks, -far, far, -1 - sp.LambertW(sp.exp(-1))]
    values = [f(c, *p) for c in candidates]
    ends = layer.range if layer.range.is_FiniteSet else (layer.range.inf, layer.range.sup)
    for end in ends:
        if end.is_infinite:
            assert any((v * sp.sign(end) > 10**9) == True for v in values), end  # noqa: E712
        else:
            assert any(abs(sp.N(v - end, 40)) < Q(2, 10**12) for v in values), end


@every_case
def test_fixed_points_are_fixed(f, p):
    layer = f.layer(*p)
    assert f.fixed.is_subset(layer.fixed)
    inside = [t for t in (*GRID, *layer.kinks) if layer.fixed.contains(t) == True]  # noqa: E712
    assert inside or layer.fixed.is_empty
    for point in inside:
        assert f(point, *p) == point


@every_case
def test_monotone_as_stated(f, p):
    values = [f(t, *p) for t in GRID]
    rises = all((a <= b) == True for a, b in pairwise(values))  # noqa: E712
    assert f.layer(*p).is_monotone is rises
    assert f.monotone in (None, rises)


@every_case
def test_homogeneous_odd_even_as_stated(f, p):
    scaled = [f(c * t, *p) - c * f(t, *p) for t in GRID for c in (0, Q(1, 3), 5)]
    assert f.layer(*p).is_homogeneous is f.positively_homogeneous
    # where a parameter makes it a simpler layer, that one may be more than is stated here
    if f.positively_homogeneous or f.layer(*p).plainer() is None:
        assert f.positively_homogeneous is all(map(is_zero, scaled))
    if f.odd:
        assert all(is_zero(f(-t, *p) + f(t, *p)) for t in GRID)
    if f.even:
        assert all(is_zero(f(-t, *p) - f(t, *p)) for t in GRID)


@every_case
def test_convex_and_lipschitz_as_stated(f, p):
    constant = f.layer(*p).lipschitz
    for s, t in combinations(GRID[2::2], 2):
        a, b = f(s, *p), f(t, *p)
        if f.convex:
            assert sp.N(f((s + t) / 2, *p) - (a + b) / 2, 30) <= Q(1, 10**25)
        assert constant == sp.oo or sp.N(abs(a - b) - constant * (t - s), 30) <= Q(1, 10**25)


@every_case
def test_straight_between_kinks_exactly_if_stated(f, p):
    kinks = sorted(f.layer(*p).kinks)
    ends = [-sp.Integer(20), *kinks, sp.Integer(20)]
    bent = False
    for a, b in pairwise(ends):
        left, middle, right = (f(a + (b - a) * Q(k, 7), *p) for k in (1, 3, 5))
        bent = bent or not is_zero(left - 2 * middle + right)
    if f.piecewise_linear or f.layer(*p).plainer() is None:
        assert f.piecewise_linear is not bent


@every_case
def test_slope_is_the_derivative(f, p):
    derivative = f.cases(x, *p).diff(x)
    kinks = f.layer(*p).kinks
    for point in (t for t in GRID[2::2] if t not in kinks):
        stated = f.slope(x, *p).subs(x, point)
        assert is_zero(stated - derivative.subs(x, point)), point
    assert f(x, *p).diff(x) == f.slope(x, *p)


@every_case
def test_slope_at_a_kink_lies_between_the_one_sided_slopes(f, p):
    small = Q(1, 10**9)
    for kink in f.layer(*p).kinks:
        sides = [f.slope(kink + h, *p) for h in (-small, small)]
        stated = f.slope(kink, *p)
        assert min(sides) - 2 * small <= stated <= max(sides) + 2 * small
        jump = f(kink + small, *p) - f(kink - small, *p)
        assert f.continuous is bool(abs(jump) < 10 * small)


def test_derivatives_with_respect_to_parameters():
    a = sp.Symbol("a", real=True)
    assert sn.leaky_relu(x, a).diff(a) == sp.Piecewise((0, x > 0), (x, True))
    assert sn.prelu(x * a, a).diff(a).subs({x: -1, a: 2}) == -4


@pytest.mark.parametrize("layer", every_layer(), ids=lambda layer: layer.__name__)
def test_special_parameters_are_plainer(layer):
    for parameters, plainer in layer.special.items():
        assert layer(*parameters).plainer() == plainer()
        for point in GRID:
            assert layer(*parameters).scalar(point) == plainer().scalar(point)
    assert layer(*layer.defaults).plainer() is None


# --- SymPy's manners

TARGETS = (sp.Max, sp.Min, sp.Piecewise, sp.Abs, sp.exp, sp.tanh, sp.Heaviside, sp.sign, sp.erf)


@every_case
@pytest.mark.parametrize("target", TARGETS, ids=lambda t: t.__name__)
def test_rewrite_keeps_the_values(f, p, target):
    written = f(x, *p).rewrite(target)
    if written == f(x, *p):
        return
    for point in (Q(-4), Q(-1, 2), Q(0), Q(1, 7), Q(6)):
        assert is_zero(written.subs(x, point) - f(point, *p)), point


def test_what_can_be_rewritten_to_what():
    can = {
        target: {
            f.__name__
            for f in FUNCTIONS
            if f(x, *(f.defaults or (2,) * len(f.parameters))).rewrite(target).has(target)
        }
        for target in (sp.Max, sp.Piecewise, sp.exp, sp.Heaviside)
    }
    assert {
        "relu",
        "leaky_relu",
        "prelu",
        "relu6",
        "hardtanh",
        "hardsigmoid",
        "hardswish",
        "abs",
    } == can[sp.Max]
    assert can[sp.Max] | {"step", "sign", "elu", "selu", "celu", "softsign"} == can[sp.Piecewise]
    assert {
        "elu",
        "selu",
        "celu",
        "sigmoid",
        "tanh",
        "softplus",
        "silu",
        "mish",
        "gelu_tanh",
        "logsigmoid",
    } == can[sp.exp]
    assert {"relu", "abs", "step", "sign"} <= can[sp.Heaviside]


@every_case
def test_doit_is_the_definition(f, p):
    assert f(x, *p).doit() == f.definition(x, *p)
    assert not f(f(x, *p), *p).doit().has(ActivationFunction)
    assert f(x, *p).doit() != f(x, *p)


@every_case
def test_sympy_contracts(f, p):
    expr = f(x, *p)
    names = {**vars(sp), **{name: getattr(sn, name) for name in sn.__all__}}
    assert expr.func(*expr.args) == expr
    assert eval(sp.srepr(expr), names) == expr
    assert pickle.loads(pickle.dumps(expr)) == expr
    assert hash(f(x, *p)) == hash(expr)
    assert len({expr, f(x, *p)}) == 1
    assert expr.subs(x, 2) == f(2, *p)
    assert expr.xreplace({x: -x}) == f(-x, *p)
    assert expr.free_symbols == {x}
    assert expr.is_real is True
    assert is_zero(expr.evalf(30, subs={x: 2}).round(20) - f(2, *p).evalf(30).round(20))
    assert str(expr) == f"{f.__name__}({', '.join(map(str, (x, *f.layer(*p).written_parameters)))})"


@every_case
def test_latex_is_plain_and_balanced(f, p):
    text = sp.latex(2 * f(x, *p) ** 2)
    assert text.isascii()
    assert text.count("{") == text.count("}")
    assert text.count(r"\left") == text.count(r"\right")
    assert f.symbol in text or f is sn.abs
    assert "_" not in text.replace("_{", "")


def test_lives_beside_sympys():
    for ours, theirs in ((sn.tanh, sp.tanh), (sn.sign, sp.sign)):
        assert ours(x) != theirs(x)
        assert ours(x) + theirs(x) == theirs(x) + ours(x)
        assert ours(x).doit() == theirs(x)
    assert sn.tanh(x).rewrite(sp.tanh) == sp.tanh(x)


def test_signs_follow_from_the_range():
    assert sn.sigmoid(x).is_positive is True
    assert sn.relu(x).is_nonnegative is True
    assert sn.hardtanh(x, 1, 2).is_positive is True
    assert sn.logsigmoid(x).is_negative is True
    assert sn.silu(x).is_nonnegative is None
    assert sn.relu(sp.Symbol("z")).is_real is None


# --- generated code

FAR = (-1000.0, -40.0, -3.0, -1e-9, 0.0, 0.5, 3.0, 40.0, 1000.0)


@every_case
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("module", ["numpy", "math", "mpmath"])
def test_lambdify(f, p, module):
    run = sp.lambdify(x, f(x, *p), module)
    wanted = [f(sp.Rational(t), *p) for t in FAR]
    found = run(np.array(FAR)) if module == "numpy" else [run(t) for t in FAR]
    for value, exact in zip(found, wanted, strict=True):
        if f is sn.gelu_tanh:
            assert abs(float(value) - sp.N(exact, 30)) <= 1e-12 * (1 + abs(float(sp.N(exact))))
        else:
            assert close(value, exact)


# --- layers


@every_case
def test_layer_is_the_function_entrywise(f, p):
    layer = f.layer(*p)
    matrix = sp.Matrix(2, 2, [-2, 0, x, 3])
    assert layer(matrix) == matrix.applyfunc(lambda t: f(t, *p))
    assert f(matrix, *p) == layer(matrix)
    n = sp.Symbol("n", integer=True, positive=True)
    z = sp.MatrixSymbol("z", n, 1)
    expr = layer(z)
    assert isinstance(expr, Apply)
    assert expr.shape == (n, 1)
    assert expr[0, 0] == f(z[0, 0], *p)
    entries = expr.subs(n, 2).as_explicit()
    assert entries == sp.Matrix(
        [f.definition(sp.MatrixSymbol("z", 2, 1)[k, 0], *p) for k in (0, 1)]
    )
    assert expr.subs(z, sp.Matrix([-2, 3])).doit() == layer([-2, 3]).doit()
    assert layer.func(*layer.args) == layer
    assert pickle.loads(pickle.dumps(layer)) == layer
    names = {**vars(sp), **{name: getattr(sn, name) for name in sn.__all__}}
    assert eval(sp.srepr(layer), names) == layer
    code = sp.lambdify(z, expr, "numpy")(np.array([[-2.0], [3.0]]))
    assert all(close(a, b) for a, b in zip(code.ravel(), layer([-2, 3]), strict=True))
    assert sp.pretty(layer) == str(layer)


def test_only_the_identity_is_affine_by_definition():
    found = [layer for layer in every_layer() if layer().affine_parts(sp.Integer(2))]
    assert found == [sn.Identity]


def test_parameters_by_name_and_their_errors():
    assert sn.LeakyReLU(negative_slope=Q(1, 5)) == sn.LeakyReLU(Q(1, 5))
    assert sn.Hardtanh(max_val=6) == sn.Hardtanh(-1, 6)
    assert sn.LeakyReLU(0.5).values == (Q(1, 2),)
    with pytest.raises(LayerError, match="ReLU takes no parameters, and got alpha"):
        sn.ReLU(alpha=1)
    with pytest.raises(LayerError, match=r"relu takes 0 parameters, and got 1: write relu\(x\)"):
        sn.relu(x, 1)
    with pytest.raises(LayerError, match=r"prelu takes 1 parameters, and got 0: write prelu\(x, w"):
        sn.prelu(x)
    with pytest.raises(LayerError, match="min_val <= max_val, and got 3 and 1"):
        sn.Hardtanh(3, 1)
    with pytest.raises(LayerError, match="celu takes alpha > 0, and got -1"):
        sn.CELU(-1)
    with pytest.raises(LayerError, match=r"PReLU takes one slope .* got 2"):
        sn.PReLU(1, 2)
    with pytest.raises(WeightError, match="negative_slope of LeakyReLU is nan"):
        sn.LeakyReLU(float("nan"))


def test_prelu_is_numbered():
    net = sn.Sequential(sn.PReLU(), sn.Linear(1, 1), sn.PReLU())
    assert list(net.parameters) == ["a_1", "W_1", "b_1", "a_2"]
    assert net.subs(sp.Symbol("a_1", real=True), 0)[0].plainer() == sn.ReLU()


# --- torch


@pytest.mark.parametrize(("f", "p"), list(cases([f for f in FUNCTIONS if f.torch])))
def test_against_torch(f, p):
    torch = pytest.importorskip("torch")
    if f is sn.prelu:
        module = torch.nn.PReLU(init=float(p[0])).double()
    else:
        named = dict(zip(f.parameters, map(float, p), strict=True))
        module = getattr(torch.nn, f.torch)(**named, **f.options)
    points = [t for t in GRID if abs(t) <= 7] + list(f.layer(*p).kinks)
    inputs = torch.tensor([float(t) for t in points], dtype=torch.float64, requires_grad=True)
    outputs = module(inputs)
    outputs.sum().backward()
    for t, value, slope in zip(points, outputs.tolist(), inputs.grad.tolist(), strict=True):
        stated = f.slope(sp.S(t), *p).doit()
        assert abs(value - sp.N(f(t, *p), 20)) < 1e-8, t
        assert abs(slope - sp.N(stated, 20)) < 1e-8, t
