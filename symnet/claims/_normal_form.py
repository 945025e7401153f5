"""The noncommutative normal form of matrix expressions with sizes that are symbols.

An expression is a sum of words in generators (matrix symbols, their transposes, diagonal masks,
values of activations) with scalar coefficients. Over all sizes the free algebra satisfies no
identity, so two expressions in the matrix symbols are equal for all sizes iff their forms are
(Amitsur and Levitzki 1950: an identity of n × n matrices has degree at least 2n).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any

import sympy as sp
from sympy.matrices.matrixbase import MatrixBase

from ..base import Apply, Network
from ..exact.algebra import is_permutation
from ..exact.convert import as_rational
from ..exact.rational_matrix import RationalMatrix
from ..layers._greatest import Greatest
from ..layers._softmax import Softmax, softmax_argument
from ._scalar import T, canonical, is_nondecreasing, vanishes
from ._words import (
    Form,
    Word,
    add_word,
    frozen,
    inverted,
    is_nonnegative_diagonal,
    is_permuting,
    key,
    kind,
    kronecker,
    minus,
    plus,
    product_of,
    times,
    transposed,
)


class UnsupportedError(Exception):
    """A part that the normal form does not know."""


def difference_vanishes(lhs: Any, rhs: Any) -> str | None:
    """How it was shown that two matrix expressions are equal for all sizes, or None."""
    form = minus(normal_form(lhs), normal_form(rhs))
    if not form:
        return "noncommutative normal form"
    methods = {"noncommutative normal form"}
    for prefix, base in _groups(form):
        form, how = _settle(form, prefix, base)
        if how is None:
            return None
        methods.add(how)
    return None if form else ", ".join(sorted(methods, reverse=True))


def normal_form(expr: Any) -> Form:
    """The words of ``expr`` and their coefficients, none of them zero."""
    for type_, read in _READERS:
        if isinstance(expr, type_):
            return read(expr)
    raise UnsupportedError(f"{type(expr).__name__} in {expr}")


# --- reading expressions


def _read_sum(expr: sp.MatAdd) -> Form:
    total: Form = {}
    for term in expr.args:
        total = plus(total, normal_form(term))
    return total


def _read_product(expr: sp.MatMul) -> Form:
    coefficient, factors = expr.as_coeff_matrices()
    total: Form = {(): coefficient}
    for factor in reversed(factors):
        total = product_of(normal_form(factor), total)
    return total


def _read_transpose(expr: sp.Transpose) -> Form:
    return {
        tuple(transposed(g) for g in reversed(word)): coefficient
        for word, coefficient in normal_form(expr.arg).items()
    }


def _read_inverse(expr: sp.Inverse) -> Form:
    form = normal_form(expr.arg)
    if len(form) == 1:
        ((word, coefficient),) = form.items()
        if coefficient.is_zero is False and len(word) == 1:
            return {(inverted(word[0]),): 1 / coefficient}
    return {(("inverse", frozen(form)),): sp.S.One}


def _read_kronecker(expr: sp.KroneckerProduct) -> Form:
    """The sum of the Kronecker products of words, one from every factor."""
    total: Form = {}
    factors = [f for factor in expr.args for f in _kronecker_factors(factor)]
    for terms in product(*(normal_form(f).items() for f in factors)):
        parts = tuple((word, *f.shape) for (word, _), f in zip(terms, factors, strict=True))
        total = add_word(total, kronecker(parts), sp.Mul(*(c for _, c in terms)))
    return total


def _kronecker_factors(expr: Any) -> Iterator[Any]:
    if not isinstance(expr, sp.KroneckerProduct):
        yield expr
        return
    for factor in expr.args:
        yield from _kronecker_factors(factor)


def _read_power(expr: sp.MatPow) -> Form:
    if not expr.exp.is_Integer or expr.exp < 0:
        raise UnsupportedError(f"the power {expr}")
    total: Form = {(): sp.S.One}
    for _ in range(int(expr.exp)):
        total = product_of(normal_form(expr.base), total)
    return total


def _read_explicit(expr: MatrixBase) -> Form:
    rational = as_rational(expr)
    if rational is None:
        raise UnsupportedError("an explicit matrix with symbols among matrices of unknown size")
    return _read_rational(rational)


def _read_rational(expr: RationalMatrix) -> Form:
    return {} if expr.is_zero_matrix else {(expr,): sp.S.One}


def _read_blocks(expr: sp.BlockMatrix) -> Form:
    """[A; B] = J_1 A + J_2 B with the inclusions J_i of the blocks; likewise for columns."""
    heights, widths = tuple(expr.rowblocksizes), tuple(expr.colblocksizes)
    total: Form = {}
    for i in range(expr.blockshape[0]):
        for j in range(expr.blockshape[1]):
            left: Word = () if len(heights) == 1 else (("block", i, heights, False),)
            right: Word = () if len(widths) == 1 else (("block", j, widths, True),)
            for word, coefficient in normal_form(expr.blocks[i, j]).items():
                total = add_word(total, left + word + right, coefficient)
    return total


def _read_diagonal(expr: Any) -> Form:
    return {
        (("diag", frozen({word: sp.S.One})),): coefficient
        for word, coefficient in normal_form(expr.args[0]).items()
    }


def _read_hadamard(expr: sp.HadamardProduct) -> Form:
    """a ∘ b = diag(a) b for columns."""
    argument = softmax_argument(expr)
    if argument is not None:
        return _softmax_word(normal_form(argument))
    if expr.shape[1] != 1:
        raise UnsupportedError("an entrywise product of matrices that are not columns")
    total = normal_form(expr.args[-1])
    for factor in expr.args[:-1]:
        words = normal_form(factor)
        combined: Form = {}
        for word, p in words.items():
            for tail, q in total.items():
                combined = add_word(combined, _masked(word, tail), p * q)
        total = combined
    return total


def _read_entrywise_power(expr: sp.HadamardPower) -> Form:
    return {(("power", frozen(normal_form(expr.base)), expr.exp),): sp.S.One}


def _masked(a: Word, b: Word) -> Word:
    """diag(a) b with the factors of the entrywise product in a fixed order."""
    factors = [a]
    while b and kind(b[0]) == "diag":
        ((inner, _),) = b[0][1]
        factors.append(inner)
        b = b[1:]
    factors.append(b)
    factors.sort(key=key)
    return (*(("diag", frozen({f: sp.S.One})) for f in factors[:-1]), *factors[-1])


def _read_apply(expr: Apply) -> Form:
    layer = expr.layer
    if isinstance(layer, Softmax):
        return _softmax_word(normal_form(expr.argument))
    if not layer.is_elementwise:
        try:
            return normal_form(layer.definition(expr.argument))
        except UnsupportedError:
            return {(("value", layer, frozen(normal_form(expr.argument))),): sp.S.One}
    argument = normal_form(expr.argument)
    if not argument:
        if layer.scalar(sp.S.Zero) == 0:
            return {}
        raise UnsupportedError(f"{expr}: an activation at zero that is not zero")
    return _map_word(layer, *_as_function(argument))


def _softmax_word(argument: Form) -> Form:
    """A softmax; it and a permutation commute."""
    fronts = {word[0] if word else None for word in argument}
    front = fronts.pop() if len(fronts) == 1 else None
    if is_permuting(front):
        bare = {word[1:]: c for word, c in argument.items()}
        return product_of({(front,): sp.S.One}, _softmax_word(bare))
    back = _common_back(argument)
    if back is not None:
        bare = {word[:-1]: c for word, c in argument.items()}
        return product_of(_softmax_word(bare), {(back,): sp.S.One})
    return {(("softmax", frozen(argument)),): sp.S.One}


def _common_back(words: Iterable[Word]) -> Any:
    """The permutation of columns with which all words end; None where there is none."""
    backs = {word[-1] if word else None for word in words}
    back = backs.pop() if len(backs) == 1 else None
    exact = isinstance(back, RationalMatrix) and is_permutation(back)
    return back if exact or is_permuting(back) else None


def _map_word(layer: Network, inner: sp.Expr, base: frozenset[Any]) -> Form:
    f = canonical(layer.scalar(inner))
    if f == T:
        return dict(base)
    fronts = {word[0] if word else None for word, _ in base}
    front = fronts.pop() if len(fronts) == 1 else None
    if _passes_through(front, layer, inner):
        g, deeper = _as_function({word[1:]: c for word, c in base})
        return product_of({(front,): sp.S.One}, _map_word(layer, inner.xreplace({T: g}), deeper))
    back = _common_back(word for word, _ in base)
    if back is not None:
        g, deeper = _as_function({word[:-1]: c for word, c in base})
        return product_of(_map_word(layer, inner.xreplace({T: g}), deeper), {(back,): sp.S.One})
    return {(("map", f, base),): sp.S.One}


def _passes_through(front: Any, layer: Network, inner: sp.Expr) -> bool:
    """Whether the map of a product is the product with the map: f(P z) = P f(z)."""
    if isinstance(front, RationalMatrix):
        return is_permutation(front)
    if is_permuting(front):
        return True
    function = getattr(layer, "function", None)
    homogeneous = function is not None and function.positively_homogeneous
    return homogeneous and not (inner / T).has(T) and is_nonnegative_diagonal(front)


def _read_greatest(expr: Greatest) -> Form:
    """The greatest entries; a non-decreasing function can be taken before or after."""
    matrix, group = expr.args
    form = normal_form(matrix)
    if len(form) == 1:
        ((word, coefficient),) = form.items()
        if coefficient == 1 and len(word) == 1 and kind(word[0]) == "map":
            _, f, base = word[0]
            if is_nondecreasing(f):
                return {(("map", f, frozen({(("greatest", base, group),): sp.S.One})),): sp.S.One}
    return {(("greatest", frozen(form), group),): sp.S.One}


def _opaque(expr: Any) -> Form:
    return {(expr,): sp.S.One}


_READERS: list[tuple[Any, Callable[[Any], Form]]] = [
    (sp.MatAdd, _read_sum),
    (sp.MatMul, _read_product),
    (sp.Transpose, _read_transpose),
    (sp.Inverse, _read_inverse),
    (sp.MatPow, _read_power),
    (sp.Identity, lambda expr: {(): sp.S.One}),
    (sp.ZeroMatrix, lambda expr: {}),
    (RationalMatrix, _read_rational),
    (MatrixBase, _read_explicit),
    (sp.BlockMatrix, _read_blocks),
    (sp.DiagMatrix, _read_diagonal),
    (sp.HadamardProduct, _read_hadamard),
    (sp.KroneckerProduct, _read_kronecker),
    (Apply, _read_apply),
    (Greatest, _read_greatest),
    (sp.MatrixSymbol, _opaque),
    (sp.OneMatrix, _opaque),
    (sp.HadamardPower, _read_entrywise_power),
]


# --- entrywise functions


def _as_function(form: Form) -> tuple[sp.Expr, frozenset[Any]]:
    """(G, base) with form = G(base) entrywise; activations of one base make one function."""
    maps = {word for word in form if len(word) == 1 and kind(word[0]) == "map"}
    bases = {word[0][2] for word in maps}
    if len(bases) == 1:
        (base,) = bases
        rest = {word: c for word, c in form.items() if word not in maps}
        multiple = _multiple(rest, dict(base))
        if multiple is not None:
            total = multiple * T
            for word in maps:
                total += form[word] * word[0][1]
            return total, base
    leading = form[min(form, key=key)]
    if leading.is_zero is not False:
        return T, frozen(form)
    return leading * T, frozen(times(1 / leading, form))


def _multiple(form: Form, base: Form) -> sp.Expr | None:
    """c with form = c base, or None."""
    if not form:
        return sp.S.Zero
    word = next(iter(base))
    if word not in form:
        return None
    c = form[word] / base[word]
    return c if not minus(form, times(c, base)) else None


def _groups(form: Form) -> Iterator[tuple[Word, frozenset[Any]]]:
    found = {(word[:-1], word[-1][2]): None for word in form if word and kind(word[-1]) == "map"}
    yield from found


def _settle(form: Form, prefix: Word, base: frozenset[Any]) -> tuple[Form, str | None]:
    """Take prefix · F(base) out of the form, with F all that is there of it, if F vanishes."""
    total = sp.S.Zero
    rest: Form = {}
    for word, coefficient in form.items():
        inside = word and word[:-1] == prefix and kind(word[-1]) == "map" and word[-1][2] == base
        if inside:
            total += coefficient * word[-1][1]
        else:
            rest[word] = coefficient
    tail = {prefix + word: c for word, c in dict(base).items()}
    leading = next(iter(tail))
    if leading in rest:
        c = rest[leading] / tail[leading]
        rest = minus(rest, times(c, tail))
        total += c * T
    return rest, vanishes(total)
