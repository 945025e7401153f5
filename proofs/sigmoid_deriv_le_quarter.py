r"""$\sigma'(x) \le 1/4$.

Why: every sigmoid layer takes at least three quarters of the gradient away, so through $L$ of
them at most $4^{-L}$ is left; a ReLU that is on takes nothing.

Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural
networks (2010).
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.sigmoid(x) * (1 - sn.sigmoid(x)), sp.Rational(1, 4), "<=")
