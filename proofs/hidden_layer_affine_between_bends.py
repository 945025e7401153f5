r"""Between neighbouring bends a hidden layer of $K$ neurons is a line: where every neuron $k$ is on
($d_k = 1$) or off ($d_k = 0$), its slope is $\sum_{k=1}^{K} c_k d_k w_k$.

Why: a neuron of one variable bends at one place at most, and keeps its side until it is reached, as
[neuron_affine_between_bends] says. $K$ neurons have at most $K$ bends, which cut the line into at
most $K + 1$ intervals; on each of them the layer is a line, so it has at most $K + 1$ pieces.

Source: Arora, Basu, Mianjy and Mukherjee, Understanding deep neural networks with rectified
linear units (2018), arXiv:1611.01491, theorem 2.2.
"""

import sympy as sp

import symnet as sn

K, k = sp.symbols("K k", integer=True, nonnegative=True)
x = sp.Symbol("x", real=True)
b, c, d, w = (sp.IndexedBase(letter, real=True) for letter in "bcdw")


def total(term: sp.Expr) -> sp.Expr:
    return sp.Sum(term, (k, 1, K))


layer = total(c[k] * d[k] * (w[k] * x + b[k]))
line = total(c[k] * d[k] * w[k]) * x + total(c[k] * d[k] * b[k])

claim = sn.Induction(layer, line, index=K)
