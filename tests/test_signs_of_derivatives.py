"""Signs of functions of one variable: against enclosures on grids, and no false bound is proved."""

from dataclasses import replace
from fractions import Fraction
from random import Random

import mpmath
import pytest
import sympy as sp
from flint import arb, ctx, fmpq

import symnet as sn
from symnet.claims._cases import Run
from symnet.claims._forms import FormAlgebra
from symnet.claims._generators import Generators
from symnet.claims._growth import UnsettledError, eventual_sign
from symnet.claims._intervals import Span
from symnet.claims._question import question_of
from symnet.claims._reading import Reader
from symnet.claims._roots import Bracket, exactly
from symnet.claims._semialgebraic import FormCell
from symnet.claims._variations import Variations
from symnet.claims.deciders._monotonicity import Monotonicity
from symnet.exact.ball import ball_of, on_balls
from symnet.render import render

x = sp.Symbol("x", real=True)


def form_of(expr):
    algebra = FormAlgebra(Generators())
    return algebra, Run(algebra, FormCell(algebra), {}).form(Reader().term(expr))


def variation(expr):
    """The zeros and signs of an expression whose denominator is 1 or positive."""
    algebra, form = form_of(expr)
    return Variations(algebra, x).of(form.numerator, Span(None, None))


def enclosures(expr, points, bits=200):
    """Signs of an expression at rational points by balls, independent of the procedure."""
    before, ctx.prec = ctx.prec, bits
    try:
        call = on_balls(expr, x)
        balls = [call(arb(fmpq(q.numerator, q.denominator))) for q in points]
    finally:
        ctx.prec = before
    return [1 if b > 0 else -1 if b < 0 else 0 for b in balls]


def random_function(random):
    """A sum of products of polynomials with exponentials, and of one other function."""
    numbers = [n for n in range(-4, 5) if n]
    terms = [
        random.choice(numbers) * x ** random.randint(0, 2) * sp.exp(random.randint(-1, 2) * x)
        for _ in range(random.randint(2, 4))
    ]
    other = random.choice([sp.erf(x), sp.atan(x), sp.log(1 + sp.exp(x)), sp.exp(-(x**2)), x**3])
    return sp.Add(*terms, random.choice(numbers) * other)


def at(root):
    """Somewhere near a root, as a fraction."""
    point = exactly(root)
    if point is None:
        return (root.low + root.high) / 2
    return Fraction(str(sp.N(point.value, 40)))


@pytest.mark.parametrize("seed", range(25))
def test_signs_on_a_grid_are_those_that_were_found(seed):
    random = Random(seed)
    f = random_function(random)
    found = variation(f)
    grid = [Fraction(n, 16) + Fraction(1, 1009) for n in range(-250, 250)]
    signs = enclosures(f, grid)
    zeros = [at(zero) for zero in found.zeros]
    assert zeros == sorted(zeros)
    for q, sign in zip(grid, signs, strict=True):
        if sign and all(abs(q - zero) > Fraction(1, 100) for zero in zeros):
            assert sign == found.signs[sum(zero < q for zero in zeros)], (f, q)
    for zero in found.zeros:
        if isinstance(zero, Bracket) and zero.exact is None:
            assert sorted(enclosures(f, [zero.low, zero.high])) == [-1, 1]


#: Functions, and a point near their least value.
BOUNDED = [
    (sn.silu(x), -1.3),
    (sn.gelu(x), -0.75),
    (sn.mish(x), -1.2),
    (sp.exp(x) - x, 0.1),
    (sp.exp(x) - 2 * x, 0.7),
    (sn.softplus(x) - x / 3, -0.7),
    (x * sp.exp(x), -1),
    (sp.exp(-(x**2) / 2) + x**2 / 3, 0.9),
    (sp.atan(x) + x**2, -0.4),
    (sp.erf(x) + x**2, -0.4),
    (sp.tanh(x) + x**2 / 5, -0.9),
    (sp.log(1 + x**2) + x**2 / 9 - x / 2, 0.2),
    (-sn.silu(x).doit().diff(x), 2.4),
    (-sn.mish(x).doit().diff(x), 1.5),
    (sp.sqrt(1 + x**2) - x / 2, 0.6),
    (sn.elu(x) + sn.relu(-x) / 2, -0.7),
]


def least_value(f, near):
    """The least value near a point, as a fraction that is right to 30 digits."""
    with mpmath.workdps(50):
        meaning = f.doit().rewrite(sp.Piecewise) if f.has(sp.Piecewise, sn.elu) else f.doit()
        call = sp.lambdify(x, meaning, "mpmath")
        slope = sp.lambdify(x, meaning.diff(x), "mpmath")
        value = call(mpmath.findroot(slope, near))
        return sp.Rational(mpmath.nstr(value, 40))


@pytest.mark.parametrize(("f", "near"), BOUNDED, ids=lambda v: str(v)[:40])
def test_a_bound_is_proved_and_a_tiny_bit_more_is_refuted(f, near):
    least, tiny = least_value(f, near), sp.Rational(1, 10**12)
    bound = sn.Claim(f, least - tiny, ">=")
    proof = Monotonicity().decide(question_of(bound))
    assert proof.verdict == "proved"
    assert replace(proof, claim=bound).check()
    for relation in (">=", ">"):
        more = sn.Claim(f, least + tiny, relation)
        verdict = Monotonicity().decide(question_of(more))
        assert verdict.verdict == "refuted"
        ((_, q),) = verdict.counterexample.items()
        assert ball_of(f.doit().subs(x, q) - least - tiny, 300) < 0


TOUCHING = [
    (sp.exp(x), 1 + x),
    (sp.exp(x), 2 + 2 * (x - sp.log(2))),
    (sp.sqrt(1 + x**2), 1),
    (x**2 / 2 + 1, sp.sqrt(1 + x**2)),
    (sn.gelu.lipschitz, sn.gelu(x).doit().diff(x)),
    (x**4 - 4 * x**2 + 4, 0),
    ((sp.exp(x) - 3) ** 2 * (1 + x**2), 0),
]


@pytest.mark.parametrize(("f", "g"), TOUCHING, ids=lambda v: str(v)[:40])
def test_where_both_sides_touch_the_strict_claim_is_refuted_at_the_exact_number(f, g):
    claim = sn.Claim(f, g, ">=")
    proof = Monotonicity().decide(question_of(claim))
    assert proof
    assert replace(proof, claim=claim).check()
    strict = Monotonicity().decide(question_of(sn.Claim(f, g, ">")))
    assert strict.verdict == "refuted"
    assert sp.simplify(strict.lhs_value - strict.rhs_value) == 0
    more = sn.Claim(f, g + sp.Rational(1, 10**15), ">=")
    assert Monotonicity().decide(question_of(more)).verdict == "refuted"


@pytest.mark.parametrize("seed", range(30))
def test_the_sign_near_infinity_is_the_one_far_away(seed):
    random = Random(seed)
    f = random_function(random).subs(x, random.choice([x, -x, 2 * x])).doit()
    s = sp.Symbol("s", positive=True)
    algebra, form = form_of(f.subs(x, s))
    sign = eventual_sign(algebra.generators, form, algebra.generators.symbol(s))
    assert enclosures(f, [Fraction(300), Fraction(500)], bits=3000) == [sign, sign]


def test_terms_that_cancel_are_expanded_further():
    s = sp.Symbol("s", positive=True)
    for f, sign in (
        (sp.log(1 + sp.exp(s)) - s, 1),
        (sp.log(1 + sp.exp(s)) - s - sp.exp(-s), -1),
        (sp.atan(s) - sp.pi / 2 + 1 / s, 1),
        (sp.sqrt(1 + s**2) - s - 1 / (2 * s), -1),
        (1 - sp.erf(s) - sp.exp(-(s**2)) / (s * sp.sqrt(sp.pi)), -1),
        (sp.exp(1 / s) - 1 - 1 / s, 1),
    ):
        algebra, form = form_of(f)
        assert eventual_sign(algebra.generators, form, algebra.generators.symbol(s)) == sign
    algebra, form = form_of(sp.atan(s) + sp.atan(1 / s) - sp.pi / 2)
    with pytest.raises(UnsettledError):
        eventual_sign(algebra.generators, form, algebra.generators.symbol(s))


def test_a_certificate_that_was_changed_does_not_verify():
    proof = sn.prove(sn.silu(x), sp.Rational(-3, 10), relation=">=")
    variations = proof.certificate.start.variations
    genuine = dict(variations.known)
    assert proof.check()
    for key, good in genuine.items():
        spoiled = [replace(good, signs=tuple(-s for s in good.signs))]
        if good.zeros:
            spoiled.append(replace(good, zeros=(), signs=good.signs[:1]))
        if good.step is not None:
            spoiled.append(replace(good, step=replace(good.step, critical=())))
            spoiled.append(replace(good, parts=(replace(good.parts[0], polynomial={(): 1}),)))
        for bad in spoiled:
            variations.known[key] = bad
            with pytest.raises(sn.CertificateError):
                proof.check()
        variations.known[key] = good
    del variations.known[next(iter(genuine))]
    with pytest.raises(sn.CertificateError, match="nothing is known"):
        proof.check()


def test_the_argument_is_one_that_a_lecturer_writes():
    text = sn.prove(sp.exp(x), 2 * x, relation=">=").derivation.document()
    shown = str(render(text, "text"))
    assert "decreases for x < log(2) and increases for x > log(2)" in " ".join(shown.split())
    assert "f_2(log(2)) = 2 - 2*log(2) > 0" in shown


def test_division_by_roots():
    root = sp.sqrt(1 + x**2)
    below = 2 * root * sp.exp(x) + 2 * root
    proof = sn.prove(sp.sqrt(2) / below, root / (sp.sqrt(2) * (1 + sp.exp(x)) * (1 + x**2)))
    assert proof.method == "normal form in exponentials and roots"
    assert sn.prove(1 / below, root * (1 + x**2) / (2 + 2 * sp.exp(x))).verdict == "refuted"


def test_high_degrees_are_decided_without_a_solver():
    f = sp.exp(25 * x) + x**24 * sp.exp(12 * x) - x**13
    proof = sn.prove(f, -1000, relation=">=")
    assert proof.method == "signs of derivatives"
    assert not proof.oracles
    assert proof.check()
    assert sn.prove(f, 1, relation=">=").verdict == "refuted"
