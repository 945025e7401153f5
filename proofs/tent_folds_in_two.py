r"""The tent $T(x)$ is $2 x$ on the left half of $[0, 1]$ and $2 - 2 x$ on the right half; so a
function of it, $f(T(x))$, is $f(2 x)$ and $f(2 - 2 x)$.

Why: the tent folds the interval. Whatever stands after it is drawn twice, at half the width, the
second time mirrored.

Conditions: $0 \le x \le 1$.

Source: Telgarsky, Representation benefits of deep feedforward networks (2015), arXiv:1509.08101,
where the tent is called the mirror map.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)
half = sp.Rational(1, 2)

tent = 2 * sn.relu(x) - 4 * sn.relu(x - half)

claim = sn.Claim(tent, sp.Piecewise((2 * x, x <= half), (2 - 2 * x, True)), domain=sn.Box([0, 1]))
