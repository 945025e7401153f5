"""A ReLU network is piecewise linear, so its gradient does not depend on the input.

Why: the gradient is constant on each linear region, and the regions have different ones. Which
region an input lies in decides which masks are in $W_2 D_1 W_1$.

Source: a shortcut that comes up where linear regions are explained.
"""

import sympy as sp

import symnet as sn

n_0, n_1, n_2 = sp.symbols("n_0:3", integer=True, positive=True)

net = sn.Sequential(sn.Linear(n_0, n_1), sn.ReLU(), sn.Linear(n_1, n_2))
x = net.input
other = sp.MatrixSymbol("x_other", n_0, 1)

claim = sn.Claim(sn.jacobian(net), sn.jacobian(net).subs(x, other))
