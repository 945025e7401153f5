"""Products of entries with indices that are summed over, in a form that is the same for equal ones.

A monomial is a product of atoms A[i, j]; two indices are free (row and column), the others are
summed over. Renaming the summed ones does not change it, so they get canonical names: colours are
refined until they are stable, and what is still alike is tried in every order (McKay 1981).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import sympy as sp

#: An index: a free one is "row" or "column", a summed one a number.
Index = str | int
#: What has entries, as a key that is the same for equal things, and its indices.
Atom = tuple[Any, tuple[Index, ...]]

#: The entries of the identity.
DELTA = ("delta",)


@dataclass(frozen=True)
class Product:
    """coefficient · atom · atom · …, and the sizes of the indices that are summed over."""

    coefficient: sp.Expr
    atoms: tuple[Atom, ...]
    sizes: tuple[tuple[int, sp.Expr], ...] = ()

    def times(self, other: Product) -> Product:
        """The product; summed indices of the two must differ."""
        return Product(
            self.coefficient * other.coefficient,
            self.atoms + other.atoms,
            self.sizes + other.sizes,
        )


def renamed(product: Product, names: dict[Index, Index]) -> Product:
    """The same with other indices."""
    atoms = tuple((key, tuple(names.get(i, i) for i in at)) for key, at in product.atoms)
    sizes = tuple((names.get(i, i), n) for i, n in product.sizes)
    return Product(product.coefficient, atoms, sizes)  # type: ignore[arg-type]


def reduced(product: Product) -> Product | None:
    """Without deltas at summed indices, and without sums over nothing; None where it is zero."""
    while True:
        summed = dict(product.sizes)
        place = next(
            (
                k for k, (key, at) in enumerate(product.atoms)
                if key == DELTA and (at[0] == at[1] or at[0] in summed or at[1] in summed)
            ),
            None,
        )  # fmt: skip
        if place is None:
            break
        i, j = product.atoms[place][1]
        atoms = product.atoms[:place] + product.atoms[place + 1 :]
        sizes = product.sizes
        if i != j:
            gone, kept = (i, j) if i in summed else (j, i)
            sizes = tuple((k, n) for k, n in sizes if k != gone)
            atoms = renamed(Product(sp.S.One, atoms), {gone: kept}).atoms
        product = Product(product.coefficient, atoms, sizes)
    product = _without_blocks(product)
    if product.coefficient == 0:
        return None
    used = {i for _, at in product.atoms for i in at}
    alone = [n for i, n in product.sizes if i not in used]
    sizes = tuple((i, n) for i, n in product.sizes if i in used)
    return Product(sp.Mul(product.coefficient, *alone), product.atoms, sizes)


def _without_blocks(product: Product) -> Product:
    """J_k[i, a] J_l[i, b], summed over i, is delta[a, b] for k = l, else 0."""
    counts = Counter(i for _, at in product.atoms for i in at)
    summed = dict(product.sizes)
    blocks = [(k, key, at) for k, (key, at) in enumerate(product.atoms) if key[0] == "block"]
    for k, key, at in blocks:
        for l, other, there in blocks:  # noqa: E741
            whole = at[0]
            if k < l and whole == there[0] and whole in summed and counts[whole] == 2:
                if key != other:
                    return Product(sp.S.Zero, ())
                atoms = tuple(a for m, a in enumerate(product.atoms) if m not in (k, l))
                sizes = tuple((i, n) for i, n in product.sizes if i != whole)
                joined = (*atoms, (DELTA, (at[1], there[1])))
                return reduced(Product(product.coefficient, joined, sizes)) or Product(
                    sp.S.Zero, ()
                )
    return product


def summed_up(product: Product, key: Any, axis: int) -> Product:
    """The product with 1 for every sum of the entries of a matrix over an axis."""
    counts = Counter(i for _, at in product.atoms for i in at)
    summed = dict(product.sizes)
    for place, (own, at) in enumerate(product.atoms):
        index = at[min(axis, len(at) - 1)] if at else None
        if own == key and index in summed and counts[index] == 1:
            atoms = product.atoms[:place] + product.atoms[place + 1 :]
            sizes = tuple((i, n) for i, n in product.sizes if i != index)
            return summed_up(Product(product.coefficient, atoms, sizes), key, axis)
    return product


def canonical_atoms(product: Product) -> tuple[Any, ...]:
    """The atoms with canonical names for the summed indices, as a key."""
    summed = sorted({i for _, at in product.atoms for i in at if isinstance(i, int)})
    return _least(product.atoms, summed, {})


def _least(atoms: tuple[Atom, ...], summed: list[int], marks: dict[int, int]) -> tuple[Any, ...]:
    colours = _refined(atoms, summed, marks)
    classes: dict[int, list[int]] = {}
    for i in summed:
        classes.setdefault(colours[i], []).append(i)
    tie = next((members for _, members in sorted(classes.items()) if len(members) > 1), None)
    if tie is None:
        names = {i: place for place, i in enumerate(sorted(summed, key=lambda i: colours[i]))}
        return _written(atoms, names)
    return min((_least(atoms, summed, {**marks, i: len(marks) + 1}) for i in tie), key=repr)


def _refined(atoms: tuple[Atom, ...], summed: list[int], marks: dict[int, int]) -> dict[int, int]:
    """Numbers for the summed indices, equal only where nothing tells them apart so far."""
    colours: dict[Any, Any] = {i: marks.get(i, 0) for i in summed}
    while True:
        signatures = {}
        for i in summed:
            seen = [
                (repr(key), place, tuple(str(colours.get(k, k)) for k in at))
                for key, at in atoms
                for place, index in enumerate(at)
                if index == i
            ]
            signatures[i] = (colours[i], tuple(sorted(seen)))
        order = {s: k for k, s in enumerate(sorted(set(signatures.values()), key=repr))}
        fresh = {i: order[signatures[i]] for i in summed}
        if len(set(fresh.values())) == len({colours[i] for i in summed}):
            return fresh
        colours = fresh


def _written(atoms: tuple[Atom, ...], names: dict[int, int]) -> tuple[Any, ...]:
    def turned(key: Any, at: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(sorted(at, key=str)) if key == DELTA else at

    shown: dict[Index, Index] = dict(names.items())
    named = ((key, turned(key, tuple(shown.get(i, i) for i in at))) for key, at in atoms)
    return tuple(sorted(named, key=repr))
