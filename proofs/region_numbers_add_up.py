r"""The numbers $r(m, n) = \sum_{k=0}^{n} \binom{m}{k}$ satisfy $r(m + 1, n) = r(m, n) + r(m, n -
1)$.

Why: $m$ ReLUs split $\mathbb{R}^n$ into at most $r(m, n)$ regions. That takes a step of geometry
which is not proved here but cited: one more hyperplane is cut by the others into at most $r(m, n -
1)$ parts, and every part splits one region in two. So the greatest numbers of regions obey this
rule, and begin with 1 where $m = 0$. What is proved here is that the sums of binomial coefficients
obey it as well, for all $m$ and $n$. For a fixed number of inputs they grow like the power $m^n$.

Source: Stanley, An introduction to hyperplane arrangements (2007), lemma 2.1; Zaslavsky, Facing
up to arrangements (1975), doi:10.1090/memo/0154.
"""

import sympy as sp

import symnet as sn

m, n, k = sp.symbols("m n k", integer=True, nonnegative=True)


def r(m: sp.Expr, n: sp.Expr) -> sp.Expr:
    return sp.Sum(sp.binomial(m, k), (k, 0, n))


claim = sn.Induction(r(m + 1, n), r(m, n) + r(m, n - 1), index=n)
