r"""$\mathrm{HardTanh}(x) = \mathrm{ReLU}(x + 1) - \mathrm{ReLU}(x - 1) - 1$.

Why: one ReLU for every bend: the first one turns the graph up, the second one back.

Source: Collobert, Large scale machine learning (2004).
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.hardtanh(x), sn.relu(x + 1) - sn.relu(x - 1) - 1)

parts = sp.Matrix([sn.relu(x + 1), -sn.relu(x - 1), sn.hardtanh(x)])
figure = sn.piecewise(parts, domain=sn.Box([-3, 3])).plot(
    output_names=[r"$\mathrm{ReLU}(x + 1)$", r"$-\mathrm{ReLU}(x - 1)$", "their sum less 1"]
)
caption = "Hard tanh and the two neurons that make it: one bends the line up, the other one back."
