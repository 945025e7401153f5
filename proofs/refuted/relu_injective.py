"""ReLU loses nothing: from its value its input can be told.

Why: all negative numbers become 0. What is lost in one neuron can be kept by another: the pair
$\\mathrm{ReLU}(x), \\mathrm{ReLU}(-x)$ loses nothing.

Source: a claim that comes up where the information in a network is discussed.
"""

import symnet as sn

claim = sn.injective(sn.ReLU())
