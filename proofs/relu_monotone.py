"""ReLU is non-decreasing.

Why: a larger input never gives a smaller activation.

Source: definition.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.monotone(sn.relu(x))
