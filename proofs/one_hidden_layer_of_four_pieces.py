r"""A function with the slopes $s_0, s_1, s_2, s_3$ and bends at $t_1, t_2, t_3$ is $f_0 + s_0 x
+ \sum_k (s_k - s_{k-1})\,\mathrm{ReLU}(x - t_k)$.

Why: here the slopes are given, as one reads them off a graph. There is one neuron for every
bend, and its outgoing weight is the change of the slope there. The line at the beginning takes
at most two more neurons, since $x = \mathrm{ReLU}(x) - \mathrm{ReLU}(-x)$.

Conditions: $t_1 \le t_2 \le t_3$.

Source: Arora, Basu, Mianjy and Mukherjee, Understanding deep neural networks with rectified
linear units (2018), arXiv:1611.01491, theorem 2.2.
"""

import sympy as sp

import symnet as sn

x, f_0 = sp.symbols("x f_0", real=True)
t_1, t_2, t_3 = sp.symbols("t_1:4", real=True)
s_0, s_1, s_2, s_3 = sp.symbols("s_0:4", real=True)

at_1 = f_0 + s_0 * t_1
at_2 = at_1 + s_1 * (t_2 - t_1)
at_3 = at_2 + s_2 * (t_3 - t_2)

f = sp.Piecewise(
    (f_0 + s_0 * x, x <= t_1),
    (at_1 + s_1 * (x - t_1), x <= t_2),
    (at_2 + s_2 * (x - t_2), x <= t_3),
    (at_3 + s_3 * (x - t_3), True),
)
changes = [(s_1 - s_0, t_1), (s_2 - s_1, t_2), (s_3 - s_2, t_3)]

claim = sn.Claim(
    f,
    f_0 + s_0 * x + sp.Add(*(change * sn.relu(x - t) for change, t in changes)),
    where=sp.And(t_1 <= t_2, t_2 <= t_3),
)

example = {f_0: 1, t_1: 0, t_2: 1, t_3: 2, s_0: -1, s_1: 2, s_2: -sp.Rational(3, 2), s_3: 1}
figure = sn.piecewise(f.subs(example), x, domain=sn.Box([-1, 3])).plot()
caption = "A function with four pieces. Each of its three bends is one hidden neuron."
