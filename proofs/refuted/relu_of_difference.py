r"""$\mathrm{ReLU}(x) - \mathrm{ReLU}(y) = \mathrm{ReLU}(x - y)$.

Why: two neurons do not merge into one. If $y$ is positive and greater than $x$ the left side is
negative, and no ReLU is.

Source: a slip that is easy to make.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

claim = sn.Claim(sn.relu(x) - sn.relu(y), sn.relu(x - y))
