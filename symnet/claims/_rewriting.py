"""Identities of matrices by rewriting: chains of rule instances, each verified on its own.

The second way to see what the normal form in words shows with permutations, orthogonal and
symmetric matrices and Kronecker products. What is left after the rules is compared in indices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

import sympy as sp

from ..base import Apply
from ..errors import CertificateError
from ..layers._softmax import Softmax, softmax_argument
from ._clock import checkpoint
from ._evaluate import sides_at
from ._index_form import equal_in_indices
from ._matrix_facts import known_matrices
from ._normal_form import UnsupportedError
from ._points import points
from ._question import Question

#: Longer chains are given up.
_MOST_STEPS = 200
#: Every step is tried at the points from the first number on to the second, which are small.
_AT_SIZE_ONE, _TRIES = 12, 20

Facts = dict[Any, frozenset[str]]


@dataclass(frozen=True)
class Rewriting:
    """One instance of a rule: a part of an expression, and what is put for it."""

    before: Any
    after: Any
    rule: str


def by_rewriting(question: Question) -> int | None:
    """The number of steps after which both sides have one form in indices; None without success.

    Raises
    ------
    CertificateError
        Where a step is false at a point.
    """
    facts = {symbol: known.facts for symbol, known in known_matrices(question.where).items()}
    steps: list[Rewriting] = []
    sides = [_rewritten(side, facts, steps) for side in (question.lhs, question.rhs)]
    opaque: dict[Any, Any] = {}
    lhs, rhs = (_without_kronecker(side, opaque) for side in sides)
    try:
        if equal_in_indices(lhs, rhs) is None:
            return None
    except UnsupportedError:
        return None
    for step in steps:
        _try(step, question)
    return len(steps)


def _rewritten(side: Any, facts: Facts, steps: list[Rewriting]) -> Any:
    while len(steps) < _MOST_STEPS:
        checkpoint()
        step = next(_instances(side, facts), None)
        if step is None:
            return side
        steps.append(step)
        side = _put(side, step.before, step.after)
    return side


def _put(whole: Any, before: Any, after: Any) -> Any:
    """``after`` for ``before``; products are not evaluated, which SymPy would do."""
    if whole == before:
        return after
    if not whole.args or not whole.has(before):
        return whole
    return whole.func(*(_put(arg, before, after) for arg in whole.args))


def _instances(e: Any, facts: Facts) -> Iterator[Rewriting]:
    """Instances of rules in an expression, the innermost first."""
    if not getattr(e, "is_Matrix", False) or isinstance(e, sp.MatrixBase):
        return
    for arg in e.args:
        yield from _instances(arg, facts)
    for rule, apply in _RULES:
        after = apply(e, facts)
        if after is not None:
            yield Rewriting(e, after, rule)


def _try(step: Rewriting, question: Question) -> None:
    """That a step holds at small points where the condition does."""
    there = Question(step.before, step.after, "=", question.where)
    if step.before.shape != step.after.shape:
        raise CertificateError(f"the step {step.before} = {step.after} changes the shape")
    tried = points(step.before, step.after, question.where, tries=_TRIES)
    for point in islice(tried, _AT_SIZE_ONE, None):
        if sides_at(there, point) is not None:
            raise CertificateError(f"the step {step.before} = {step.after} ({step.rule}) is false")


# --- rules


def _says(e: Any, facts: Facts, fact: str) -> bool:
    symbol = e.arg if isinstance(e, sp.Transpose) else e
    return fact in facts.get(symbol, ())


def _product(factors: Sequence[Any], shape: tuple[Any, Any]) -> Any:
    if not factors:
        return sp.Identity(shape[0])
    return factors[0] if len(factors) == 1 else sp.MatMul(*factors)


def _flat(e: Any, facts: Facts) -> Any:
    """(A B) C = A B C, I A = A."""
    if not isinstance(e, sp.MatMul):
        return None
    parts = [f for arg in e.args for f in (arg.args if isinstance(arg, sp.MatMul) else (arg,))]
    kept = [f for f in parts if not isinstance(f, sp.Identity) and f != 1]
    return None if len(kept) == len(e.args) else _product(kept, e.shape)


def _distributed(e: Any, facts: Facts) -> Any:
    """A (B + C) = A B + A C."""
    if not isinstance(e, sp.MatMul):
        return None
    for place, factor in enumerate(e.args):
        if isinstance(factor, sp.MatAdd):
            parts = (e.args[:place], e.args[place + 1 :])
            return sp.MatAdd(*(sp.MatMul(*parts[0], term, *parts[1]) for term in factor.args))
    return None


def _transposed(e: Any, facts: Facts) -> Any:
    """(A B)^T = B^T A^T, (A + B)^T = A^T + B^T, and so on."""
    if not isinstance(e, sp.Transpose):
        return None
    inner = e.arg
    if isinstance(inner, sp.Transpose):
        return inner.arg
    if isinstance(inner, sp.MatMul):
        turned = (f if not f.is_Matrix else sp.Transpose(f) for f in reversed(inner.args))
        return sp.MatMul(*sorted(turned, key=lambda f: f.is_Matrix))
    if isinstance(inner, sp.MatAdd | sp.KroneckerProduct):
        return inner.func(*(sp.Transpose(part) for part in inner.args))
    return inner if _says(inner, facts, "symmetric") else None


def _orthogonal(e: Any, facts: Facts) -> Any:
    """P^T P = P P^T = I."""
    if not isinstance(e, sp.MatMul):
        return None
    for place, (a, b) in enumerate(pairwise(e.args)):
        if _says(a, facts, "orthogonal") and b == _turned(a):
            return _product(
                [*e.args[:place], sp.Identity(a.shape[0]), *e.args[place + 2 :]], e.shape
            )
    return None


def _turned(a: Any) -> Any:
    return a.arg if isinstance(a, sp.Transpose) else sp.Transpose(a)


def _inverted(e: Any, facts: Facts) -> Any:
    """P^-1 = P^T."""
    if isinstance(e, sp.Inverse) and _says(e.arg, facts, "orthogonal"):
        return _turned(e.arg)
    return None


def _kronecker(e: Any, facts: Facts) -> Any:
    """(A ⊗ B)(C ⊗ D) = A C ⊗ B D."""
    if not isinstance(e, sp.MatMul):
        return None
    for place, (a, b) in enumerate(pairwise(e.args)):
        both = isinstance(a, sp.KroneckerProduct) and isinstance(b, sp.KroneckerProduct)
        if not both or len(a.args) != len(b.args):
            continue
        pairs = list(zip(a.args, b.args, strict=True))
        if all(p.shape[1] == q.shape[0] for p, q in pairs):
            made = sp.KroneckerProduct(*(sp.MatMul(p, q) for p, q in pairs))
            return _product([*e.args[:place], made, *e.args[place + 2 :]], e.shape)
    return None


def _softmax(e: Any, facts: Facts) -> Any:
    """exp(X) divided by its sums over columns, as SymPy writes it, is the softmax."""
    argument = softmax_argument(e)
    return None if argument is None else Apply(Softmax(), argument)


def _through(e: Any, facts: Facts) -> Any:
    """f(P X) = P f(X) and f(X P) = f(X) P for permutations P and maps of entries or columns."""
    if not isinstance(e, Apply):
        return None
    layer, inner = e.layer, e.argument
    if not (layer.is_elementwise or isinstance(layer, Softmax)):
        return None
    terms = list(inner.args) if isinstance(inner, sp.MatAdd) else [inner]
    for last in (False, True):
        ends = {t.args[-last] if isinstance(t, sp.MatMul) else None for t in terms}
        end = ends.pop() if len(ends) == 1 else None
        if end is not None and _says(end, facts, "permutation"):
            rest = [_product(t.args[:-1] if last else t.args[1:], t.shape) for t in terms]
            value = Apply(layer, rest[0] if len(rest) == 1 else sp.MatAdd(*rest))
            return sp.MatMul(value, end) if last else sp.MatMul(end, value)
    return None


_RULES: tuple[tuple[str, Callable[[Any, Facts], Any]], ...] = (
    ("products are associative", _flat),
    ("transpose of a product", _transposed),
    ("inverse of an orthogonal matrix", _inverted),
    ("orthogonal matrix", _orthogonal),
    ("mixed product", _kronecker),
    ("softmax", _softmax),
    ("permutations pass through", _through),
    ("distributive law", _distributed),
)


# --- Kronecker products that are left


def _without_kronecker(e: Any, opaque: dict[Any, Any]) -> Any:
    """One symbol for all Kronecker products whose factors are equal in indices."""
    if isinstance(e, sp.KroneckerProduct):
        for other, symbol in opaque.items():
            if len(other.args) == len(e.args) and all(map(_equal, e.args, other.args)):
                return symbol
        return opaque.setdefault(e, sp.MatrixSymbol(sp.Dummy("K"), *e.shape))
    if not e.args or not e.has(sp.KroneckerProduct):
        return e
    return e.func(*(_without_kronecker(arg, opaque) for arg in e.args))


def _equal(a: Any, b: Any) -> bool:
    return a.shape == b.shape and (a == b or equal_in_indices(a, b) is not None)
