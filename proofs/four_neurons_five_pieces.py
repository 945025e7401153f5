"""A hidden layer of four ReLUs with one input can have five pieces.

Why: each neuron bends the graph at a place of its own, so the bound $K + 1$ of
[hidden_layer_affine_between_bends] is attained. Eight pieces take seven neurons in one layer, or
three layers of two.

Source: Arora, Basu, Mianjy and Mukherjee, Understanding deep neural networks with rectified
linear units (2018), arXiv:1611.01491, theorem 2.2.
"""

import symnet as sn

net = sn.Sequential(
    sn.Linear([[1], [1], [-1], [2]], [1, -1, 2, 1]), sn.ReLU(), sn.Linear([[1, -2, 1, 1]])
)

claim = sn.pieces(net, 4 + 1)
