r"""Two ReLUs compute XOR: $\mathrm{relu}(x + y) - 2\,\mathrm{relu}(x + y - 1)$.

Why: the first neuron counts the ones, the second takes back what is too much when both are on.
One hidden layer does what no linear network can.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.1.
"""

import sympy as sp

import symnet as sn

net = sn.Sequential(sn.Linear([[1, 1], [1, 1]], [0, -1]), sn.ReLU(), sn.Linear([[1, -2]]))
corners = [(0, 0), (0, 1), (1, 0), (1, 1)]

claim = sn.Claim(sp.Matrix([net(corner)[0] for corner in corners]), sp.Matrix([0, 1, 1, 0]))
