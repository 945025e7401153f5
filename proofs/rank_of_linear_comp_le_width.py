r"""A composition of linear layers has at most the rank of its narrowest layer.

Why: a matrix has a rank of at most $r$ exactly if it is a product $U V$ through $r$ numbers. If
one of the layers is, then so is the whole: $W_3 (U V) W_1 = (W_3 U) (V W_1)$. A hidden layer of
$r$ neurons is such a factor by itself. So linear layers in a row can take possibilities away,
and give none.

Source: Horn and Johnson, Matrix Analysis (2012), section 0.4.5.
"""

import sympy as sp

import symnet as sn

n_0, n_1, n_2, n_3, r = sp.symbols("n_0:4 r", integer=True, positive=True)

W_1, W_3 = sp.MatrixSymbol("W_1", n_1, n_0), sp.MatrixSymbol("W_3", n_3, n_2)
U, V = sp.MatrixSymbol("U", n_2, r), sp.MatrixSymbol("V", r, n_1)

left, right = W_3 * U, V * W_1

claim = sn.Claim(W_3 * (U * V) * W_1, left * right)
