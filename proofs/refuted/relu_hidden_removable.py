"""A ReLU between two linear layers changes nothing.

Why: on the part of the space where the neuron is on that is true, and elsewhere it is not.

Source: the claim that only the output needs a non-linearity.
"""

import symnet as sn

net = sn.Sequential(sn.Linear([[1]]), sn.ReLU(), sn.Linear([[1]]))

claim = sn.Claim(net, sn.Linear([[1]]))
