r"""Two ReLUs compute XOR: $\mathrm{ReLU}(x + y) - 2\,\mathrm{ReLU}(x + y - 1)$.

Why: the first neuron counts the ones, the second takes back what is too much when both are on.
One hidden layer does what no linear network can.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.1.
"""

import sympy as sp

import symnet as sn

net = sn.Sequential(sn.Linear([[1, 1], [1, 1]], [0, -1]), sn.ReLU(), sn.Linear([[1, -2]]))
corners = [(0, 0), (0, 1), (1, 0), (1, 1)]

claim = sn.Claim(sp.Matrix([net(corner)[0] for corner in corners]), sp.Matrix([0, 1, 1, 0]))

square = sn.Box([-sp.Rational(1, 2), sp.Rational(3, 2)], [-sp.Rational(1, 2), sp.Rational(3, 2)])
figure = sn.piecewise(net, domain=square).plot(labels="map")
caption = (
    "The network around the unit square. It is 0 below the first line, rises to 1 at the second "
    "one and falls again; the corners (0, 1) and (1, 0) lie on the crest."
)
