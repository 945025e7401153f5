"""What the functions of math and NumPy are taken to mean is what they compute."""

import math

import numpy as np
import pytest
import sympy as sp

from symnet.functions import FUNCTIONS, meaning

#: A point of the domain where 1 and 1/2 are none.
ELSEWHERE = {"acosh": (1.5,), "arccosh": (1.5,), "gamma": (4.0,), "lgamma": (4.0,)}
PAIRS = [
    pytest.param(module, name, id=f"{module.__name__}.{name}")
    for module in (math, np)
    for name in FUNCTIONS
    if hasattr(module, name) and name != "where"
]


def arguments(name):
    if name in ELSEWHERE:
        return [ELSEWHERE[name]]
    if name == "clip":
        return [(3.0, -1.0, 2.0), (0.25, -1.0, 2.0), (-4.0, -1.0, 2.0)]
    if name in {"atan2", "arctan2", "hypot", "maximum", "minimum", "fmax", "fmin", "heaviside",
                "logaddexp"}:  # fmt: skip
        return [(0.5, -0.75), (-2.0, 0.25)]
    positive = name.startswith("log") or name == "sqrt"
    bounded = name in {"asin", "acos", "arcsin", "arccos", "atanh", "arctanh"}
    return [(0.75,), (0.5 if positive or bounded else -2.5,), (3.0 if not bounded else -0.5,)]


@pytest.mark.parametrize(("module", "name"), PAIRS)
def test_a_function_means_what_it_computes(module, name):
    function = getattr(module, name)
    for point in arguments(name):
        exact = meaning(function)(*map(sp.Rational, point))
        assert float(exact) == pytest.approx(float(function(*point)), rel=1e-14, abs=1e-15)


def test_where_takes_one_of_two():
    x = sp.Symbol("x", real=True)
    chosen = meaning(np.where)(x > 0, x, -x)
    assert [chosen.subs(x, v) for v in (-2, 3)] == [2, 3]
