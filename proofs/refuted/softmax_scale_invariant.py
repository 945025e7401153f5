r"""Multiplying all inputs by one number does not change softmax.

Why: adding a number does not; a factor is a temperature and makes the distribution sharper or
flatter.

Source: a confusion of the two invariances.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

claim = sn.Claim(sn.softmax(sp.Matrix([2 * x, 2 * y])), sn.softmax(sp.Matrix([x, y])))
