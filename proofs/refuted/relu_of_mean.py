"""The ReLU of a mean is the mean of the ReLUs.

Why: averaging before or after the activation is not the same; for a linear activation it would
be.

Source: a claim about average pooling.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

claim = sn.Claim(sn.relu((x + y) / 2), (sn.relu(x) + sn.relu(y)) / 2)
