"""Identities of matrices under conditions are verified by chains of rules, each tried at points."""

import pytest
import sympy as sp

import symnet as sn
from symnet.claims._matrix_facts import known_matrices
from symnet.claims._question import question_of
from symnet.claims._rewriting import _RULES, Rewriting, _rewritten, _try, by_rewriting
from symnet.errors import CertificateError

n, m, k = sp.symbols("n m k", integer=True, positive=True)
X, V = sp.MatrixSymbol("X", n, m), sp.MatrixSymbol("V", n, m)
A, B = sp.MatrixSymbol("A", n, m), sp.MatrixSymbol("B", m, k)
C, D = sp.MatrixSymbol("C", k, n), sp.MatrixSymbol("D", n, k)
P, R = sp.MatrixSymbol("P", m, m), sp.MatrixSymbol("R", n, n)
W, x, b = sp.MatrixSymbol("W", k, n), sp.MatrixSymbol("x", n, 1), sp.MatrixSymbol("b", n, 1)
columns, rows = sn.permutation(P), sn.permutation(R)
kron, softmax, relu, sigmoid = sp.KroneckerProduct, sn.Softmax(), sn.ReLU(), sn.Sigmoid()

TRUE = [
    (softmax(X * P), softmax(X) * P, columns),
    (softmax(R * X), R * softmax(X), rows),
    (softmax((X * P).T).T, softmax(X.T).T * P, columns),
    (softmax(R * X * P), R * softmax(X) * P, sp.And(rows, columns)),
    (sigmoid(X * P + V * P), sigmoid(X + V) * P, columns),
    (W * R.T * relu(R * x + R * b), W * relu(x + b), rows),
    (W * R.I * sigmoid(R * x), W * sigmoid(x), rows),
    (R.T * R * x, x, sp.Q.orthogonal(R)),
    ((W * R).T, R * W.T, sp.Q.symmetric(R)),
    (kron(A, C) * kron(B, D), kron(A * B, C * D), True),
    ((kron(A, C) * kron(B, D)).T, kron(B.T * A.T, D.T * C.T), True),
]
FALSE = [
    (softmax(X * P), softmax(X) * P.T, columns),
    (softmax(R * X), softmax(X), rows),
    (sigmoid(X * P), sigmoid(X) * P, sp.Q.orthogonal(P)),
    (W * R * relu(R * x), W * relu(x), rows),
    (R * R * x, x, sp.Q.orthogonal(R)),
    ((W * R).T, R * W.T, rows),
    (kron(A, C) * kron(B, D), kron(A * B, C * D) + kron(A * B, C * D), True),
    (kron(A, X), kron(X, A), True),
]


@pytest.mark.parametrize(("lhs", "rhs", "where"), TRUE, ids=str)
def test_a_proof_is_verified_by_rules(lhs, rhs, where):
    proof = sn.prove(lhs, rhs, where=where)
    assert proof.method == "noncommutative normal form"
    assert proof.check().method in ("rewriting", "normal form in indices")
    assert by_rewriting(question_of(sn.Claim(lhs, rhs, where=where))) is not None


@pytest.mark.parametrize(("lhs", "rhs", "where"), FALSE, ids=str)
def test_what_is_false_is_neither_proved_nor_verified(lhs, rhs, where):
    assert not sn.prove(lhs, rhs, where=where)
    assert by_rewriting(question_of(sn.Claim(lhs, rhs, where=where))) is None


def test_every_rule_is_used():
    used = set()
    for lhs, rhs, where in TRUE:
        question = question_of(sn.Claim(lhs, rhs, where=where))
        facts = {s: known.facts for s, known in known_matrices(question.where).items()}
        steps = []
        for side in (question.lhs, question.rhs):
            _rewritten(side, facts, steps)
        used |= {step.rule for step in steps}
    assert used >= {rule for rule, _ in _RULES} - {"distributive law", "products are associative"}


def test_a_false_step_is_found_at_a_point():
    question = question_of(sn.Claim(R * x, x, where=rows))
    with pytest.raises(CertificateError, match="is false"):
        _try(Rewriting(R * x, x, "wishful thinking"), question)
    _try(Rewriting(R.T * R * x, x, "orthogonal matrix"), question)
