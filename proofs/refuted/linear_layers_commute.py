"""Two linear layers can be exchanged.

Why: the order of the factors of a matrix product matters, even where both orders have a size.

Source: a confusion of numbers with matrices.
"""

import sympy as sp

import symnet as sn

n = sp.Symbol("n", integer=True, positive=True)

W_1, W_2 = sp.MatrixSymbol("W_1", n, n), sp.MatrixSymbol("W_2", n, n)

claim = sn.Claim(W_2 * W_1, W_1 * W_2)
