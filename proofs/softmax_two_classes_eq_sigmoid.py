"""The softmax of two numbers is the sigmoid of their difference.

Why: a classifier with two outputs and softmax is a classifier with one output and a sigmoid.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.2.2.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

claim = sn.Claim(sp.exp(x) / (sp.exp(x) + sp.exp(y)), sn.sigmoid(x - y))
