r"""The Jacobian of $L$ linear layers is $W_L \cdots W_1$, whatever the input is.

Why: by the chain rule one more layer multiplies the Jacobian by its weights, and these do not
depend on the input. However deep a linear network is, a small change of the input has the same
effect everywhere.

Source: Saxe, McClelland and Ganguli, Exact solutions to the nonlinear dynamics of learning in
deep linear neural networks (2014), arXiv:1312.6120.
"""

import sympy as sp

import symnet as sn

L = sp.Symbol("L", integer=True, nonnegative=True)
k = sp.Symbol("k", integer=True, positive=True)
n = sp.Function("n", integer=True, positive=True)

W = sn.MatrixFamily("W", n(k), n(k - 1), k)
J = sn.MatrixFamily("J", n(k), n(0), k)

claim = sn.Induction(
    J[L],
    sn.MatrixProduct(W[k], (k, 1, L)),
    index=L,
    term=J[L],
    first=sp.Identity(n(0)),
    step=W[L + 1] * J[L],
)
