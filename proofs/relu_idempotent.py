r"""$\mathrm{ReLU}(\mathrm{ReLU}(x)) = \mathrm{ReLU}(x)$.

Why: what is clipped once is not changed by clipping it again, so two ReLU layers need a linear
layer between them.

Source: definition.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.relu(sn.relu(x)), sn.relu(x))
