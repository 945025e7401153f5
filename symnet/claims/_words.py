"""Words: products of generators without brackets, and sums of words with coefficients.

A generator is a matrix symbol, an explicit matrix, or a tuple that begins with what it is: the
transpose or inverse of another one, a diagonal mask, the inclusion of a block, a Kronecker product,
the values of an activation.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from ..exact.rational_matrix import RationalMatrix
from ._clock import checkpoint
from ._matrix_facts import says

Word = tuple[Any, ...]
Form = dict[Word, sp.Expr]


def plus(a: Form, b: Form) -> Form:
    total = dict(a)
    for word, coefficient in b.items():
        value = sp.expand(total.get(word, 0) + coefficient)
        if value == 0:
            total.pop(word, None)
        else:
            total[word] = value
    return total


def times(c: sp.Expr, a: Form) -> Form:
    scaled = ((word, sp.expand(c * coefficient)) for word, coefficient in a.items())
    return {word: value for word, value in scaled if value != 0}


def minus(a: Form, b: Form) -> Form:
    return plus(a, times(sp.S.NegativeOne, b))


def product_of(a: Form, b: Form) -> Form:
    total: Form = {}
    for left, p in a.items():
        checkpoint()
        for right, q in b.items():
            word = reduced(left + right)
            if word is not None:
                total = add_word(total, word, p * q)
    return total


def add_word(form: Form, word: Word, coefficient: sp.Expr) -> Form:
    value = sp.expand(form.get(word, 0) + coefficient)
    if value == 0:
        form.pop(word, None)
    else:
        form[word] = value
    return form


def reduced(word: Word) -> Word | None:
    """The word with neighbours that are inverse, orthogonal or explicit made one; None for zero."""
    for k in range(len(word) - 1):
        a, b = word[k], word[k + 1]
        if isinstance(a, RationalMatrix) and isinstance(b, RationalMatrix):
            both = a.times(b)
            return None if both.is_zero_matrix else reduced((*word[:k], both, *word[k + 2 :]))
        if kind(a) == "block" and kind(b) == "block" and a[3] and not b[3] and a[2] == b[2]:
            # J_i^T J_j is the identity for i = j and zero otherwise
            return None if a[1] != b[1] else reduced((*word[:k], *word[k + 2 :]))
        if (kind(a) == "inverse" and a[1] == b) or (kind(b) == "inverse" and b[1] == a):
            return reduced((*word[:k], *word[k + 2 :]))
        if says(_bare(a), "orthogonal") and transposed(a) == b:
            return reduced((*word[:k], *word[k + 2 :]))
        if kind(a) == "kron" and kind(b) == "kron":
            merged = _merged_kronecker(a, b)
            if merged is None or len(merged) < 2:
                return None if merged is None else reduced((*word[:k], *merged, *word[k + 2 :]))
        if is_diagonal(a) and is_diagonal(b) and key(b) < key(a):
            return reduced((*word[:k], b, a, *word[k + 2 :]))
    return word


def _bare(generator: Any) -> Any:
    """The generator that is transposed, or inverted."""
    return generator[1] if kind(generator) in ("transpose", "inverse") else generator


def is_permuting(generator: Any) -> bool:
    """Whether it is a permutation by a condition, or the transpose of one."""
    return says(_bare(generator), "permutation")


def is_diagonal(generator: Any) -> bool:
    """Whether it is a diagonal matrix; those commute."""
    bare = _bare(generator)
    return kind(bare) == "diag" or says(bare, "diagonal")


def is_nonnegative_diagonal(generator: Any) -> bool:
    """Whether it is a diagonal matrix without a negative entry by a condition."""
    bare = _bare(generator)
    if kind(bare) == "diag":
        ((word, _),) = bare[1]
        return len(word) == 1 and says(word[0], "nonnegative")
    return says(bare, "diagonal") and says(bare, "positive_definite")


def kind(generator: Any) -> str:
    return generator[0] if isinstance(generator, tuple) else ""


def key(part: Any) -> str:
    """A text to sort by, the same for equal words however they were made."""
    if isinstance(part, tuple):
        return f"({','.join(map(key, part))})"
    if isinstance(part, frozenset):
        return f"{{{','.join(sorted(map(key, part)))}}}"
    return f"{part}#{hash(part)}" if isinstance(part, RationalMatrix) else repr(part)


def frozen(form: Form) -> frozenset[tuple[Word, sp.Expr]]:
    return frozenset(form.items())


def transposed(generator: Any) -> Any:
    this = kind(generator)
    if this == "diag" or says(_bare(generator), "symmetric"):
        return generator
    if this == "block":
        return (*generator[:3], not generator[3])
    if this == "transpose":
        return generator[1]
    if this == "kron":
        turned = (
            (tuple(transposed(g) for g in reversed(word)), cols, rows)
            for word, rows, cols in generator[1]
        )
        return ("kron", tuple(turned))
    if isinstance(generator, RationalMatrix):
        return generator._eval_transpose()
    return ("transpose", generator)


def kronecker(parts: tuple[tuple[Word, Any, Any], ...]) -> Word:
    """The word of a Kronecker product of words with their shapes; of identities it is empty."""
    return (("kron", parts),) if any(word for word, _, _ in parts) else ()


def _merged_kronecker(a: Any, b: Any) -> Word | None:
    """(A ⊗ B)(C ⊗ D) = AC ⊗ BD where the shapes allow it, else both; None for zero."""
    left, right = a[1], b[1]
    if len(left) != len(right) or any(p[2] != q[1] for p, q in zip(left, right, strict=True)):
        return (a, b)
    words = [reduced(p[0] + q[0]) for p, q in zip(left, right, strict=True)]
    if any(word is None for word in words):
        return None
    shapes = ((p[1], q[2]) for p, q in zip(left, right, strict=True))
    return kronecker(tuple((w or (), *shape) for w, shape in zip(words, shapes, strict=True)))


def inverted(generator: Any) -> Any:
    """The inverse; that of a Kronecker product of square matrices is taken in every factor."""
    if says(_bare(generator), "orthogonal"):
        return transposed(generator)
    if kind(generator) == "kron" and all(
        len(word) < 2 and rows == cols for word, rows, cols in generator[1]
    ):
        inverses = ((tuple(map(inverted, w)), *shape) for w, *shape in generator[1])
        return ("kron", tuple(inverses))
    return generator[1] if kind(generator) == "inverse" else ("inverse", generator)
