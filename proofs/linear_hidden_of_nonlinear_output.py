r"""With a non-linearity at the output only, the hidden layers are one linear layer, and the
network is $\sigma(W x + B)$.

Why: a network that is to profit from depth needs its non-linearities between the layers. With
one at the output only, three layers compute what a single layer before the same output computes:
$W = W_3 W_2 W_1$.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.1.
"""

import sympy as sp

import symnet as sn

n_0, n_1, n_2, n_3 = sp.symbols("n_0:4", integer=True, positive=True)

net = sn.Sequential(sn.Linear(n_0, n_1), sn.Linear(n_1, n_2), sn.Linear(n_2, n_3), sn.Sigmoid())
W_1, b_1, W_2, b_2, W_3, b_3 = net.parameters.values()

claim = sn.Claim(
    net,
    sn.Sequential(sn.Linear(W_3 * W_2 * W_1, W_3 * W_2 * b_1 + W_3 * b_2 + b_3), sn.Sigmoid()),
)

derivation = sn.derive(net)
