r"""Leaky ReLU with slope $a$ is $\mathrm{ReLU}(x) - a\,\mathrm{ReLU}(-x)$.

Why: it lets a part of the negative side through, and is still made of two ReLUs.

Source: Maas, Hannun and Ng, Rectifier nonlinearities improve neural network acoustic models
(2013).
"""

import sympy as sp

import symnet as sn

a, x = sp.symbols("a x", real=True)

claim = sn.Claim(sn.leaky_relu(x, a), sn.relu(x) - a * sn.relu(-x))

slopes = (sn.relu(x), sn.leaky_relu(x, sp.Rational(1, 4)), sn.leaky_relu(x, 1))
figure = sn.piecewise(sp.Matrix(slopes), domain=sn.Box([-2, 2])).plot(
    output_names=["ReLU, $a = 0$", "leaky ReLU, $a = 1/4$", "the identity, $a = 1$"]
)
caption = "Three slopes for negative numbers. Only the one of slope 1 has no bend."
