r"""Every affine function misses XOR by at least $1/2$ at some corner of the square.

Why: add up the values at $(0, 0)$ and $(1, 1)$ and take away those at $(0, 1)$ and $(1, 0)$. For
an affine function this is 0, for XOR it is $-2$; so the four misses add up to 2 at least, and
one of them is at least $1/2$. The constant $1/2$ misses by no more: an affine network can do no
better than not to look at its input.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.1, where the best
affine function is found to be the constant 1/2.
"""

import sympy as sp

import symnet as sn

w_1, w_2, b = sp.symbols("w_1 w_2 b", real=True)

misses = [b - 0, w_1 + b - 1, w_2 + b - 1, w_1 + w_2 + b - 0]

claim = sn.Claim(sp.Max(*map(sp.Abs, misses)), sp.Rational(1, 2), ">=")
