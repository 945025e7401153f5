r"""$\tanh'(x) \le 1$.

Why: tanh lets more of the gradient through than the sigmoid, all of it at 0, and less and less
the farther its input is from there.

Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural
networks (2010), section 3.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(1 - sn.tanh(x) ** 2, 1, "<=")
