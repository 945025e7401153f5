"""A linear layer with two linear branches beside each other, whose outputs are added, is one
linear layer with the weights $V_1 W_1 + V_2 W_2$.

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
W_1, b_1, V_1, c_1, W_2, b_2, V_2, c_2 = net.parameters.values()

claim = sn.Claim(net, sn.Linear(V_1 * W_1 + V_2 * W_2, V_1 * b_1 + c_1 + V_2 * b_2 + c_2))
