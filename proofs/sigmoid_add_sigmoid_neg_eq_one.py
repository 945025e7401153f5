r"""$\sigma(x) + \sigma(-x) = 1$.

Why: the probabilities of the two classes.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 3.10.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.sigmoid(x) + sn.sigmoid(-x), 1)
