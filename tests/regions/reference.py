"""A slow reference in `Fraction`s: clip every cell by every breakpoint of every neuron, one at a
time.
"""

from __future__ import annotations

from fractions import Fraction


def _value(form, point):
    return sum((a * x for a, x in zip(form, point, strict=False)), form[-1])


def clip(polygon, form):
    """Return the parts of a convex polygon (or interval) where form >= 0 and where form <= 0.

    A part without interior is None.
    """
    values = [_value(form, p) for p in polygon]
    if all(v >= 0 for v in values):
        return polygon, (polygon if all(v == 0 for v in values) else None)
    if all(v <= 0 for v in values):
        return None, polygon
    above, below = [], []
    n = len(polygon)
    for k in range(n):
        p, v = polygon[k], values[k]
        if v >= 0:
            above.append(p)
        if v <= 0:
            below.append(p)
        q, w = polygon[(k + 1) % n], values[(k + 1) % n]
        if (n > 2 or k == 0) and v * w < 0:
            t = v / (v - w)
            x = tuple(a + t * (b - a) for a, b in zip(p, q, strict=True))
            above.append(x)
            below.append(x)
    return above, below


def decompose(layers, activations, corners):
    """Return {pattern: (corners, affine map)}.

    ``layers`` are (W, b) of Fractions, ``activations[l][i]`` is the activation of neuron i of
    hidden layer l. The pattern is the tuple of signs of all z_i - beta, a cell's map the rows (a_1,
    ..., a_d, c).
    """
    d = len(corners[0])
    identity = [[Fraction(int(i == j)) for j in range(d + 1)] for i in range(d)]
    cells = [(list(corners), (), identity)]
    for (weight, bias), functions in zip(layers[:-1], activations, strict=True):
        refined = []
        for polygon, pattern, state in cells:
            forms = affine_rows(weight, bias, state)
            parts = [(polygon, pattern, [])]
            for form, f in zip(forms, functions, strict=True):
                parts = [piece for part in parts for piece in split(part, form, f)]
            refined += parts
        cells = refined
    result = {}
    for polygon, pattern, state in cells:
        assert pattern not in result
        result[pattern] = polygon, affine_rows(*layers[-1], state)
    return result


def affine_rows(weight, bias, state):
    """Return the rows of W (state) + b."""
    columns = len(state[0]) if state else 0
    return [
        [
            sum((w * s[k] for w, s in zip(row, state, strict=True)), Fraction(0))
            for k in range(columns - 1)
        ]
        + [sum((w * s[-1] for w, s in zip(row, state, strict=True)), Fraction(b))]
        for row, b in zip(weight, bias, strict=True)
    ]


def split(part, form, f):
    """Split one part by the breakpoints of neuron f(form), and append the neuron's output."""
    pieces = [(part[0], ())]
    for beta in f.breakpoints:
        shifted = [*form[:-1], form[-1] - beta]
        cut = []
        for polygon, signs in pieces:
            above, below = clip(polygon, shifted)
            if above is not None and below is polygon and above is polygon:
                cut.append((polygon, (*signs, 0)))
                continue
            if above is not None:
                cut.append((above, (*signs, 1)))
            if below is not None:
                cut.append((below, (*signs, -1)))
        pieces = cut
    for polygon, signs in pieces:
        k = sum(s > 0 for s in signs)
        slope = f.slopes[k]
        anchor = f(f.breakpoints[0]) if f.breakpoints else f(0)
        origin = f.breakpoints[0] if f.breakpoints else Fraction(0)
        offset = f(origin) if k == 0 else f(f.breakpoints[k - 1]) - slope * f.breakpoints[k - 1]
        if k == 0:
            offset = anchor - slope * origin
        output = [slope * a for a in form[:-1]] + [slope * form[-1] + offset]
        yield polygon, part[1] + signs, part[2] + [output]
