"""If negative values pass through unchanged, the activation is the identity and the network is
one linear layer.

Why: this is why ReLU clips: an activation that lets both signs through unchanged is none.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.1.
"""

import sympy as sp

import symnet as sn

n_0, n_1, n_2 = sp.symbols("n_0:3", integer=True, positive=True)

net = sn.Sequential(sn.Linear(n_0, n_1), sn.Identity(), sn.Linear(n_1, n_2))
W_1, b_1, W_2, b_2 = net.parameters.values()

claim = sn.Claim(net, sn.Linear(W_2 * W_1, W_2 * b_1 + b_2))

derivation = sn.derive(net)
