r"""The weights of linear layers in a row have at most the rank of any one of them, and so at most
the width of the narrowest.

Why: a matrix has a rank of at most $r$ exactly if it is a product $U V$ through $r$ numbers. If
one of the layers is, then so is the whole: $W_3 (U V) W_1 = (W_3 U) (V W_1)$. A hidden layer of
$r$ neurons is such a factor by itself. So a further linear layer can take something away, and
adds nothing.

Source: Horn and Johnson, Matrix Analysis (2012), section 0.4.5.
"""

import sympy as sp

import symnet as sn

n_0, n_1, n_2, n_3, r = sp.symbols("n_0:4 r", integer=True, positive=True)

W_1, W_3 = sp.MatrixSymbol("W_1", n_1, n_0), sp.MatrixSymbol("W_3", n_3, n_2)
U, V = sp.MatrixSymbol("U", n_2, r), sp.MatrixSymbol("V", r, n_1)

left, right = W_3 * U, V * W_1

claim = sn.Claim(W_3 * (U * V) * W_1, left * right)
