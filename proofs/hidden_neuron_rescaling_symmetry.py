r"""Hidden ReLU neurons can be scaled by positive numbers $d$ if the weights after them are
divided by these: $W_2 D^{-1}\,\mathrm{ReLU}(D (W_1 x + b_1)) = W_2\,\mathrm{ReLU}(W_1 x + b_1)$.

Why: so weights have no meaning of their own, only the products along the paths have. Every
neuron may have a factor of its own; $D$ is the diagonal matrix of them.

Conditions: $d > 0$, entry by entry.

Source: Neyshabur, Salakhutdinov and Srebro, Path-SGD: path-normalized optimization in deep
neural networks (2015), arXiv:1506.02617.
"""

import sympy as sp

import symnet as sn

n_0, n_1, n_2 = sp.symbols("n_0:3", integer=True, positive=True)
d = sp.MatrixSymbol("d", n_1, 1)
D = sp.DiagMatrix(d)

net = sn.Sequential(sn.Linear(n_0, n_1), sn.ReLU(), sn.Linear(n_1, n_2))
W_1, b_1, W_2, b_2 = net.parameters.values()

rescaled = sn.Sequential(sn.Linear(D * W_1, D * b_1), sn.ReLU(), sn.Linear(W_2 * D.inv(), b_2))

claim = sn.Claim(rescaled, net, where=sp.Q.positive(d))
