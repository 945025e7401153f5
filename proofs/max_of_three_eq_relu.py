r"""Two layers of ReLUs compute $\max(x, y, z)$: $z + \mathrm{ReLU}(y + \mathrm{ReLU}(x - y) - z)$.

Why: maxima of more numbers are maxima of maxima; a tree of depth $\lceil \log_2 n \rceil$ does
it.

Source: Arora, Basu, Mianjy and Mukherjee, Understanding deep neural networks with rectified
linear units (2018), arXiv:1611.01491.
"""

import sympy as sp

import symnet as sn

x, y, z = sp.symbols("x y z", real=True)

claim = sn.Claim(sp.Max(x, y, z), z + sn.relu(y + sn.relu(x - y) - z))
