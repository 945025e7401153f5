"""Two branches of two linear layers, side by side with their outputs added, are one linear layer
with the weights $W_2 W_1 + W_4 W_3$.

Why: branches that split and join again are a richer drawing of the same function, as long as
nothing in a branch bends.

Source: the distributive law.
"""

import sympy as sp

import symnet as sn

n, k_1, k_2, m = sp.symbols("n k_1 k_2 m", integer=True, positive=True)

net = sn.Sum(
    sn.Sequential(sn.Linear(n, k_1), sn.Linear(k_1, m)),
    sn.Sequential(sn.Linear(n, k_2), sn.Linear(k_2, m)),
)
W_1, b_1, W_2, b_2, W_3, b_3, W_4, b_4 = net.parameters.values()

claim = sn.Claim(net, sn.Linear(W_2 * W_1 + W_4 * W_3, W_2 * b_1 + b_2 + W_4 * b_3 + b_4))
