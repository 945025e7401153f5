r"""$\mathrm{softplus}(x) - \mathrm{softplus}(-x) = x$.

Why: softplus is a smooth ReLU, and its odd part is the same: half the identity.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 3.10.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.softplus(x) - sn.softplus(-x), x)
