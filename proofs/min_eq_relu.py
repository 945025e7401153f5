r"""$\min(x, y) = x - \mathrm{ReLU}(x - y)$.

Why: minima are as cheap as maxima.

Source: Arora, Basu, Mianjy and Mukherjee, Understanding deep neural networks with rectified
linear units (2018), arXiv:1611.01491.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

claim = sn.Claim(sp.Min(x, y), x - sn.relu(x - y))
