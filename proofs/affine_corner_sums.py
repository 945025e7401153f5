"""For an affine function the sums over opposite corners of the square are equal.

Why: $f(0,0) + f(1,1) = f(0,1) + f(1,0)$. XOR would need $0 + 0 = 1 + 1$, so no network without a
non-linearity computes it.

Source: Minsky and Papert, Perceptrons (1969).
"""

import sympy as sp

import symnet as sn

w_1, w_2, b = sp.symbols("w_1 w_2 b", real=True)


def f(x: int, y: int) -> sp.Expr:
    return w_1 * x + w_2 * y + b


claim = sn.Claim(f(0, 0) + f(1, 1), f(0, 1) + f(1, 0))
