"""Balls enclose the values: every activation, and functions by cases."""

import pytest
import sympy as sp
from flint import arb, ctx, fmpq

from symnet.activations import every_function
from symnet.exact.ball import ball_of, on_balls

t = sp.Symbol("t", real=True)
POINTS = [sp.Rational(n, 7) for n in (-70, -9, -1, 0, 2, 7, 21, 300)]


@pytest.mark.parametrize("function", every_function(), ids=lambda f: f.__name__)
def test_an_activation_is_enclosed(function):
    parameters = function.defaults or tuple(sp.Rational(1, 3) for _ in function.parameters)
    with ctx.workprec(150):
        ball = on_balls(function.definition(t, *parameters), t)
        for point in POINTS:
            found = ball(arb(fmpq(point.p, point.q)))
            digits = arb(str(sp.N(function.definition(point, *parameters).doit(), 60)))
            assert abs(found - digits) < arb("1e-35")
            assert found.rad() < 1e-35


def test_an_unknown_branch_is_the_union_of_both():
    step = on_balls(sp.Piecewise((1, t > 0), (0, True)), t)
    assert step(arb(2)) == 1
    assert step(arb(-2)) == 0
    around = step(arb("0 +/- 1"))
    assert around.contains(arb(0))
    assert around.contains(arb(1))


@pytest.mark.parametrize(
    ("condition", "truths"),
    [
        (sp.And(t > 0, t < 2), (False, True, False)),
        (sp.Or(t <= 0, t >= 2), (True, False, True)),
        (sp.Not(sp.Eq(t, 1), evaluate=False), (True, False, True)),
        (sp.Ne(t, 1), (True, False, True)),
    ],
)
def test_conditions(condition, truths):
    function = on_balls(sp.Piecewise((1, condition), (0, True), evaluate=False), t)
    assert tuple(function(arb(x)) == 1 for x in (-1, 1, 3)) == truths


def test_constants_and_what_is_not_known():
    assert (
        abs(ball_of(sp.pi + sp.E + sp.sqrt(2)) - arb(str(sp.N(sp.pi + sp.E + sp.sqrt(2), 30))))
        < 1e-12
    )
    with pytest.raises(ValueError, match="gamma is not known on balls"):
        on_balls(sp.gamma(t), t)
