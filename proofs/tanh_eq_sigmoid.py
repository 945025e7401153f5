r"""$\tanh(x) = 2 \sigma(2 x) - 1$.

Why: networks with tanh and networks with sigmoid compute the same functions, with other weights.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.3.2.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.tanh(x), 2 * sn.sigmoid(2 * x) - 1)
