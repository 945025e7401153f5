r"""$\mathrm{GELU}(x) - \mathrm{GELU}(-x) = x$.

Why: one more gate that leaves the odd part alone.

Source: Hendrycks and Gimpel, Gaussian error linear units (2016), arXiv:1606.08415.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.gelu(x) - sn.gelu(-x), x)
