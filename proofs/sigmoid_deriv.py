r"""$\sigma'(x) = \sigma(x) (1 - \sigma(x))$.

Why: the derivative comes for free with the value.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 3.10.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sp.diff(sn.sigmoid(x).doit(), x), sn.sigmoid(x) * (1 - sn.sigmoid(x)))
