"""Expressions in LaTeX, against what a lecturer writes by hand, and read back."""

from __future__ import annotations

import random
import re

import pytest
import sympy as sp
from test_render_samples import NAMES, general, nested, rational, stack

import symnet as sn
from symnet import notation
from symnet.notation import Naming
from symnet.render import latex
from symnet.render._breaking import broken, unmarked
from symnet.render._measure import size, width
from symnet.render._printer import BoardPrinter

n = sp.Symbol("n", integer=True, positive=True)
A, B, C = (sp.MatrixSymbol(s, n, n) for s in "ABC")
x, c = (sp.MatrixSymbol(s, n, 1) for s in "xc")
t, k = sp.Symbol("t", real=True), sp.Symbol("k")
W12 = sp.MatrixSymbol("W_12", 2, 2)
M = sp.ImmutableDenseMatrix([[1, sp.Rational(-1, 2)], [0, 3]])

BY_HAND = {
    "product": (A * B * x, "A B x"),
    "grouped product": (sp.MatMul(sp.MatMul(A, B), x), "(A B) x"),
    "grouped sum": (sp.MatAdd(sp.MatMul(A, x), sp.MatAdd(x, c)), "A x + (x + c)"),
    "factor is a sum": (sp.MatMul(A, sp.MatAdd(x, c)), "A (x + c)"),
    "minus": (sp.MatAdd(sp.MatMul(A, x), sp.MatMul(-1, c)), "A x - c"),
    "minus first": (sp.MatAdd(sp.MatMul(-1, c), sp.MatMul(A, x)), "A x - c"),
    "minus only": (sp.MatMul(-1, A, x), "- A x"),
    "minus a sum": (
        sp.MatAdd(A, sp.MatMul(-1, sp.MatAdd(B, C))), "A - (B + C)"),
    "all minus": (sp.MatAdd(sp.MatMul(-1, A), sp.MatMul(-2, B)), "- A - 2 B"),
    "scalar first": (sp.MatMul(2, A, x), "2 A x"),
    "fraction": (sp.MatMul(sp.Rational(-3, 2), A), r"- \frac{3}{2} A"),
    "scalar sum": (sp.MatMul(k + 1, A), "(k + 1) A"),
    "transpose": (sp.Transpose(A), r"A^{\top}"),
    "transpose of product": (sp.Transpose(sp.MatMul(A, B)), r"(A B)^{\top}"),
    "transpose with index": (W12.T, r"W_{12}^{\top}"),
    "inverse": (sp.Inverse(A), "A^{-1}"),
    "power": (sp.MatPow(A, 3), "A^{3}"),
    "power of sum": (sp.MatPow(A + B, 2), "(A + B)^{2}"),
    "hadamard": (sp.HadamardProduct(x, A * c), r"x \odot (A c)"),
    "identity": (sp.MatMul(sp.MatAdd(A, sp.Identity(n)), x), "(A + I) x"),
    "layer": (sn.ReLU()(A * x + c), r"\operatorname{ReLU}(A x + c)"),
    "product with layer": (A * sn.ReLU()(x), r"A \operatorname{ReLU}(x)"),
    "transposed layer": (sn.ReLU()(x).T, r"(\operatorname{ReLU}(x))^{\top}"),
    "scalar function": (sn.relu(t) - sn.relu(-t),
                        r"- \operatorname{ReLU}(- t) + \operatorname{ReLU}(t)"),
    "numbers": (M, r"\begin{pmatrix} 1 & - \frac{1}{2} \\[3pt] 0 & 3 \end{pmatrix}"),
    "numbers times": (sp.MatMul(M, sp.MatrixSymbol("x", 2, 1)),
                      r"\begin{pmatrix} 1 & - \frac{1}{2} \\[3pt] 0 & 3 \end{pmatrix} x"),
    "rational atom": (rational(1, 2), r"\begin{pmatrix} - \frac{2}{7} & \frac{1}{7} \end{pmatrix}"),
    "large atom": (rational(20, 30), r"[20 \times 30]"),
    "blocks": (sp.BlockMatrix([[A, x]]), r"\begin{pmatrix} A & x \end{pmatrix}"),
    "diagonal": (sp.DiagMatrix(x), r"\operatorname{diag}(x)"),
    "entry": (W12[0, 1], "(W_{12})_{12}"),
    "equation": (sp.Eq(A, sp.MatMul(B, C), evaluate=False), "A = B C"),
    "fifty": (nested(50),
              r"W_{50} (W_{49} (\cdots (W_{1} x + b_{1}) \cdots) + b_{49}) + b_{50}"),
    "four": (nested(4), r"W_{4} (W_{3} (W_{2} (W_{1} x + b_{1}) + b_{2}) + b_{3}) + b_{4}"),
    "fifty at once": (
        general(50),
        r"(W_{50} W_{49} \cdots W_{1}) x + (W_{50} W_{49} \cdots W_{2} b_{1} "
        r"+ W_{50} W_{49} \cdots W_{3} b_{2} + \cdots + W_{50} b_{49} + b_{50})",
    ),
    "piecewise": (sp.Piecewise((t, t > 0), (0, True)),
                  r"\begin{cases} t & \text{if } t > 0 \\ 0 & \text{otherwise} \end{cases}"),
    "reals": (sp.S.Reals, r"\mathbf{R}"),
}  # fmt: skip


@pytest.mark.parametrize(("expr", "written"), BY_HAND.values(), ids=BY_HAND)
def test_against_written_by_hand(expr: sp.Basic, written: str) -> None:
    assert latex(expr) == written


NAMED = {
    "W_1": "W_{1}", "b_12": "b_{12}", "n_0": "n_{0}", "gamma_1": r"\gamma_{1}", "W": "W",
    "weights_out": r"\mathrm{weights}_{\mathrm{out}}", "λ": r"\lambda", "W'": "W'",
    "W'_1": r"\text{W'\_1}", "W_1'": "W_{1}'", "x^2": r"\text{x\textasciicircum{}2}",
    r"\alpha": r"\alpha", "50%": r"\text{50\%}", "x_{1}": "x_{1}", "W1": "W_{1}",
    "lambda_max": r"\lambda_{\mathrm{max}}", "a_i": "a_{i}", "é": r"\text{\'{e}}",
    "中": r"\text{[U+4E2D]}", r"\input{x}": r"\text{\textbackslash{}input\{x\}}",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_names(name: str) -> None:
    assert latex(sp.MatrixSymbol(name, 2, 2)) == NAMED[name]


def test_names_in_bold() -> None:
    assert latex(sp.MatrixSymbol("W_1", 2, 2), bold=True) == r"\mathbf{W}_{1}"
    assert latex(sp.MatrixSymbol("beta", 2, 2), bold=True) == r"\boldsymbol{\beta}"
    assert latex(sp.Symbol("t"), bold=True) == "t"


@pytest.mark.parametrize("name", NAMES)
def test_no_name_leaves_ascii(name: str) -> None:
    assert latex(sp.Symbol(name)).isascii()


# --- what is left out


def test_a_run_that_is_not_regular_is_written_out() -> None:
    W = stack(8)[0]
    for factors in (
        [W[8], W[7], W[6], W[4], W[5], W[3], W[2], W[1]],
        [W[8], W[7], W[6].T, W[5], W[4], W[3].T, W[2], W[1]],
        [W[4], W[3], W[2], W[1]],
    ):
        assert r"\cdots" not in latex(sp.Basic.__new__(sp.MatMul, *factors))


def test_one_odd_layer_is_shown() -> None:
    """A layer without a bias, or with another activation, is not hidden by dots."""
    W, b, x = stack(12)
    result = x
    for j in range(1, 13):
        result = sp.MatMul(W[j], result)
        result = result if j == 6 else sp.MatAdd(result, b[j])
        result = sn.Sigmoid()(result) if j == 9 else sn.ReLU()(result)
    written = latex(result)
    assert "W_{6}" in written
    assert r"W_{9}" in written


def test_a_sum_with_an_odd_term_is_written_out() -> None:
    W, b, _ = stack(6)
    terms = [sp.MatMul(*W[6:j:-1], b[j]) for j in range(1, 6)]
    terms[2] = sp.MatMul(*W[6:3:-1], b[2])
    assert r"\cdots + " not in latex(sp.MatAdd(*terms, b[6]))


def test_elision_is_a_choice() -> None:
    assert r"\cdots" not in latex(general(9), elide=False)
    assert all(f"W_{{{j}}}" in latex(nested(9), elide=False) for j in range(1, 10))


def test_elision_takes_short_time() -> None:
    assert len(latex(nested(200))) < 200
    assert size(latex(general(100))).width < 500


# --- read back


def _random(rng: random.Random, depth: int) -> sp.Basic:
    if depth == 0:
        return rng.choice((A, B, C))
    kind = rng.randrange(6)
    parts = [_random(rng, depth - 1) for _ in range(rng.randint(2, 3))]
    if kind <= 1:
        return sp.MatMul(*parts)
    if kind <= 3:
        return sp.MatAdd(*parts)
    if kind == 4:
        return sp.MatMul(rng.choice((-1, 2, -3, sp.Rational(1, 2), k, k - 1)), parts[0])
    return sp.Transpose(parts[0])


class _Reader:
    """Reads what the printer wrote: + - juxtaposition, parentheses, ^{T}, fractions, pmatrix."""

    def __init__(self, text: str) -> None:
        text = text.replace(r"\left", "").replace(r"\right", "")
        self.tokens = re.findall(r"\^\{\\top\}|\\frac\{\d+\}\{\d+\}|\d+|[A-Za-z]|[-+()]", text)

    def sum(self) -> sp.Basic:
        sign = self.take("-")
        total = -self.product() if sign else self.product()
        while self.tokens and self.tokens[0] in "+-":
            total = total + self.product() if self.tokens.pop(0) == "+" else total - self.product()
        return total

    def take(self, token: str) -> bool:
        if self.tokens and self.tokens[0] == token:
            self.tokens.pop(0)
            return True
        return False

    def product(self) -> sp.Basic:
        result = self.factor()
        while self.tokens and self.tokens[0] not in ("+", "-", ")"):
            result = result * self.factor()
        return result

    def factor(self) -> sp.Basic:
        token = self.tokens.pop(0)
        if token == "(":
            value = self.sum()
            assert self.take(")")
        elif token.startswith(r"\frac"):
            value = sp.Rational(*map(int, re.findall(r"\d+", token)))
        else:
            value = {"A": VA, "B": VB, "C": VC, "k": sp.Integer(5)}.get(token) or sp.Integer(token)
        return value.T if self.take(r"^{\top}") else value


VA, VB, VC = (sp.ImmutableDenseMatrix(2, 2, e) for e in ([1, 2, 3, 5], [0, 1, -2, 3], [2, 7, 1, 1]))


def test_what_is_printed_is_what_was_meant() -> None:
    rng = random.Random(0)
    for _ in range(300):
        expr = _random(rng, rng.randint(1, 4))
        written = latex(expr, elide=False)
        meant = expr.xreplace({A: VA, B: VB, C: VC, k: sp.Integer(5), n: sp.Integer(2)}).doit()
        assert _Reader(written).sum() == sp.ImmutableDenseMatrix(meant), (expr, written)


def test_broken_lines_hold_the_same_symbols() -> None:
    rng = random.Random(1)
    for _ in range(100):
        marked = BoardPrinter(Naming(notation.get("columns"))).doprint(_random(rng, 4))
        lines = broken(marked, 120, 100)
        joined = re.sub(r"\\left\.|\\right\.|\\cdot|\s", "", "".join(lines))
        assert joined == re.sub(r"\s", "", unmarked(marked))
        assert all(width(line) <= 140 for line in lines)
