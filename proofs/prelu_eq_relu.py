r"""Parametric ReLU is $\mathrm{ReLU}(x) - a\,\mathrm{ReLU}(-x)$ with a slope that is learned.

Why: the slope is one more parameter; what is said of leaky ReLU holds for each of its values.

Source: He, Zhang, Ren and Sun, Delving deep into rectifiers (2015), doi:10.1109/ICCV.2015.123.
"""

import sympy as sp

import symnet as sn

a, x = sp.symbols("a x", real=True)

claim = sn.Claim(sn.prelu(x, a), sn.relu(x) - a * sn.relu(-x))
