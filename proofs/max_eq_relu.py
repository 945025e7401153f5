r"""$\max(x, y) = y + \mathrm{ReLU}(x - y)$.

Why: one ReLU neuron and one that hands its input on compute a maximum, so max pooling is a ReLU
network.

Source: Arora, Basu, Mianjy and Mukherjee, Understanding deep neural networks with rectified
linear units (2018), arXiv:1611.01491.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

claim = sn.Claim(sp.Max(x, y), y + sn.relu(x - y))
