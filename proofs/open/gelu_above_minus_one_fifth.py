r"""$\mathrm{gelu}(x) \ge -\frac{1}{5}$ for all $x$.

Why: GELU dips below 0 like SiLU, to about $-0.17$. The error function in it has no normal form
that inequalities could be read off, so that the claim waits for bounds of it on intervals.

Source: Hendrycks and Gimpel, Gaussian error linear units (2016), arXiv:1606.08415, figure 1.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.gelu(x), sp.Rational(-1, 5), ">=")
