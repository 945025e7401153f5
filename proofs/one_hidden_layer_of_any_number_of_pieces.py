r"""A line that is bent $K$ times, at $t_k$ by $c_k$, is one hidden layer of $K$ neurons: $b +
s x + \sum_{k=1}^{K} c_k\,\mathrm{ReLU}(x - t_k)$.

Why: to bend a graph at $t$ by $c$ is to leave it as it is up to $t$, and to add $c (x - t)$ from
there on. Induction on the number of bends: every further one is one more neuron. So one hidden
layer is enough for every continuous piecewise-linear function of one variable, and it takes as
many neurons as there are bends, and at most two for the line at the beginning.

Source: Arora, Basu, Mianjy and Mukherjee, Understanding deep neural networks with rectified
linear units (2018), arXiv:1611.01491, theorem 2.2.
"""

import sympy as sp

import symnet as sn

K, k = sp.symbols("K k", integer=True, nonnegative=True)
x, b, s = sp.symbols("x b s", real=True)
c, f, t = (sp.IndexedBase(letter, real=True) for letter in "cft")

line = b + s * x
bend = t[K + 1]
bent = sp.Piecewise((f[K], x <= bend), (f[K] + c[K + 1] * (x - bend), True))

claim = sn.Induction(
    f[K],
    line + sp.Sum(c[k] * sn.relu(x - t[k]), (k, 1, K)),
    index=K,
    term=f[K],
    first=line,
    step=bent,
)
