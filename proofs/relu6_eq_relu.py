r"""$\mathrm{ReLU6}(x) = \mathrm{ReLU}(x) - \mathrm{ReLU}(x - 6)$.

Why: clipping above as well costs one more neuron.

Source: Krizhevsky, Convolutional deep belief networks on CIFAR-10 (2010).
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.relu6(x), sn.relu(x) - sn.relu(x - 6))
