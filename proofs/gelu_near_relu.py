r"""$|\mathrm{GELU}(x) - \mathrm{ReLU}(x)| \le \frac{1}{5}$ for all $x$.

Why: GELU is a smooth ReLU, and nowhere further from it than 0.17. Both sides of 0 are one function,
$x (1 - \mathrm{erf}(x / \sqrt 2)) / 2$ of $|x|$, which first rises and then falls to 0.

Source: Hendrycks and Gimpel, Gaussian error linear units (2016), arXiv:1606.08415, figure 1.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sp.Abs(sn.gelu(x) - sn.relu(x)), sp.Rational(1, 5), "<=")
