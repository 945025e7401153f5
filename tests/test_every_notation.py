"""The laws of notations, for every notation that is found."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import sympy as sp
from test_render_samples import NAMES, chains, general, nested, rational

import symnet as sn
from symnet import notation
from symnet.document import expressions
from symnet.errors import OutputError
from symnet.notation import Naming, every_notation
from symnet.render import latex

every = pytest.mark.parametrize("member", every_notation(), ids=lambda n: n.name)
EXPRESSIONS = [e for chain in chains().values() for e in expressions(chain)]


def test_they_are_found() -> None:
    assert [n.name for n in every_notation()] == ["brackets", "columns", "omega", "rows"]


@every
def test_it_states_its_facts(member: notation.Notation) -> None:
    assert member.name
    assert member.description
    assert member.source
    assert notation.get(member.name).name == member.name
    assert notation.get(member) is member


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(OutputError, match=r"no notation 'row'.*brackets, columns, omega, rows"):
        notation.get("row")


@every
def test_a_shape_stays_or_is_turned_round(member: notation.Notation) -> None:
    for expr in EXPRESSIONS:
        if getattr(expr, "is_Matrix", False):
            shape = member.arrange(expr).shape
            assert shape in (expr.shape, expr.shape[::-1])


@every
def test_what_is_written_has_the_same_value(member: notation.Notation) -> None:
    """With numbers for symbols (transposed for rows) the arranged expression is the given one."""
    rng = np.random.default_rng(0)
    sizes = {sp.Symbol(f"n_{k}", integer=True, positive=True): k % 3 + 1 for k in range(8)}
    A, c = sp.MatrixSymbol("A", 2, 2), sp.MatrixSymbol("c", 2, 1)
    for expr in (
        nested(3), general(3), nested(3, sn.ReLU()), 2 * nested(2).T, rational(2, 2) * c,
        sp.MatAdd(A * c, -c), sp.Inverse(A) * c, sp.BlockMatrix([[A, A], [A, 2 * A]]),
        sp.HadamardProduct(c, A * c), sp.DiagMatrix(c) * A, (A * c).applyfunc(sp.exp),
        sp.MatPow(A, 3), sp.Identity(2) + A, sp.ZeroMatrix(2, 2) + A, A[0, 1] * c,
        sp.KroneckerProduct(A, c), sp.Trace(A * A.T) * c, sp.MatMul(A, A.T, sp.OneMatrix(2, 2)),
    ):  # fmt: skip
        numbered = expr.subs(sizes)
        values = {
            s: sp.ImmutableDenseMatrix(*s.shape, rng.integers(-3, 4, s.shape[0] * s.shape[1]))
            for s in numbered.atoms(sp.MatrixSymbol)
        }
        values[A] = sp.ImmutableDenseMatrix([[1, 2], [3, 7]])
        plain = _value(numbered, values)
        turned = {s.name: v for s, v in values.items()}
        written = member.arrange(numbered)
        given = {
            s: turned[s.name] if s.shape == turned[s.name].shape and member.name != "rows"
            else turned[s.name].T
            for s in written.atoms(sp.MatrixSymbol)
        }  # fmt: skip
        value = _value(written, given)
        assert value in (plain, plain.T), expr
        assert (value == plain.T) if member.name == "rows" else (value == plain)


def _value(expr: sp.Basic, values: dict[sp.Basic, sp.Basic]) -> sp.Matrix:
    for _ in range(3):
        expr = expr.xreplace(values).doit()
    return sp.ImmutableDenseMatrix(expr.as_explicit() if hasattr(expr, "as_explicit") else expr)


@every
def test_no_two_names_look_alike(member: notation.Notation) -> None:
    letters = ("W", "b", "B", "x", "X", "Omega", "beta", "gamma", "n")
    indices = ("", "0", "_0", "1", "_1", "_2", "'", "_1_2")
    names = [f"{c}{k}" for c in letters for k in indices] + NAMES + ["W^{[1]}", "{W}_1"]
    symbols = [(name, matrix) for name in names for matrix in (True, False)]
    for bold in (False, True):
        naming = Naming(member, bold=bold)
        naming.learn(symbols)
        for matrix in (True, False):
            written = {name: naming.latex(name, matrix) for name in names}
            for a, b in itertools.combinations(set(names), 2):
                assert written[a] != written[b], (a, b)


@every
def test_layers_keep_one_style(member: notation.Notation) -> None:
    """Where one W cannot be renamed, none is."""
    naming = Naming(member)
    naming.learn([("W_0", True), ("W_1", True), ("W_2", True), ("b_1", True)])
    written = [naming.latex(f"W_{k}", True) for k in range(3)]
    assert len({w.partition("_")[0].partition("^")[0] for w in written}) == 1


COLLAPSED = {
    "columns": r"(W_{2} W_{1}) x + (W_{2} b_{1} + b_{2})",
    "rows": r"X (W_{1} W_{2}) + (b_{1} W_{2} + b_{2})",
    "omega": r"(\beta_{1} + \Omega_{1} \beta_{0}) + (\Omega_{1} \Omega_{0}) x",
    "brackets": r"(W^{[2]} W^{[1]}) x + (W^{[2]} b^{[1]} + b^{[2]})",
}


@every
def test_two_layers_are_written_like_this(member: notation.Notation) -> None:
    assert latex(general(2), member) == COLLAPSED[member.name]


def test_rows_turns_matrices_of_numbers_too() -> None:
    A = sp.ImmutableDenseMatrix([[1, 2], [3, 4]])
    x = sp.MatrixSymbol("x", 2, 1)
    assert latex(A * x, "rows") == r"X \begin{pmatrix} 1 & 3 \\ 2 & 4 \end{pmatrix}"
    assert notation.get("rows").arrange(sp.MatrixSymbol("W", 2, 3)).shape == (3, 2)
