r"""A network with a sigmoid between two linear layers is affine; in the simplest of them,
$\sigma(x)$, all weights are 1.

Why: this is what a non-linearity between the layers changes: no $W x + B$ equals it.

Source: the converse of the collapse of linear layers.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.affine(sn.sigmoid(x))
