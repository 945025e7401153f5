r"""$\mathrm{ReLU}(-x) = -\mathrm{ReLU}(x)$.

Why: only positive factors pass through ReLU.

Source: the claim that ReLU is homogeneous.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.relu(-x), -sn.relu(x))
