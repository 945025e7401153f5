"""The tent map composed three times has $2^3$ pieces.

Why: two neurons per layer double the number of pieces with every layer, while one hidden layer
with $k$ neurons has at most $k + 1$: depth is worth exponentially many neurons.

Source: Telgarsky, Benefits of depth in neural networks (2016), arXiv:1602.04485.
"""

import sympy as sp

import symnet as sn

tent = (sn.Linear([[1], [1]], [0, sp.Rational(-1, 2)]), sn.ReLU(), sn.Linear([[2, -4]]))

claim = sn.Claim(
    sp.Integer(len(sn.piecewise(sn.Sequential(*tent * 3), domain=sn.Box([0, 1])).pieces)), 2**3
)
