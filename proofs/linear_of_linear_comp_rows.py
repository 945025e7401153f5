"""With examples as the rows of a minibatch $X$, two linear layers are one linear layer as well.

Why: many texts and all frameworks write a batch as rows, $X W + 1 b$ with a column of ones $1$.
Only the order of the factors changes, not the conclusion.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.1, transposed.
"""

import sympy as sp

import symnet as sn

k, n_0, n_1, n_2 = sp.symbols("k n_0 n_1 n_2", integer=True, positive=True)

X = sp.MatrixSymbol("X", k, n_0)
W_1, b_1 = sp.MatrixSymbol("W_1", n_0, n_1), sp.MatrixSymbol("b_1", 1, n_1)
W_2, b_2 = sp.MatrixSymbol("W_2", n_1, n_2), sp.MatrixSymbol("b_2", 1, n_2)
ones = sp.OneMatrix(k, 1)

claim = sn.Claim(
    (X * W_1 + ones * b_1) * W_2 + ones * b_2, X * (W_1 * W_2) + ones * (b_1 * W_2 + b_2)
)
