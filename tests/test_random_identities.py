"""Random piecewise-linear identities: no wrong verdict, none undecided."""

from fractions import Fraction

import pytest
import sympy as sp
from random_identities import identity

import symnet as sn


def checked_apart(found, verdict):
    """Whether the two sides differ at the counterexample, by functions that are not symnet's."""
    values = (sp.Rational(verdict.counterexample.get(v, 0)) for v in found.variables)
    return found.differs_at(tuple(Fraction(int(v.p), int(v.q)) for v in values))


@pytest.mark.parametrize("seed", range(40))
def test_true_identities_are_proved(seed):
    found = identity(seed, true=True)
    assert sn.prove(found.lhs.expr, found.rhs.expr).verdict == "proved"


@pytest.mark.parametrize("seed", range(40))
def test_false_identities_are_refuted_where_the_sides_differ(seed):
    found = identity(seed, true=False)
    verdict = sn.prove(found.lhs.expr, found.rhs.expr)
    assert verdict.verdict == "refuted"
    assert checked_apart(found, verdict)
    assert verdict.check()
