"""Every further ReLU doubles the number of regions, so three of them split the plane into 8.

Why: three lines cross in three points and leave $1 + 3 + 3 = 7$ regions. That every neuron may
be on or off does not mean that every pattern occurs.

Source: a shortcut that comes up where regions are counted.
"""

import symnet as sn

net = sn.Sequential(
    sn.Linear([[1, 0], [0, 1], [1, 1]], [0, 0, -1]), sn.ReLU(), sn.Linear([[1, 1, 1]])
)

claim = sn.activation_regions(net, 2**3)
