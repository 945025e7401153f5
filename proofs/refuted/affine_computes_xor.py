"""An affine function that agrees with XOR at three corners agrees with it at the fourth.

Why: if it did, a linear network would compute XOR. The values 0, 1, 1 at $(0, 0)$, $(0, 1)$,
$(1, 0)$ leave one affine function, $x + y$, and its value at $(1, 1)$ is 2.

Source: Minsky and Papert, Perceptrons (1969), show that none does.
"""

import sympy as sp

import symnet as sn

w_1, w_2, b = sp.symbols("w_1 w_2 b", real=True)


def f(x: int, y: int) -> sp.Expr:
    return w_1 * x + w_2 * y + b


three = sp.And(sp.Eq(f(0, 0), 0), sp.Eq(f(0, 1), 1), sp.Eq(f(1, 0), 1))

claim = sn.Claim(f(1, 1), 0, where=three)
