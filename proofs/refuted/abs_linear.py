"""$|x + y| = |x| + |y|$.

Why: the absolute value is piecewise linear and not linear.

Source: the triangle inequality with the wrong sign.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

claim = sn.Claim(sp.Abs(x + y), sp.Abs(x) + sp.Abs(y))
