"""The tent map composed five times has $2^5$ pieces.

Why: two neurons per layer double the number of pieces with every layer, while one hidden layer
with $k$ neurons has at most $k + 1$: depth is worth exponentially many neurons.

Source: Telgarsky, Benefits of depth in neural networks (2016), arXiv:1602.04485, section 3.
"""

import sympy as sp

import symnet as sn

half = sp.Rational(1, 2)

tent = (sn.Linear([[1], [1]], [0, -half]), sn.ReLU(), sn.Linear([[2, -4]]))

claim = sn.pieces(sn.Sequential(*tent * 5), 2**5, domain=sn.Box([0, 1]))
