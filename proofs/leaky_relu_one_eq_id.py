"""Leaky ReLU with slope 1 is the identity.

Why: letting negative values through with the same slope removes the corner, and the corner is the
non-linearity.

Source: definition.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.leaky_relu(x, 1), x)
