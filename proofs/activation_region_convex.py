r"""A neuron that is on at two points is on at every point between them: if $\alpha \ge 0$ and
$\beta \ge 0$, then $t \alpha + (1 - t) \beta \ge 0$.

Why: let $\alpha$ and $\beta$ be what the neuron gets at the two points. For any number of inputs it
gets their mean $t \alpha + (1 - t) \beta$ between them, by [masked_network_of_mean]. For a neuron
that is off turn the signs round. An activation region is where every neuron keeps its side, layer
after layer: an intersection of half-spaces, which is a convex polytope.

Conditions: $0 \le t \le 1$.

Source: Montúfar, Pascanu, Cho and Bengio, On the number of linear regions of deep neural
networks (2014), arXiv:1402.1869.
"""

import sympy as sp

import symnet as sn

alpha, beta, t = sp.symbols("alpha beta t", real=True)

both_on = sp.And(alpha >= 0, beta >= 0)

claim = sn.Claim(t * alpha + (1 - t) * beta, 0, ">=", where=sp.And(both_on, t >= 0, t <= 1))
