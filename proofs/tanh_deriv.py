r"""$\tanh'(x) = 1 - \tanh(x)^2$.

Why: the derivative comes for free with the value.

Source: the quotient rule.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sp.diff(sn.tanh(x).doit(), x), 1 - sn.tanh(x) ** 2)
