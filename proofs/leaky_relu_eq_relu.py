r"""Leaky ReLU with slope $a$ is $\mathrm{relu}(x) - a\,\mathrm{relu}(-x)$.

Why: a negative slope lets a little through, and it is still two ReLUs.

Source: Maas, Hannun and Ng, Rectifier nonlinearities improve neural network acoustic models
(2013).
"""

import sympy as sp

import symnet as sn

a, x = sp.symbols("a x", real=True)

claim = sn.Claim(sn.leaky_relu(x, a), sn.relu(x) - a * sn.relu(-x))
