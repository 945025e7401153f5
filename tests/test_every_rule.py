"""The laws of rules, over every rule found."""

import pytest

import symnet as sn
from symnet.claims import prove, refute
from symnet.rules import every_rule
from symnet.simplification import flattened, joined, rewrites

RULES = every_rule()
EXAMPLES = [
    pytest.param(rule, list(layers), id=f"{type(rule).__name__}-{joined(list(layers))}")
    for rule in RULES
    for layers in rule.examples()
]
NEAR_MISSES = [
    pytest.param(rule, list(layers), id=f"{type(rule).__name__}-{joined(list(layers))}")
    for rule in RULES
    for layers in rule.near_misses()
]


def applied(rule, layers):
    sizes = [joined(layers).in_features]
    for layer in layers:
        sizes.append(layer.features(sizes[-1] if layer.in_features is None else layer.in_features))
    rewriting = rule.rewrite(layers, sizes)
    if rewriting is None:
        return None
    return [
        *layers[: rewriting.start],
        *rewriting.replacement,
        *layers[rewriting.stop :],
    ], rewriting


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
def test_a_rule_states_its_facts(rule):
    for fact in (rule.name, rule.statement, rule.condition, rule.source, type(rule).__doc__):
        assert fact
        assert fact == fact.strip() or fact == type(rule).__doc__
    assert list(rule.examples())
    assert list(rule.near_misses())


def test_names_of_rules_are_different():
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(("rule", "layers"), EXAMPLES)
def test_both_sides_are_equal(rule, layers):
    after, _ = applied(rule, layers)
    verdict = prove(joined(layers), joined(after))
    assert verdict, str(verdict)


@pytest.mark.parametrize(("rule", "layers"), EXAMPLES)
def test_both_sides_have_the_same_values(rule, layers):
    after, _ = applied(rule, layers)
    before = joined(layers)
    x = before.input
    assert refute(before(x), joined(after)(x), tries=8) is None


@pytest.mark.parametrize(("rule", "layers"), EXAMPLES)
def test_the_lines_between_are_equal_too(rule, layers):
    _, rewriting = applied(rule, layers)
    window = joined(layers[rewriting.start : rewriting.stop])
    x = window.input
    for line, reason in rewriting.stages(x):
        assert prove(window(x), line), line
        assert reason


@pytest.mark.parametrize(("rule", "layers"), NEAR_MISSES)
def test_nothing_happens_where_the_condition_fails(rule, layers):
    assert applied(rule, layers) is None


@pytest.mark.parametrize(("rule", "layers"), EXAMPLES)
def test_simplification_ends_and_is_idempotent(rule, layers):
    simple = sn.simplify(joined(layers))
    assert not list(rewrites(flattened(simple)))
    assert sn.simplify(simple) == simple
