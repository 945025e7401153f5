r"""$\mathrm{ReLU}(x) + \mathrm{ReLU}(-x) = |x|$.

Why: two ReLUs make the absolute value, the simplest function that no linear layer computes.

Source: definition.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.relu(x) + sn.relu(-x), sp.Abs(x))

parts = sp.Matrix([sn.relu(x), sn.relu(-x), sp.Abs(x)])
figure = sn.piecewise(parts, domain=sn.Box([-2, 2])).plot(
    output_names=[r"$\mathrm{ReLU}(x)$", r"$\mathrm{ReLU}(-x)$", "their sum, $|x|$"]
)
caption = "Two hinges, one for either side, and their sum."
