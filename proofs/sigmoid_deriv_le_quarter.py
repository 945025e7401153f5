r"""$\sigma'(x) \le 1/4$.

Why: the slope is greatest at 0, where it is $1/4$. So a sigmoid takes at least three quarters of
the gradient that passes through it; a ReLU that is on takes nothing.

Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural
networks (2010).
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.sigmoid(x) * (1 - sn.sigmoid(x)), sp.Rational(1, 4), "<=")
