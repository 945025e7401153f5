r"""$\mathrm{ReLU}(x)\,\mathrm{ReLU}(-x) = 0$.

Why: the positive and the negative part of a number are never both active.

Source: definition.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.relu(x) * sn.relu(-x), 0)
