"""The Jacobian of a ReLU network is the product of its weights with masks between them.

Why: it is $W_3 D_2 W_2 D_1 W_1$ with $D_l = \\operatorname{diag}(\\operatorname{ReLU}'(z_l))$,
diagonal matrices of zeros and ones. A mask is 1 where a neuron is on; so the product is that of
the weights between neurons that are on, and it is the same on a whole activation region.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.5; the chain rule.
"""

import sympy as sp

import symnet as sn

n_0, n_1, n_2, n_3 = sp.symbols("n_0:4", integer=True, positive=True)

net = sn.Sequential(
    sn.Linear(n_0, n_1), sn.ReLU(), sn.Linear(n_1, n_2), sn.ReLU(), sn.Linear(n_2, n_3)
)
W_1, b_1, W_2, b_2, W_3, b_3 = net.parameters.values()
x, v = net.input, sp.MatrixSymbol("v", n_0, 1)

z_1 = W_1 * x + b_1
z_2 = W_2 * sn.relu(z_1) + b_2
D_1, D_2 = (sp.DiagMatrix(sn.Step()(z)) for z in (z_1, z_2))

# the derivative in any direction v
claim = sn.Claim(sn.jvp(net, "x", v), W_3 * D_2 * W_2 * D_1 * W_1 * v)

derivation = sn.derive(net, gradient="x")
