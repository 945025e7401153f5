"""A slope that is learned makes parametric ReLU linear.

Why: it is linear for one slope only, $a = 1$; learning finds others.

Source: He, Zhang, Ren and Sun, Delving deep into rectifiers (2015), doi:10.1109/ICCV.2015.123,
for parametric ReLU.
"""

import sympy as sp

import symnet as sn

a, x = sp.symbols("a x", real=True)

claim = sn.linear(sn.prelu(x, a), x)
