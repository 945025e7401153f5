r"""$\mathrm{ReLU}(x y) = \mathrm{ReLU}(x)\,\mathrm{ReLU}(y)$.

Why: two negative numbers have a positive product.

Source: a claim about gates.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

claim = sn.Claim(sn.relu(x * y), sn.relu(x) * sn.relu(y))
