"""Random piecewise functions: the formula, the Python function and the typeset line agree."""

import importlib.util
import itertools
import tempfile
from fractions import Fraction
from pathlib import Path

import sympy as sp
from hypothesis import given, settings, strategies as st

import symnet as sn
from symnet.tracing._cells import same_function

x = sp.Symbol("x", real=True)
numbers = st.sampled_from(
    ["0", "1", "2", "3", "Fraction(1, 2)", "Fraction(-5, 3)", "Fraction(1, 4)"]
)
counter = itertools.count()


def unary(inner):
    return st.one_of(
        st.tuples(st.sampled_from(["abs({})", "-({})", "relu({})", "({}) * 2"]), inner).map(
            lambda t: t[0].format(t[1])
        ),
        st.tuples(st.sampled_from(["max({}, {})", "min({}, {})", "({}) + ({})", "({}) - ({})"]),
                  inner, inner).map(lambda t: t[0].format(*t[1:])),
        st.tuples(inner, conditions(inner), inner).map(
            lambda t: f"({t[0]} if {t[1]} else {t[2]})"
        ),
    )  # fmt: skip


def conditions(inner):
    relation = st.tuples(inner, st.sampled_from(["<", "<=", ">", ">=", "=="]), inner).map(" ".join)
    return st.one_of(
        relation,
        relation.map(lambda c: f"not ({c})"),
        st.tuples(relation, st.sampled_from(["and", "or"]), relation).map(
            lambda t: f"({t[0]} {t[1]} {t[2]})"
        ),
    )


expressions = st.recursive(st.one_of(st.just("x"), numbers), unary, max_leaves=6)


@st.composite
def bodies(draw):
    lines = []
    if draw(st.booleans()):
        lines.append(f"    x = {draw(expressions)}")
    if draw(st.booleans()):
        lines.append(f"    if {draw(conditions(expressions))}:")
        lines.append(f"        return {draw(expressions)}")
    lines.append(f"    return {draw(expressions)}")
    return "\n".join(lines)


def load(body):
    """The function, from a module of its own."""
    with tempfile.TemporaryDirectory() as folder:
        name = f"random_function_{next(counter)}"
        path = Path(folder, f"{name}.py")
        path.write_text(
            f"from fractions import Fraction\nfrom symnet import relu\n\n\ndef f(x):\n{body}\n",
            encoding="utf-8",
        )
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        layer = sn.activation(module.f)
        return module.f, layer


@settings(max_examples=80, deadline=None)
@given(bodies(), st.lists(st.fractions(min_value=-9, max_value=9, max_denominator=9), max_size=8))
def test_random_functions(body, points):
    f, layer = load(body)
    formula = layer.scalar(x).doit()
    f.__globals__["relu"] = lambda t: max(0, t)
    points += [Fraction(k, 2) for k in range(-6, 7)]
    points += [Fraction(int(k.p), int(k.q)) for k in layer.kinks if k.is_Rational]
    for point in points:
        expected = Fraction(f(point))
        value = formula.subs(x, sp.Rational(point.numerator, point.denominator)).doit()
        assert value == sp.Rational(expected.numerator, expected.denominator)
    line = layer.definition_line
    assert line.latex
    assert line.source in ("latexify", "sympy")
    assert (line.reason == "") == (line.source == "latexify")
    assert same_function(formula, layer.function.body, x)
    assert layer.function.piecewise_linear
