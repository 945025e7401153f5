r"""$\sigma'(x) \le 1/5$.

Why: the bound $1/4$ is attained at 0.

Source: a bound that is too good.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.sigmoid(x) * (1 - sn.sigmoid(x)), sp.Rational(1, 5), "<=")
