r"""Reordering the hidden neurons does not change the network: $W_2 P^T \sigma(P (W_1 x + b_1)) =
W_2 \sigma(W_1 x + b_1)$ for every permutation $P$.

Why: an activation that acts entry by entry does not care about the order of the entries, and
$P^T P = I$. So every network with $n$ hidden neurons has $n!$ twins, and there is no single best
set of weights.

Conditions: $P$ is a permutation matrix.

Source: Hecht-Nielsen, On the algebraic structure of feedforward network weight spaces (1990).
"""

import sympy as sp

import symnet as sn

n_0, n_1, n_2 = sp.symbols("n_0:3", integer=True, positive=True)
P = sp.MatrixSymbol("P", n_1, n_1)

net = sn.Sequential(sn.Linear(n_0, n_1), sn.Sigmoid(), sn.Linear(n_1, n_2))
W_1, b_1, W_2, b_2 = net.parameters.values()

reordered = sn.Sequential(sn.Linear(P * W_1, P * b_1), sn.Sigmoid(), sn.Linear(W_2 * P.T, b_2))

claim = sn.Claim(reordered, net, where=sn.permutation(P))
