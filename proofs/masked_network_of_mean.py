r"""While its masks do not change, a ReLU network takes means to means: $f(x) = W_2 D (W_1 x +
b_1) + b_2$ at $t p + (1 - t) q$ is $t f(p) + (1 - t) f(q)$.

Why: on an activation region the network is this $f$, for any number of inputs, so what a neuron of
the next layer gets between two points lies between what it gets at them. For the first layer leave
out $W_2$, $D$ and $b_2$; further layers are further factors.

Source: definition.
"""

import sympy as sp

import symnet as sn

n_0, n_1, n_2 = sp.symbols("n_0:3", integer=True, positive=True)
t = sp.Symbol("t", real=True)

W_1, b_1 = sp.MatrixSymbol("W_1", n_1, n_0), sp.MatrixSymbol("b_1", n_1, 1)
W_2, b_2 = sp.MatrixSymbol("W_2", n_2, n_1), sp.MatrixSymbol("b_2", n_2, 1)
D = sp.MatrixSymbol("D", n_1, n_1)
p, q = sp.MatrixSymbol("p", n_0, 1), sp.MatrixSymbol("q", n_0, 1)


def f(x: sp.MatrixExpr) -> sp.MatrixExpr:
    return W_2 * D * (W_1 * x + b_1) + b_2


claim = sn.Claim(f(t * p + (1 - t) * q), t * f(p) + (1 - t) * f(q))
