"""The Jacobian of a network of linear layers is the product of its weights, at every input.

Why: nothing in $W_3 W_2 W_1$ depends on the input or on a bias. A small change of the input has
the same effect wherever the input is.

Source: Saxe, McClelland and Ganguli, Exact solutions to the nonlinear dynamics of learning in
deep linear neural networks (2014), arXiv:1312.6120.
"""

import sympy as sp

import symnet as sn

n_0, n_1, n_2, n_3 = sp.symbols("n_0:4", integer=True, positive=True)

net = sn.Sequential(sn.Linear(n_0, n_1), sn.Linear(n_1, n_2), sn.Linear(n_2, n_3))
W_1, b_1, W_2, b_2, W_3, b_3 = net.parameters.values()

claim = sn.Claim(sn.jacobian(net), W_3 * W_2 * W_1)

derivation = sn.derive(net, gradient="x")
