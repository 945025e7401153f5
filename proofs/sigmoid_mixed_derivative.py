r"""The mixed derivative of $\sigma(w_1 x + w_2 y + b)$ is $w_1 w_2 \sigma (1 - \sigma) (1 - 2
\sigma)$.

Why: in an affine function every input acts on its own, so all mixed derivatives are 0. Here the
one is 0 only where $w_1 w_2 = 0$ or $\sigma = 1/2$: how much the output changes with $x$ depends
on $y$. The network sees combinations of its inputs.

Source: the chain rule and $\sigma' = \sigma (1 - \sigma)$.
"""

import sympy as sp

import symnet as sn

w_1, w_2, b, x, y = sp.symbols("w_1 w_2 b x y", real=True)

neuron = sn.sigmoid(w_1 * x + w_2 * y + b)

claim = sn.Claim(sp.diff(neuron.doit(), x, y), w_1 * w_2 * neuron * (1 - neuron) * (1 - 2 * neuron))
