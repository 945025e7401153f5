r"""$\mathrm{GELU}(x) \ge -\frac{1}{5}$ for all $x$.

Why: GELU dips below 0 like SiLU, to about $-0.17$. The second derivative of
$x (1 + \mathrm{erf}(x / \sqrt 2))$ is $2 - x^2$ times a bell curve; its signs give those of the
first derivative, which is zero once, and there the function has its least value.

Source: Hendrycks and Gimpel, Gaussian error linear units (2016), arXiv:1606.08415, figure 1.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.gelu(x), sp.Rational(-1, 5), ">=")
