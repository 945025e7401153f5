r"""One more tent makes two pieces of a piece that rises from 0 to 1, or falls from 1 to 0: $T(t) =
T(1 - t)$ is $2 t$ for $t \le 1/2$, and $2 - 2 t$ from there on.

Why: let $t$ run from 0 to 1 along such a piece; its values are $t$, or $1 - t$. The tent gives the
same for both: it rises from 0 to 1 on the first half, and falls from 1 to 0 on the second. So every
piece becomes two of the same kind, which have slopes of different signs and do not merge.

Conditions: $0 \le t \le 1$.

Source: Telgarsky, Representation benefits of deep feedforward networks (2015), arXiv:1509.08101.
"""

import sympy as sp

import symnet as sn

t = sp.Symbol("t", real=True)
half = sp.Rational(1, 2)


def tent(value: sp.Expr) -> sp.Expr:
    return 2 * sn.relu(value) - 4 * sn.relu(value - half)


two = sp.Piecewise((2 * t, t <= half), (2 - 2 * t, True))

inside = sp.And(t >= 0, t <= 1)

claim = sn.Claim(sp.Matrix([tent(t), tent(1 - t)]), sp.Matrix([two, two]), where=inside)
