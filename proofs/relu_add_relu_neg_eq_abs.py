r"""$\mathrm{relu}(x) + \mathrm{relu}(-x) = |x|$.

Why: two ReLUs make the absolute value, the simplest function that no linear layer computes.

Source: definition.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.relu(x) + sn.relu(-x), sp.Abs(x))
