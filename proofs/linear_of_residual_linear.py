"""A residual block around a linear layer is a linear layer with the weights $W + I$.

Why: a shortcut connection makes training easier, but it is linear: without an activation inside
the block nothing new can be computed.

Source: He, Zhang, Ren and Sun, Deep residual learning for image recognition (2016),
doi:10.1109/CVPR.2016.90.
"""

import sympy as sp

import symnet as sn

n = sp.Symbol("n", integer=True, positive=True)

net = sn.Sequential(sn.Residual(sn.Linear(n, n)))
W, b = net.parameters.values()

claim = sn.Claim(net, sn.Linear(W + sp.Identity(n), b))
