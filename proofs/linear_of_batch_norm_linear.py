r"""Batch normalization after a linear layer is, at inference, a linear layer with the weights $D
W$ and the bias $D (b - \mu) + \beta$, where $D$ is the diagonal matrix of $\gamma / \sqrt{v +
\varepsilon}$.

Why: mean and variance are numbers that training left, so the layer only scales and shifts every
output. It makes training easier and adds no function that a linear layer lacks; tools fold the
two into one before they deploy a network.

Source: Ioffe and Szegedy, Batch normalization: accelerating deep network training by reducing
internal covariate shift (2015), arXiv:1502.03167, section 3.1.
"""

import sympy as sp

import symnet as sn

n_0, n_1 = sp.symbols("n_0 n_1", integer=True, positive=True)
epsilon = sp.Symbol("epsilon", positive=True)

net = sn.Sequential(sn.Linear(n_0, n_1), sn.BatchNorm(n_1, eps=epsilon))
W, b, gamma, beta, mu, v = net.parameters.values()

spread = sp.HadamardPower(v + epsilon * sp.OneMatrix(n_1, 1), -sp.Rational(1, 2))
D = sp.DiagMatrix(sp.HadamardProduct(gamma, spread))

claim = sn.Claim(net(net.input), (D * W) * net.input + (D * (b - mu) + beta))
