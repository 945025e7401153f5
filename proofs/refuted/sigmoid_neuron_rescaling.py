r"""Hidden neurons can be rescaled whatever their activation is: $\sigma(2 x) / 2 = \sigma(x)$.

Why: it takes an activation through which positive factors pass, as they do through ReLU and
leaky ReLU. The sigmoid has a scale of its own.

Source: the rescaling symmetry without its condition.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.sigmoid(2 * x) / 2, sn.sigmoid(x))
