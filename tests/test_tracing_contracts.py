"""SymPy's contracts for what comes from Python functions."""

import pickle

import pytest
import sympy as sp
from sympy.functions.elementary.piecewise import ExprCondPair

import symnet as sn
from symnet.tracing import Elementwise, PythonFunction, applied

x, y = sp.symbols("x y", real=True)
a = sp.Symbol("a", real=True)


def leaky(x, alpha):
    return x if x > 0 else alpha * x


def shifted(x):
    return max(x, a)


LAYERS = [
    sn.activation(leaky),
    sn.activation(leaky, alpha=sp.Rational(1, 3)),
    sn.activation(leaky, alpha=a),
    sn.activation(shifted),
]
OBJECTS = [
    *LAYERS,
    *(layer.function for layer in LAYERS),
    *(layer.scalar(y) for layer in LAYERS),
    sn.Sequential(sn.Linear(2, 3), LAYERS[0], sn.Linear(3, 1)),
]


@pytest.mark.parametrize("obj", OBJECTS, ids=str)
def test_rebuilding_pickling_and_printing(obj):
    assert obj.func(*obj.args) == obj
    assert hash(obj.func(*obj.args)) == hash(obj)
    assert pickle.loads(pickle.dumps(obj)) == obj
    names = {**vars(sp), "Str": sp.core.symbol.Str, "Elementwise": Elementwise}
    names |= {"PythonFunction": PythonFunction, "applied": applied}
    names |= {"ExprCondPair": ExprCondPair}
    names |= {"Sequential": sn.Sequential, "Linear": sn.Linear}
    assert eval(sp.srepr(obj), names) == obj
    assert str(obj)
    assert sp.latex(obj)


def test_equality_ignores_the_text_and_not_the_name():
    def other(x, alpha):
        return x if x > 0 else alpha * x

    again = sn.activation(leaky)
    assert again == LAYERS[0]
    assert sn.activation(other) != LAYERS[0]


def test_parameters_are_substituted():
    layer = sn.activation(leaky)
    (alpha,) = layer.values
    assert layer.free_symbols == {alpha}
    assert layer.subs(alpha, 2) == sn.activation(leaky, alpha=2)
    assert layer.xreplace({alpha: a}) == sn.activation(leaky, alpha=a)
    assert layer.scalar(y).subs(alpha, 2).subs(y, -3) == -6


def test_variables_are_bound():
    layer = sn.activation(leaky, alpha=3)
    assert layer.subs(x, 5) == layer
    assert layer.function.subs(sp.Symbol("alpha", real=True), 5) == layer.function
    free = sn.activation(shifted)
    assert free.free_symbols == {a}
    captured = free.subs(a, x)
    assert captured.free_symbols == {x}
    assert captured.scalar(y).doit() == sp.Max(x, y)
    assert free.subs(a, 2).scalar(sp.Integer(1)) == 2
    assert free.scalar(y).subs(a, 7).doit() == sp.Max(7, y)
    assert free.xreplace({a: sp.Integer(2)}).scalar(y).doit() == sp.Max(2, y)


def test_derivatives():
    layer = sn.activation(leaky)
    (alpha,) = layer.values
    value = layer.scalar(y)
    assert value.diff(y).doit() == sp.Piecewise((1, y > 0), (alpha, True))
    assert value.diff(alpha).doit() == sp.Piecewise((0, y > 0), (y, True))
    assert layer.scalar(y**2).diff(y).subs(y, 2) == 4
    assert sn.activation(shifted).scalar(y).diff(a).subs({a: 2, y: 1}) == 1

    def plus(x):
        return max(0, x)

    assert sn.activation(plus).function.slope(0) == 0
    assert sn.activation(plus).function.slope(3) == 1


def test_in_a_network():
    act = sn.activation(leaky, alpha=sp.Rational(1, 2))
    net = sn.Sequential(sn.Linear([[1], [-1]], [0, 1]), act, sn.Linear([[1, 1]]))
    assert net(sp.Integer(4)).doit() == sp.Matrix([[sp.Rational(5, 2)]])
    symbolic = sn.Sequential(sn.Linear(2, 3), act)
    assert symbolic(symbolic.input).shape == (3, 1)
    f = sp.lambdify(y, act.scalar(y).rewrite(sp.Piecewise), "math")
    assert f(-3.0) == -1.5


def test_simplify_recognises_relu_and_identity():
    def plus(x):
        return x if x > 0 else 0

    assert sn.activation(plus).plainer() == sn.ReLU()
    assert sn.activation(leaky, alpha=1).plainer() == sn.Identity()
    assert sn.activation(leaky, alpha=2).plainer() is None
    net = sn.Sequential(sn.Linear(2, 3), sn.activation(leaky, alpha=1), sn.Linear(3, 1))
    assert len(sn.simplify(net).layers) == 1
