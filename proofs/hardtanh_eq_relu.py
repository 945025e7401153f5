r"""$\mathrm{hardtanh}(x) = \mathrm{relu}(x + 1) - \mathrm{relu}(x - 1) - 1$.

Why: every function made of straight pieces is a line and a sum of shifted ReLUs, one for every
bend.

Source: Collobert, Large scale machine learning (2004).
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.hardtanh(x), sn.relu(x + 1) - sn.relu(x - 1) - 1)

parts = sp.Matrix([sn.relu(x + 1), -sn.relu(x - 1), sn.hardtanh(x)])
figure = sn.piecewise(parts, domain=sn.Box([-3, 3])).plot(
    output_names=[r"$\mathrm{relu}(x + 1)$", r"$-\mathrm{relu}(x - 1)$", "their sum less 1"]
)
caption = "Hard tanh and the two neurons that make it: one bends the line up, the other one back."
