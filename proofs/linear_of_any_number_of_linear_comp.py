r"""Any number of linear layers are one linear layer: $W = W_L \cdots W_1$ and $B =
\sum_{l=1}^{L} W_L \cdots W_{l+1} b_l$.

Why: the proof is by induction on the depth $L$. One more layer multiplies everything from the
left by one more matrix and adds one more bias. So every bias passes through the layers after it,
and nothing else can happen however deep the network is.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.1; for the learning of
such networks Saxe, McClelland and Ganguli, Exact solutions to the nonlinear dynamics of learning
in deep linear neural networks (2014), arXiv:1312.6120.
"""

import sympy as sp

import symnet as sn

L = sp.Symbol("L", integer=True, nonnegative=True)
l, k = sp.symbols("l k", integer=True, positive=True)  # noqa: E741
n = sp.Function("n", integer=True, positive=True)

W = sn.MatrixFamily("W", n(k), n(k - 1), k)
b = sn.MatrixFamily("b", n(k), 1, k)
a = sn.MatrixFamily("a", n(k), 1, k)
x = sp.MatrixSymbol("x", n(0), 1)

weights = sn.MatrixProduct(W[k], (k, 1, L))
bias = sn.MatrixSum(sn.MatrixProduct(W[k], (k, l + 1, L)) * b[l], (l, 1, L))

claim = sn.Induction(
    a[L], weights * x + bias, index=L, term=a[L], first=x, step=W[L + 1] * a[L] + b[L + 1]
)
