"""The softmax of two numbers is the sigmoid of their difference.

Why: a classifier with two outputs and softmax is a classifier with one output and a sigmoid. The
second probability is the rest, $1 - \\sigma(x - y) = \\sigma(y - x)$.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.2.2.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

claim = sn.Claim(sn.softmax(sp.Matrix([x, y]))[0], sn.sigmoid(x - y))
