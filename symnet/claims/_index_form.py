"""The normal form in indices: matrix expressions and numbers as sums of products of entries.

A product of matrices is a sum over an index, a product entry by entry shares its indices, diag(u)
is delta[i, j] u[i], a transpose swaps two indices: so all of them are sums of monomials
(:mod:`symnet.claims._monomials`), with sizes that are symbols. Values of entrywise functions are
atoms; those of one argument at one place make one function of one variable, which is compared as
such. Equal forms are equal expressions, for all sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import sympy as sp
from sympy.matrices.matrixbase import MatrixBase

from ..base import Apply
from ..exact.rational_matrix import RationalMatrix
from ..exact.scalars import Inner, MatrixScalar, Norm
from ..layers._softmax import Softmax
from ._clock import checkpoint
from ._monomials import DELTA, Atom, Index, Product, canonical_atoms, reduced, summed_up
from ._normal_form import UnsupportedError
from ._scalar import T, canonical, vanishes

Form = dict[tuple[Any, ...], sp.Expr]


def equal_in_indices(lhs: Any, rhs: Any, sums_to_one: Any = None, axis: int = 0) -> str | None:
    """How it was shown that two sides of one shape are equal for all sizes, or None.

    ``sums_to_one`` is a matrix whose sums over an axis are supposed to be 1.

    >>> n = sp.Symbol("n", integer=True, positive=True)
    >>> a, b = sp.MatrixSymbol("a", n, 1), sp.MatrixSymbol("b", n, 1)
    >>> equal_in_indices(sp.HadamardProduct(a, b), sp.MatMul(sp.DiagMatrix(b), a))
    'normal form in indices'
    """
    reader = _Reader(sums_to_one, axis)
    form = reader.form(lhs)
    for key, coefficient in reader.form(rhs).items():
        _add(form, key, -coefficient)
    if not form:
        return "normal form in indices"
    return _settled(form)


class _Reader:
    """Reads expressions; every summed index is new."""

    def __init__(self, sums_to_one: Any = None, axis: int = 0) -> None:
        self._numbers = count()
        self._sums_to_one, self._axis = sums_to_one, axis

    def form(self, expr: Any) -> Form:
        """The monomials of an expression and their coefficients."""
        if getattr(expr, "is_Matrix", False):
            rows, cols = map(sp.sympify, expr.shape)
            products = self.read(expr, _free("row", rows), _free("column", cols))
        else:
            products = self.number(expr)
        form: Form = {}
        for product in products:
            self._collect(form, product)
        return form

    def _collect(self, form: Form, product: Product) -> None:
        checkpoint()
        simple = reduced(product)
        if simple is None:
            return
        simple = _merged(simple)
        if self._sums_to_one is not None:
            simple = summed_up(simple, ("matrix", self._sums_to_one), self._axis)
        if simple.coefficient == 0:
            return
        _add(form, canonical_atoms(simple), simple.coefficient)

    def fresh(self, size: Any) -> tuple[Index | None, tuple[tuple[int, sp.Expr], ...]]:
        """A new index for a size, none for the size 1."""
        size = sp.sympify(size)
        if size == 1:
            return None, ()
        index = next(self._numbers)
        return index, ((index, size),)

    def read(self, expr: Any, i: Index | None, j: Index | None) -> list[Product]:
        """The entry (i, j)."""
        for kind, reader in _READERS:
            if isinstance(expr, kind):
                return reader(self, expr, i, j)
        raise UnsupportedError(f"{type(expr).__name__} in {expr}")

    def number(self, expr: Any) -> list[Product]:
        """A number: a polynomial in inner products, squares of norms and other symbols."""
        # SymPy's expand would carry out what stands inside of the numbers
        names = {part: sp.Dummy(real=True) for part in _outermost(expr)}
        back = {name: part for part, name in names.items()}
        total = []
        for term in sp.Add.make_args(sp.expand(expr.xreplace(names))):
            products = [Product(sp.S.One, ())]
            for factor in sp.Mul.make_args(term):
                products = _all(products, self._factor(factor.xreplace(back)))
            total += products
        return total

    def _factor(self, factor: Any) -> list[Product]:
        base, exponent = factor.as_base_exp()
        if isinstance(base, Norm) and base.args[1] == 2 and exponent == 2:
            return self._inner(base.args[0], base.args[0])
        if isinstance(base, Inner) and exponent.is_Integer and exponent > 0:
            products = [Product(sp.S.One, ())]
            for _ in range(int(exponent)):
                products = _all(products, self._inner(*base.args))
            return products
        if isinstance(base, sp.Trace) and exponent.is_Integer and exponent > 0:
            products = [Product(sp.S.One, ())]
            for _ in range(int(exponent)):
                products = _all(products, self._trace(base.arg))
            return products
        if factor.has(MatrixScalar):
            return [Product(sp.S.One, ((("number", factor), ()),))]
        return [Product(factor, ())]

    def _inner(self, a: Any, b: Any) -> list[Product]:
        (i, rows), (j, cols) = self.fresh(a.shape[0]), self.fresh(a.shape[1])
        both = _all(self.read(a, i, j), self.read(b, i, j))
        return [p.times(Product(sp.S.One, (), rows + cols)) for p in both]

    def _trace(self, a: Any) -> list[Product]:
        i, size = self.fresh(a.shape[0])
        return [p.times(Product(sp.S.One, (), size)) for p in self.read(a, i, i)]

    def key(self, expr: Any) -> tuple[Any, bool, sp.Expr]:
        """(key, turned, g): the matrix is g at every entry of what the key says, perhaps turned."""
        rows, cols = map(sp.sympify, expr.shape)
        if rows == 1 or cols == 1:
            # a row and a column have the same entries
            forms = [self._entries(expr, _free("row", rows), _free("row", cols))]
        else:
            forms = [self._entries(expr, *at) for at in (("row", "column"), ("column", "row"))]
        found = [_as_function(form) for form in forms]
        # a function of values of one argument first, so that its argument is the key
        order = [(not _is_composed(inner), repr(key)) for key, inner in found]
        place = min(range(len(found)), key=order.__getitem__)
        key, inner = found[place]
        return key, place == 1, inner

    def _entries(self, expr: Any, i: Index | None, j: Index | None) -> Form:
        form: Form = {}
        for product in _Reader(self._sums_to_one, self._axis).read(expr, i, j):
            self._collect(form, product)
        return form


def _outermost(expr: Any) -> Iterator[MatrixScalar]:
    """The numbers made of matrices that stand in no other."""
    if isinstance(expr, MatrixScalar):
        yield expr
        return
    for arg in expr.args:
        yield from _outermost(arg)


def _as_function(form: Form) -> tuple[Any, sp.Expr]:
    """(key, g) with the form equal to g at every entry of the key: values of one argument, or c T.

    f(g(x)) for an entrywise g is a function of x.
    """
    inner, base = sp.S.Zero, None
    for atoms, coefficient in form.items():
        value = _value(atoms[0]) if len(atoms) == 1 else None
        straight = value is not None and value[2] == ("row", "column")[: len(value[2])]
        if atoms and (value is None or not straight or base not in (None, value[0])):
            base = None
            break
        if value is None:
            inner += coefficient
        else:
            base = value[0]
            inner += coefficient * value[1]
    if base is not None and inner != T:
        return base, inner
    monomials = sorted(form.items(), key=repr)
    first = monomials[0][1] if monomials else sp.S.One
    factor = first if first.is_number else sp.S.One
    return tuple((atoms, sp.expand(c / factor)) for atoms, c in monomials), factor * T


def _is_composed(inner: sp.Expr) -> bool:
    """Whether it is more than a multiple of T."""
    return not (inner / T).is_number


def _alone(key: Any, at: tuple[Index, ...]) -> tuple[Any, tuple[Index, ...]]:
    """An atom as the argument of functions: the key that ``key`` gives, and its place."""
    if len(at) < 2:
        return ((((key, ("row",)[: len(at)]),), sp.S.One),), at
    keys = [((((key, names),), sp.S.One),) for names in (("row", "column"), ("column", "row"))]
    turned = repr(keys[1]) < repr(keys[0])
    return keys[turned], at[::-1] if turned else at


def _free(name: str, size: sp.Expr) -> Index | None:
    return None if size == 1 else name


def _all(left: list[Product], right: list[Product]) -> list[Product]:
    return [p.times(q) for p in left for q in right]


def _add(form: Form, key: tuple[Any, ...], coefficient: sp.Expr) -> None:
    value = sp.expand(form.get(key, 0) + coefficient)
    if value == 0:
        form.pop(key, None)
    else:
        form[key] = value


def _at(*indices: Index | None) -> tuple[Index, ...]:
    return tuple(i for i in indices if i is not None)


# --- what the parts mean


def _sum(r: _Reader, expr: Any, i: Any, j: Any) -> list[Product]:
    return [product for term in expr.args for product in r.read(term, i, j)]


def _matmul(r: _Reader, expr: Any, i: Any, j: Any) -> list[Product]:
    scalar, factors = expr.as_coeff_matrices()
    products = r.number(scalar)
    for k, factor in enumerate(factors):
        last = k == len(factors) - 1
        after, size = (j, ()) if last else r.fresh(factor.shape[1])
        products = [p.times(Product(sp.S.One, (), size)) for p in products]
        products = _all(products, r.read(factor, i, after))
        i = after
    return products


def _matpow(r: _Reader, expr: Any, i: Any, j: Any) -> list[Product]:
    if not (expr.exp.is_Integer and 0 < expr.exp <= 8):
        raise UnsupportedError(f"the power {expr}")
    return _matmul(r, sp.MatMul(*[expr.base] * int(expr.exp), evaluate=False), i, j)


def _hadamard(r: _Reader, expr: Any, i: Any, j: Any) -> list[Product]:
    products = [Product(sp.S.One, ())]
    for factor in expr.args:
        products = _all(products, r.read(factor, i, j))
    return products


def _power(r: _Reader, expr: Any, i: Any, j: Any) -> list[Product]:
    if expr.exp.is_Integer and 0 < expr.exp <= 8:
        return _hadamard(r, sp.Tuple(*[expr.base] * int(expr.exp)), i, j)
    return _map(r, T**expr.exp, expr.base, i, j)


def _identity(r: _Reader, expr: Any, i: Any, j: Any) -> list[Product]:
    atoms: tuple[Atom, ...] = () if i is None or j is None else ((DELTA, (i, j)),)
    return [Product(sp.S.One, atoms)]


def _diagonal(r: _Reader, expr: Any, i: Any, j: Any) -> list[Product]:
    return _all(_identity(r, expr, i, j), r.read(expr.args[0], i, None))


def _blocks(r: _Reader, expr: Any, i: Any, j: Any) -> list[Product]:
    products = []
    for p, height in enumerate(expr.rowblocksizes):
        for q, width in enumerate(expr.colblocksizes):
            top, above = _inclusion(r, expr.rowblocksizes, p, height, i)
            left, beside = _inclusion(r, expr.colblocksizes, q, width, j)
            inside = r.read(expr.blocks[p, q], top, left)
            products += _all(_all([above], [beside]), inside)
    return products


def _inclusion(r: _Reader, sizes: Any, place: int, size: Any, index: Any) -> tuple[Any, Product]:
    """The index in a block, and the entry of its inclusion into the whole."""
    if len(sizes) == 1:
        return index, Product(sp.S.One, ())
    own, summed = r.fresh(size)
    atom: Atom = (("block", place, tuple(sizes)), _at(index, own))
    return own, Product(sp.S.One, (atom,), summed)


def _application(r: _Reader, expr: Apply, i: Any, j: Any) -> list[Product]:
    layer = expr.layer
    if layer.is_elementwise:
        f = canonical(layer.scalar(T))
        return _map(r, f, expr.argument, i, j)
    size, cols = map(sp.sympify, expr.argument.shape)
    form = r._entries(expr.argument, _free("row", size), _free("column", cols))
    key = ("layer", layer, tuple(sorted(form.items(), key=repr)))
    return [Product(sp.S.One, ((key, _at(i, j)),))]


def _map(r: _Reader, f: sp.Expr, argument: Any, i: Any, j: Any) -> list[Product]:
    if T not in f.free_symbols:
        return [Product(f, ())]
    if (f / T).is_number:
        return [p.times(Product(f / T, ())) for p in r.read(argument, i, j)]
    form, turned, inner = r.key(argument)
    at = _at(j, i) if turned else _at(i, j)
    f = canonical(f.xreplace({T: inner})) if inner != T else f
    return [Product(sp.S.One, ((("map", f, form), at),))]


def _entries(r: _Reader, expr: Any, i: Any, j: Any) -> list[Product]:
    return [Product(sp.S.One, ((("matrix", expr), _at(i, j)),))]


_READERS: list[tuple[Any, Callable[..., list[Product]]]] = [
    (sp.MatAdd, _sum),
    (sp.MatMul, _matmul),
    (sp.MatPow, _matpow),
    (sp.Transpose, lambda r, expr, i, j: r.read(expr.arg, j, i)),
    (sp.HadamardProduct, _hadamard),
    (sp.HadamardPower, _power),
    (sp.Identity, _identity),
    (sp.ZeroMatrix, lambda r, expr, i, j: []),
    (sp.OneMatrix, lambda r, expr, i, j: [Product(sp.S.One, ())]),
    (sp.DiagMatrix, _diagonal),
    (sp.BlockMatrix, _blocks),
    (Apply, _application),
    (sp.MatrixSymbol, _entries),
    (RationalMatrix, _entries),
    (MatrixBase, _entries),
    (sp.Inverse, _entries),
]


# --- functions of one variable


def _value(atom: Atom) -> tuple[Any, sp.Expr, tuple[Index, ...]] | None:
    """(argument, f, place) of a value of an entrywise function; a matrix is its own first power."""
    key, at = atom
    if key[0] == "map":
        return key[2], key[1], at
    if key[0] in ("matrix", "layer"):
        form, place = _alone(key, at)
        return form, T, place
    return None


def _lost_poles(functions: list[sp.Expr]) -> set[sp.Expr]:
    """The denominators that cancel in the product: x / x has no value at 0."""
    before = set().union(*map(_denominators, functions))
    return {d for d in before - _denominators(sp.Mul(*functions)) if not _never_zero(d)}


def _denominators(f: sp.Expr) -> set[sp.Expr]:
    return {p.base for p in f.atoms(sp.Pow) if p.exp.is_negative}


def _never_zero(f: sp.Expr) -> bool:
    """Whether SymPy's assumptions show that a function has no zero."""
    if f.is_nonzero:
        return True
    numerator, _ = sp.fraction(sp.together(f.doit().rewrite(sp.exp)))
    return bool(sp.expand(numerator).is_nonzero)


def _is_positive(base: Any) -> bool:
    """Whether all entries of an argument are values of softmax."""
    ((atoms, _), *others) = base
    alone = not others and len(atoms) == 1 and atoms[0][0][0] == "layer"
    return alone and isinstance(atoms[0][0][1], Softmax)


def _merged(product: Product) -> Product:
    """Values of functions of one argument at one place as the value of one function."""
    if not any(key[0] == "map" for key, _ in product.atoms):
        return product
    values = [_value(atom) for atom in product.atoms]
    for key, at in product.atoms:
        if key[0] != "map":
            continue
        alike = [k for k, v in enumerate(values) if v is not None and v[0] == key[2] and v[2] == at]
        if len(alike) > 1:
            functions = [values[k][1] for k in alike]  # type: ignore[index]
            lost = _lost_poles(functions)
            if lost and not (lost == {T} and _is_positive(key[2])):
                continue
            f = canonical(sp.Mul(*functions))
            if f == 0:
                return Product(sp.S.Zero, ())
            rest = tuple(a for k, a in enumerate(product.atoms) if k not in alike)
            atoms = rest if f == 1 else (*rest, (("map", f, key[2]), at))
            return _merged(Product(product.coefficient, atoms, product.sizes))
    return product


def _settled(form: Form) -> str | None:
    """The rest of a form, where what stands at one value is one function that vanishes."""
    rest = dict(form)
    for key in form:
        for place, (atom, _) in enumerate(key):
            if key in rest and atom[0] == "map":
                rest = _without(rest, _with_hole(key, place), atom[2])
    return None if rest else "normal form in indices, functions of one variable"


def _with_hole(key: tuple[Any, ...], place: int) -> tuple[Any, ...]:
    """The monomial with a hole in the place of a value of a function."""
    value = _value(key[place])
    assert value is not None
    atoms = list(key)
    atoms[place] = (("hole", value[0]), value[2])
    return canonical_atoms(Product(sp.S.One, tuple(atoms)))


def _without(form: Form, hole: tuple[Any, ...], base: Any) -> Form:
    """The form without all F(base) at the hole, if the function F that is there vanishes."""
    total, rest = sp.S.Zero, {}
    for key, coefficient in form.items():
        values = [(k, _value(atom)) for k, atom in enumerate(key)]
        places = [k for k, v in values if v is not None and v[0] == base]
        fits = next((k for k in places if _with_hole(key, k) == hole), None)
        if fits is None:
            rest[key] = coefficient
        else:
            value = _value(key[fits])
            assert value is not None
            total += coefficient * value[1]
    if total != 0 and vanishes(total) is not None:
        return rest
    # a constant at the hole is what stands there without it
    filled = tuple(atom for atom in hole if atom[0][0] != "hole")
    (place,) = (at for key, at in hole if key[0] == "hole")
    others = {i for _, at in filled for i in at}
    bare = canonical_atoms(Product(sp.S.One, filled))
    if bare in rest and all(i in others for i in place if isinstance(i, int)):
        constant = rest.pop(bare)
        if total != 0 and vanishes(total + constant) is not None:
            return rest
    return form
