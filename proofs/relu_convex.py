"""ReLU is convex.

Why: convexity is inherited by sums with non-negative weights: input-convex networks are built on
it.

Source: Amos, Xu and Kolter, Input convex neural networks (2017).
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.convex(sn.relu(x))
