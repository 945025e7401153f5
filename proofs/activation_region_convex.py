"""A neuron that is on at two points is on at every point between them.

Why: so the points at which a neuron is on are a half-space, and those at which it is off are
one. An activation region is where every neuron keeps its side: an intersection of half-spaces,
which is a convex polytope. In deeper layers the argument is the same inside a region of the
layers before, where the neuron's input is affine.

Conditions: the input has two entries here; more of them add terms of the same form.

Source: Montúfar, Pascanu, Cho and Bengio, On the number of linear regions of deep neural
networks (2014), arXiv:1402.1869, section 2.
"""

import sympy as sp

import symnet as sn

w_1, w_2, b, t = sp.symbols("w_1 w_2 b t", real=True)
p_1, p_2, q_1, q_2 = sp.symbols("p_1 p_2 q_1 q_2", real=True)


def z(x_1: sp.Expr, x_2: sp.Expr) -> sp.Expr:
    return w_1 * x_1 + w_2 * x_2 + b


between = z(t * p_1 + (1 - t) * q_1, t * p_2 + (1 - t) * q_2)

claim = sn.Claim(between, 0, ">=", where=sp.And(z(p_1, p_2) >= 0, z(q_1, q_2) >= 0, t >= 0, t <= 1))
