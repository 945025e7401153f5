"""$(W_2 W_1)^T = W_1^T W_2^T$.

Why: errors flow back through the transposed weights in the opposite order.

Source: Strang, Introduction to Linear Algebra (2016), section 2.7.
"""

import sympy as sp

import symnet as sn

n_0, n_1, n_2 = sp.symbols("n_0:3", integer=True, positive=True)

W_1, W_2 = sp.MatrixSymbol("W_1", n_1, n_0), sp.MatrixSymbol("W_2", n_2, n_1)

claim = sn.Claim((W_2 * W_1).T, W_1.T * W_2.T)
