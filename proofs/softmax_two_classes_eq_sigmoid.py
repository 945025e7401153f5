r"""The softmax of two numbers $x$ and $y$ is $\sigma(x - y)$ and $1 - \sigma(x - y)$.

Why: a classifier with two outputs and softmax is a classifier with one output and a sigmoid.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.2.2.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

first = sn.sigmoid(x - y)

claim = sn.Claim(sn.softmax(sp.Matrix([x, y])), sp.Matrix([first, 1 - first]))
