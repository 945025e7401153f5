"""Affine functions."""

from __future__ import annotations

import sympy as sp

from .._claim import Claim
from ._base import Property
from ._convex import chords


class affine(Property):
    """f(x) = w x + b for some w and b: f(x) = f(0) + x_1 (f(e_1) - f(0)) + ….

    Under a condition or on a domain: f(t x + (1 - t) y) = t f(x) + (1 - t) f(y).

    Examples
    --------
    >>> import symnet as sn
    >>> sn.prove(sn.affine(sn.ReLU())).verdict
    'refuted'

    Source: definition.
    """

    statement = "f(x) = w x + b"

    def claims(self) -> tuple[Claim, ...]:
        f = self.subject
        if f.is_column or self.where is not True or self.domain is not None:
            return (chords(self, "="),)
        n = len(f.variables)
        zero = f.at(*[sp.S.Zero] * n)
        units = ([sp.Integer(i == k) for i in range(n)] for k in range(n))
        total = zero
        for x, unit in zip(f.variables, units, strict=True):
            total = total + x * (f.at(*unit) - zero)
        return (Claim(f.value, total),)
