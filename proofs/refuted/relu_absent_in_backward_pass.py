"""ReLU's derivative is 1, so in the backward pass it is as if there were no ReLU at all.

Why: the derivative is 1 only where the neuron is positive, and 0 elsewhere. Without the masks
$D_1$ and $D_2$ the Jacobian $W_3 D_2 W_2 D_1 W_1$ would be that of a linear network.

Source: a sentence that comes up in explanations of why ReLU networks learn fast.
"""

import sympy as sp

import symnet as sn

n_0, n_1, n_2, n_3 = sp.symbols("n_0:4", integer=True, positive=True)

net = sn.Sequential(
    sn.Linear(n_0, n_1), sn.ReLU(), sn.Linear(n_1, n_2), sn.ReLU(), sn.Linear(n_2, n_3)
)
without = sn.Sequential(*(layer for layer in net if isinstance(layer, sn.Linear)))

claim = sn.Claim(sn.jacobian(net), sn.jacobian(without))
