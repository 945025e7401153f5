"""Adding one number to all inputs does not change softmax, whatever their number.

Why: the factor $e^c$ stands in the numerator and in every term of the denominator. This is why
programs take the greatest input away before they take the exponentials, which then cannot
overflow.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 4.1.
"""

import sympy as sp

import symnet as sn

n = sp.Symbol("n", integer=True, positive=True)
c = sp.Symbol("c", real=True)

x = sp.MatrixSymbol("x", n, 1)

claim = sn.Claim(sn.softmax(x + c * sp.OneMatrix(n, 1)), sn.softmax(x))
