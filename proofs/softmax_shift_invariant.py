"""Adding one number to all inputs does not change softmax.

Why: this is why the maximum is subtracted before the exponentials are taken.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 4.1.
"""

import sympy as sp

import symnet as sn

x_1, x_2, x_3, c = sp.symbols("x_1 x_2 x_3 c", real=True)

x = sp.Matrix([x_1, x_2, x_3])

shifted = x + c * sp.ones(3, 1)

claim = sn.Claim(sn.softmax(shifted), sn.softmax(x))
