"""The sum of two linear layers with the same input is one linear layer, with the weights added.

Why: the formula $y = w_1 x + b_1 + w_2 x + b_2 = (w_1 + w_2) x + (b_1 + b_2)$ is often shown for
layers one after the other. It is true of layers side by side, whose outputs are added.

Source: the distributive law.
"""

import sympy as sp

import symnet as sn

n, m = sp.symbols("n m", integer=True, positive=True)

net = sn.Sum(sn.Linear(n, m), sn.Linear(n, m))
W_1, b_1, W_2, b_2 = net.parameters.values()

claim = sn.Claim(net, sn.Linear(W_1 + W_2, b_1 + b_2))
