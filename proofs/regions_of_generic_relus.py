r"""$m$ ReLUs in general position split $\mathbb{R}^n$ into $\sum_{k=0}^{n} \binom{m}{k}$
regions; here for $m \le 4$ and $n \le 3$.

Why: up to $m = n$ every neuron doubles the number of regions, and after that it grows more
slowly. The hyperplanes have the normals $(1, t, t^2)$ and the offsets $t^3$ for different $t$, so
that no two are parallel and no more than $n$ of them meet in a point. The regions are counted one
by one here; that the formula holds for all $m$ and $n$ is cited.

Source: Zaslavsky, Facing up to arrangements (1975), doi:10.1090/memo/0154.
"""

import sympy as sp

import symnet as sn

neurons, inputs = range(1, 5), range(1, 4)


def regions(m: int, n: int) -> int:
    weights = [[t**k for k in range(n)] for t in range(1, m + 1)]
    offsets = [t**n for t in range(1, m + 1)]
    layer = sn.Sequential(sn.Linear(weights, offsets), sn.ReLU())
    return len(sn.piecewise(layer))


counted = sp.Matrix([[regions(m, n) for n in inputs] for m in neurons])
sums = sp.Matrix([[sum(sp.binomial(m, k) for k in range(n + 1)) for n in inputs] for m in neurons])

claim = sn.Claim(counted, sums)
