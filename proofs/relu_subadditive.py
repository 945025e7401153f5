r"""$\mathrm{ReLU}(x + y) \le \mathrm{ReLU}(x) + \mathrm{ReLU}(y)$.

Why: additivity fails, but only in one direction.

Source: definition.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

claim = sn.Claim(sn.relu(x + y), sn.relu(x) + sn.relu(y), "<=")
