"""A formula for linear layers, read as layers added and as layers composed."""

import json

import pytest
import sympy as sp

from symnet import ExpressionError, prove_layers
from symnet.cli import main

FORMULA = "y = w1x+b1 + w2x+b2 = (w1+w2)x+(b1+b2)"


@pytest.mark.parametrize(
    "text",
    [
        FORMULA,
        "w1 x + b1 + w2 x + b2 = (w1 + w2) x + (b1 + b2)",
        "y=w_1*x+b_1+w_2*x+b_2=(w_1+w_2)*x+(b_1+b_2)",
        "f(x) = (w_{1}x + b_{1}) + (w_{2}x + b_{2}) = x(w_{1} + w_{2}) + b_{1} + b_{2}",
        "w₁x + b₁ + w₂x + b₂ = (w₁ + w₂)x + b₂ + b₁",
        "y = a z + c + d z + e = (a + d) z + (c + e)",
        "foo1*inp + bar1 + foo2*inp + bar2 = (foo1 + foo2)*inp + bar1 + bar2",
        "xw1 + b1 + xw2 + b2 = x(w1 + w2) + b1 + b2",
        "ω1 x + β1 + ω2 x + β2 = (ω1 + ω2) x + β1 + β2",
    ],
)
def test_the_formula_for_added_layers_is_false_for_composed_ones(text):
    found = prove_layers(text)
    assert not found
    assert found.added.verdict == "proved"
    assert found.corrected.verdict == "proved"
    assert found.composed.verdict == "refuted"
    # the point, by hand
    point = found.composed.counterexample
    first, second = found.layers
    w1, b1, w2, b2, x = (point[s] for s in (first.weight, first.bias, second.weight,
                                             second.bias, found.input))  # fmt: skip
    assert found.composed.lhs_value == w2 * (w1 * x + b1) + b2
    assert found.composed.rhs_value == (w1 + w2) * x + b1 + b2
    assert found.composed.lhs_value != found.composed.rhs_value
    assert max(map(abs, point.values())) == 1


def test_the_right_formula_for_three_layers_and_without_biases():
    found = prove_layers("u x + a + v x + w x + c = w v u x + w v a + c")
    assert found
    assert found.correct == "w v u x + (w v a + c)"
    assert found.corrected
    assert "right formula" not in str(found)
    u, v, w, x = sp.symbols("u v w x", real=True)
    assert sp.expand(prove_layers("u x + v x + w x = 1").composition - u * v * w * x) == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("w1x + b1 + w2x + b2", "one thing they are claimed"),
        ("y = x = y", "two or more layers"),
        ("w1x + b1 + w2x + b2 = 1 = 2", "one thing they are claimed"),
        ("w2(w1x+b1)+b2 = 1", "does not begin with layers"),
        ("w1x + b1 + c1 + w2x = 1", "the bias c1 has no weight"),
        ("w1x + b1 + w2y + b2 = 1", "the same input"),
        ("", "one thing they are claimed"),
        ("w1x + b1 + w2x + b2 = __import__('os')", "is not read"),
        ("=" * 20_000, "at most"),
    ],
)
def test_what_is_no_formula_for_layers_is_refused(text, message):
    with pytest.raises(ExpressionError, match=message):
        prove_layers(text)


def test_on_the_command_line(capsys):
    assert main(["prove", "--as", "composition", FORMULA]) == 1
    out = capsys.readouterr().out
    assert "composed: w2 (w1 x + b1) + b2 = (w1+w2)x+(b1+b2): refuted; at b1 = 1" in out
    assert "w2 w1 x + (w2 b1 + b2): proved" in out
    assert main(["prove", "--as", "sum", FORMULA, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [told[name]["verdict"] for name in ("sum", "composition", "correct")] == [
        "proved", "refuted", "proved"
    ]  # fmt: skip
    assert main(["prove", "--as", "sum", FORMULA, "--box", "0", "1"]) == 2
    assert "--as has no --where" in capsys.readouterr().err
