"""Four ReLUs in general position split the plane into $1 + 4 + 6 = 11$ regions.

Why: each neuron is a line, and on each side of all lines the network is one affine function. A
linear network has one piece.

Source: Zaslavsky, Facing up to arrangements (1975), doi:10.1090/memo/0154.
"""

import sympy as sp

import symnet as sn

net = sn.Sequential(
    sn.Linear([[1, 0], [0, 1], [1, 1], [1, -2]], [0, 1, -1, 1]),
    sn.ReLU(),
    sn.Linear([[1, 1, 1, 1]]),
)

regions = sp.Integer(len(sn.piecewise(net)))

claim = sn.Claim(regions, sp.Add(*(sp.binomial(4, k) for k in (0, 1, 2))))
