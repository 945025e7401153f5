r"""$|x - y| = \mathrm{ReLU}(x - y) + \mathrm{ReLU}(y - x)$, which is XOR on the corners of the
square.

Why: the distance of two bits is their XOR, so this is another network of two ReLUs for it.

Source: definition; compare the network for XOR in Goodfellow, Bengio and Courville, Deep
Learning (2016), section 6.1.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

claim = sn.Claim(sp.Abs(x - y), sn.relu(x - y) + sn.relu(y - x))
