r"""$|\mathrm{ReLU}(x) - \mathrm{ReLU}(y)| \le |x - y|$.

Why: ReLU never stretches a distance, so a layer can grow only as much as its weights do.

Source: definition.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

claim = sn.Claim(sp.Abs(sn.relu(x) - sn.relu(y)), sp.Abs(x - y), "<=")
