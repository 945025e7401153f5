"""A network with a sigmoid between two linear layers is affine.

Why: this is what a non-linearity between the layers changes: no $W x + B$ equals it.

Source: the converse of the collapse of linear layers.
"""

import symnet as sn

net = sn.Sequential(sn.Linear([[1]]), sn.Sigmoid(), sn.Linear([[1]]))

claim = sn.affine(net)
