r"""$\sigma(x) + \sigma(-x) = 1$.

Why: if $\sigma(x)$ is the probability of one of two classes, $\sigma(-x)$ is that of the other
one.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 3.10.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.sigmoid(x) + sn.sigmoid(-x), 1)
