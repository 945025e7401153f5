r"""The numbers $r(m, n) = \sum_{k=0}^{n} \binom{m}{k}$ satisfy $r(m + 1, n) = r(m, n) + r(m, n -
1)$.

Why: $m$ ReLUs split $\mathbb{R}^n$ into at most $r(m, n)$ regions. For one more hyperplane is
cut by the others into at most $r(m, n - 1)$ parts, and every part splits one region in two. So
the greatest numbers of regions obey this rule, and $r(0, n) = 1$; the theorem says that the sums
of binomial coefficients obey it as well. For a fixed number of inputs they grow only like a
power of $m$.

Source: Stanley, An introduction to hyperplane arrangements (2007), lemma 2.1; Zaslavsky, Facing
up to arrangements (1975), doi:10.1090/memo/0154.
"""

import sympy as sp

import symnet as sn

m, n, k = sp.symbols("m n k", integer=True, nonnegative=True)


def r(m: sp.Expr, n: sp.Expr) -> sp.Expr:
    return sp.Sum(sp.binomial(m, k), (k, 0, n))


claim = sn.Induction(r(m + 1, n), r(m, n) + r(m, n - 1), index=n)
