r"""$\mathrm{ReLU}(x) = (x + |x|) / 2$.

Why: ReLU is half a linear function and half an absolute value: the second half is what a linear
network lacks.

Source: definition.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.relu(x), (x + sp.Abs(x)) / 2)
