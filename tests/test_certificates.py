"""Proofs are verified without the procedure that found them; spoiled ones are not."""

from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp
from random_identities import identity

import symnet as sn

x, y, a = sp.symbols("x y a", real=True)
c = sp.Symbol("c", nonnegative=True)
QUARTER = sp.Rational(1, 4)

PROOFS = [
    sn.Claim(sn.relu(c * x), c * sn.relu(x)),
    sn.Claim(sn.leaky_relu(x, a), sn.relu(x) - a * sn.relu(-x)),
    sn.Claim(sn.sigmoid(x) * (1 - sn.sigmoid(x)), QUARTER, "<="),
    sn.Claim((x**2 - 1) / (x - 1), x + 1, where=sp.Ne(x, 1)),
    sn.Claim(sn.softplus(x), sn.relu(x), ">="),
    sn.Claim(2 * x * y, x**2 + y**2, "<="),
    sn.Claim(sn.relu(x), x, where=x >= 0),
    sn.convex(sn.relu(x)),
    sn.bounded(sn.sigmoid(x), 0, 1),
    sn.lipschitz(sn.tanh(x), 1),
]


@pytest.mark.parametrize("claim", PROOFS, ids=str)
def test_proofs_verify(claim):
    proof = claim.prove()
    assert proof.verdict == "proved"
    assert proof.check().verdict == "proved"


@pytest.mark.parametrize("seed", range(8))
def test_random_identities_are_confirmed_by_their_regions(seed):
    found = identity(seed, true=True)
    proof = sn.prove(found.lhs.expr, found.rhs.expr)
    assert "certified regions" in str(proof.check())


def tree_of(claim):
    proof = claim.prove()
    return proof, proof.certificate.tree


def spoiled(proof, tree):
    return replace(proof, certificate=replace(proof.certificate, tree=tree))


def test_a_missing_case_is_noticed():
    proof, tree = tree_of(PROOFS[1])
    for k in range(len(tree.leaves)):
        fewer = replace(tree, leaves=tree.leaves[:k] + tree.leaves[k + 1 :])
        with pytest.raises(sn.CertificateError, match="a case is missing"):
            spoiled(proof, fewer).check()


def test_other_multipliers_are_noticed():
    claim = sn.Claim(2 * x * y, x**2 + y**2, "<=")
    proof, tree = tree_of(claim)
    assert proof.check()
    (leaf,) = [leaf for leaf in tree.leaves if leaf.shown]
    (shown,) = leaf.shown
    (y_0, factors), *rest = shown.certificate.combination
    for wrong in (y_0 + 1, -y_0, Fraction(0)):
        certificate = replace(shown.certificate, combination=((wrong, factors), *rest))
        changed = replace(leaf, shown=(replace(shown, certificate=certificate),))
        leaves = tuple(changed if one is leaf else one for one in tree.leaves)
        with pytest.raises(sn.CertificateError):
            spoiled(proof, replace(tree, leaves=leaves)).check()


def test_a_tree_for_another_claim_is_noticed():
    _, tree = tree_of(PROOFS[1])
    _, other = tree_of(sn.Claim(sn.leaky_relu(x, a), sn.relu(x) - a * sn.relu(-x) + 0 * y))
    false = replace(tree.goal, relation="<")
    with pytest.raises(sn.CertificateError):
        replace(other, goal=false).check()


def test_oracles_are_named_and_not_verified():
    z3 = pytest.importorskip("z3")
    assert z3
    proof = sn.prove(x**4 + y**4 + 1, 4 * x * y - 1, relation=">=")
    if proof.verdict == "proved" and proof.oracles:
        with pytest.raises(sn.CertificateError, match="z3"):
            proof.check()


def test_a_proof_entry_by_entry_is_checked_entry_by_entry():
    x, y = sp.symbols("x y", real=True)
    first = sn.sigmoid(x - y)
    claim = sn.Claim(sn.softmax(sp.Matrix([x, y])), sp.Matrix([first, 1 - first]))
    verdict = claim.prove()
    assert verdict.method.startswith("entry by entry")
    assert verdict.check().detail == "2 claims"


def test_a_table_of_cases_prints_and_is_written(tmp_path):
    a, x = sp.Symbol("a", nonnegative=True), sp.Symbol("x", real=True)
    table = sn.prove(sn.relu(a * x), a * sn.relu(x)).derivation
    rows = [line.split("  ") for line in str(table).splitlines()[2:]]
    assert len(rows) == len(table)
    assert all(row[-1].strip() == "equal" for row in rows)
    assert table.to(tmp_path / "cases.tex").read_text().count(r"\\") == len(table) + 1
    assert table.latex().count(r"\\") == len(table) + 1
