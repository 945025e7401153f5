"""Three linear layers are one: $W = W_3 W_2 W_1$ and $B = W_3 W_2 b_1 + W_3 b_2 + b_3$.

Why: the formula shows what every layer contributes: the weights are multiplied in order, and each
bias passes through the layers that follow it.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.1.
"""

import sympy as sp

import symnet as sn

n_0, n_1, n_2, n_3 = sp.symbols("n_0:4", integer=True, positive=True)

net = sn.Sequential(sn.Linear(n_0, n_1), sn.Linear(n_1, n_2), sn.Linear(n_2, n_3))
W_1, b_1, W_2, b_2, W_3, b_3 = net.parameters.values()

claim = sn.Claim(net, sn.Linear(W_3 * W_2 * W_1, W_3 * W_2 * b_1 + W_3 * b_2 + b_3))

derivation = sn.derive(net)
