"""ReLU is affine since it is made of straight pieces.

Why: piecewise linear is not linear: the corner is where a straight line fails.

Source: a claim that comes up in discussions of ReLU.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.affine(sn.relu(x))
