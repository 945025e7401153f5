"""The gradient of a loss by the last weight is the error times the transposed activation before
it.

Why: for $L = \\frac{1}{2} \\lVert W_2 a_1 + b_2 - y \\rVert^2$ it is $(z_2 - y) a_1^\\top$. So
the columns of neurons that are off are zero, whatever the error is.

Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors
(1986), doi:10.1038/323533a0.
"""

import sympy as sp

import symnet as sn

n_0, n_1, n_2 = sp.symbols("n_0:3", integer=True, positive=True)

net = sn.Sequential(sn.Linear(n_0, n_1), sn.ReLU(), sn.Linear(n_1, n_2))
W_1, b_1, W_2, b_2 = net.parameters.values()
x, y = net.input, sp.MatrixSymbol("y", n_2, 1)

a_1 = sn.relu(W_1 * x + b_1)
error = W_2 * a_1 + b_2 - y

claim = sn.Claim(sn.gradient(net, "W_2", loss=sn.SquaredErrorLoss(), target=y), error * a_1.T)

derivation = sn.derive(net, gradient="W_2", loss=sn.SquaredErrorLoss(), target=y)
