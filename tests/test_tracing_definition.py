"""Definition lines: latexify's where they are shown to be true, SymPy's elsewhere."""

import math
from fractions import Fraction

import pytest
import sympy as sp
from latexify.codegen import FunctionCodegen

import symnet as sn
from symnet import leaky_relu, relu, sigmoid
from symnet.tracing import _latexify
from symnet.tracing._reader import Reader, UnreadableError

x, a, y = sp.symbols("x a y", real=True)


def leaky(x, alpha):
    return x if x > 0 else alpha * x


def early(x):
    """A docstring."""
    y = 2 * x
    y += 1
    if x > 3:
        z = y * 2
        return z - y
    if not (x < 0 or x > 2):
        return y
    return sigmoid(x) if x > -5 else Fraction(1, 3) * y


def clip(x):
    return max(-1, min(1, x))


def mish(x: float) -> float:
    return x * math.tanh(math.log1p(math.exp(x)))


def test_cases():
    line = sn.activation(leaky).definition_line
    assert line.source == "latexify"
    assert line.latex == (
        r"\operatorname{leaky}_{\alpha}\left(x\right) = \left\{ \begin{array}{ll} "
        r"x, & \mathrm{if} \ x > 0 \\ \alpha x, & \mathrm{otherwise} \end{array} \right."
    )
    assert line.text == "leaky(x, alpha) = Piecewise((x, x > 0), (alpha*x, True))"


def test_calls_and_local_names():
    line = sn.activation(clip).definition_line
    assert line.source == "latexify"
    assert r"\max" in line.latex
    assert r"\mathrm" not in line.latex
    line = sn.activation(mish).definition_line
    assert line.source == "latexify"
    line = sn.activation(early).definition_line
    assert line.source == "latexify"
    assert r"y = 2 x \\ y_{1} = y + 1 \\" in line.latex
    assert r"\sigma" in line.latex


def fault_keyword(x):
    return leaky_relu(x, negative_slope=2)


def fault_atan2(x):
    return math.atan2(1, x)


def fault_float(x):
    return x if x > 0 else 0.01 * x


def fault_third(x):
    return x * (1 / 3)


def fault_ambiguous_cases(x):
    return (1 if x > 0 else 2) * x


def fault_helper(x):
    return clip(x) + 1


def fault_shadow(x):
    tanh = relu
    return tanh(x)


def fault_loop(x):
    for _ in range(2):
        x = 2 * x
    return x


def fault_alike(x, x_1, x1):
    return x + x_1 * x1


@pytest.mark.parametrize(
    ("f", "reason"),
    [
        (fault_keyword, "keyword"),
        (fault_atan2, "atan2"),
        (fault_float, "Fraction('1/100')"),
        (fault_third, "not shown"),
        (fault_ambiguous_cases, "read back"),
        (fault_helper, "read back"),
        (fault_shadow, ""),
        (fault_loop, "For"),
        (fault_alike, "look alike"),
        (lambda x: max(x, 3), "source"),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_what_is_not_shown_to_be_right_is_not_shown(f, reason):
    layer = sn.activation(f)
    line = layer.definition_line
    assert line.source == "sympy"
    assert reason in line.reason
    assert line.latex.endswith(sp.latex(layer.function.body))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("x > 0", "x < 0"), (r"\alpha", r"-\alpha"), ("x, &", "2 x, &")],
)
def test_wrong_latex_is_detected(monkeypatch, right, wrong):
    original = FunctionCodegen.visit_Module
    placeholders = {r"\alpha": r"\mathrm{alpha}", r"-\alpha": r"-\mathrm{alpha}"}

    def corrupted(self, node):
        latex = original(self, node)
        return latex.replace(placeholders.get(right, right), placeholders.get(wrong, wrong), 1)

    monkeypatch.setattr(FunctionCodegen, "visit_Module", corrupted)
    line = sn.activation(leaky).definition_line
    assert line.source == "sympy"
    assert "not shown" in line.reason


def test_newer_python_falls_back(monkeypatch):
    monkeypatch.setattr(_latexify.sys, "version_info", (3, 14, 0))
    line = sn.activation(leaky).definition_line
    assert line.source == "sympy"
    assert "Python" in line.reason


def test_a_substitution_keeps_the_definition_true():
    def f(x):
        return max(x, a)

    f.__globals__["a"] = a
    layer = sn.activation(f)
    assert layer.subs(a, 3).definition_line.latex.endswith(sp.latex(sp.Max(3, x)))


@pytest.mark.parametrize(
    ("latex", "value"),
    [
        ("2 x", 2 * x),
        (r"x \cdot -2", -2 * x),
        ("-x^{2}", -(x**2)),
        (r"\mathopen{}\left( -x \mathclose{}\right)^{2}", x**2),
        (r"\frac{x}{2} - \frac{1}{3}", x / 2 - sp.Rational(1, 3)),
        (r"\sqrt{ x }", sp.sqrt(x)),
        (r"\tanh x \cdot a", a * sp.tanh(x)),
        (r"\exp \tanh x", sp.exp(sp.tanh(x))),
        (r"\mathopen{}\left| x \mathclose{}\right|", sp.Abs(x)),
        ("0.25 a x", a * x / 4),
        (r"\left\lfloor\frac{x}{2}\right\rfloor", sp.floor(x / 2)),
    ],
)
def test_reading(latex, value):
    assert Reader(latex, {"x": x, "a": a}, {}).expression() == value


@pytest.mark.parametrize(
    "latex",
    ["", "x +", "y", "x^{2}^{3}", "1e+20 x", r"\tanh x a", r"\tanh x^{2}", "x x_{1}", "2 3",
     r"\exp \mathopen{}\left( x, a \mathclose{}\right)", r"\foo x", "x = a", r"x \% 2",
     r"\left\{ \begin{array}{ll} 1, & \mathrm{if} \ x \\ 2, & \mathrm{otherwise} "
     r"\end{array} \right."],
)  # fmt: skip
def test_everything_unknown_is_refused(latex):
    with pytest.raises(UnreadableError):
        Reader(latex, {"x": x, "a": a}, {}).expression()
