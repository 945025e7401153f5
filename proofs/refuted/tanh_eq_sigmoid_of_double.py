r"""$\tanh(x) = \sigma(2 x)$.

Why: the two have one shape, but the values of the sigmoid lie between 0 and 1.

Source: a slip that is easy to make.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.tanh(x), sn.sigmoid(2 * x))
