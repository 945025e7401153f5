"""Numbers that are zeros of functions: only where Bolzano's theorem gives one."""

import mpmath
import pytest
import sympy as sp

import symnet as sn
from symnet.exact.cases import sign_of
from symnet.exact.zero import Zero

x, y = sp.symbols("x y", real=True)
half = sp.Rational(1, 2)


@pytest.mark.parametrize(
    ("f", "low", "high"),
    [
        (sp.exp(x), -1, 1),  # no change of sign
        (1 / x, -1, 1),  # a pole
        (sp.tan(x), 1, 2),  # a pole, and not known on balls
        (x**3 - x, -2, 2),  # three zeros
        (x**3, -1, 1),  # the derivative is 0
        (sp.log(x), -1, 2),  # not defined everywhere
        (sp.sign(x), -1, 1),  # it jumps
        (x - y, -1, 1),  # a parameter
        (x, 1, -1),
    ],
    ids=str,
)
def test_what_is_not_seen_to_have_one_zero_is_no_number(f, low, high):
    with pytest.raises(ValueError, match=r"is not (seen|known)"):
        Zero(f, x, low, high)


@pytest.mark.parametrize(
    ("f", "low", "high"),
    [
        (sp.exp(x) + x, -1, 0),
        (sp.erf(x) - half, 0, 1),
        (x**5 - x - 1, sp.Rational(11, 10), sp.Rational(13, 10)),
        (sp.log(x) - 1, 2, 3),
    ],
    ids=str,
)
def test_digits_signs_and_zeros(f, low, high):
    c = Zero(f, x, low, high)
    with mpmath.workdps(60):
        root = mpmath.findroot(sp.lambdify(x, f, "mpmath"), (low + high) / 2)
        assert abs(mpmath.mpf(str(c.evalf(50))) - root) < mpmath.mpf(10) ** -48
    for shift in (sp.Rational(1, 10**40), -sp.Rational(1, 10**40)):
        assert sign_of(c + shift - sp.Rational(str(c.evalf(60)))) == sp.sign(shift)
        assert sign_of(f.subs(x, c) + shift) == sp.sign(shift)
    assert sign_of(f.subs(x, c)) == 0
    assert sign_of(2 * c - c - sp.Rational(1, 3) * c) == sp.sign(c)
    assert c.func(*c.args) == c


def test_two_points_with_one_value():
    for f in (sp.exp(x) - x, sn.silu(x), x * sp.exp(-x)):
        verdict = sn.prove(sn.injective(f))
        assert verdict.verdict == "refuted"
        assert verdict.check()
        one, two = (sp.N(value, 40) for value in verdict.counterexample.values())
        assert abs(one - two) > sp.Rational(1, 100)
        call = sp.lambdify(x, f.doit(), "mpmath")
        with mpmath.workdps(40):
            assert abs(call(mpmath.mpf(str(one))) - call(mpmath.mpf(str(two)))) < 1e-35
    assert sn.prove(sn.injective(sp.exp(x) + x))


def test_a_value_that_is_taken_and_one_that_is_not():
    taken = sn.prove(sp.exp(x) + x, 0, relation="!=")
    assert taken.verdict == "refuted"
    assert taken.check()
    assert sn.prove(sp.exp(x) - x, sp.Rational(9, 10), relation="!=")
