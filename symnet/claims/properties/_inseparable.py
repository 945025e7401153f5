"""Two sets of points that no hyperplane separates."""

from __future__ import annotations

import sympy as sp

from ...verdict import Proved, Refuted, Verdict, written
from ._separable import Mixed, separable


class inseparable(separable):
    """No affine function is positive at all points of one set and negative at all of another.

    The proof is a point that both convex hulls share, with the numbers that mix it of either set:
    the multipliers of Farkas's lemma. The counterexample is the affine function w x + b.

    Parameters
    ----------
    points, others : lists of points with rational coordinates

    Examples
    --------
    >>> import symnet as sn
    >>> print(sn.prove(sn.inseparable([(0, 1), (1, 0)], [(0, 0), (1, 1)])))
    proved (Farkas multipliers: (1/2, 1/2) is in both convex hulls)
    >>> sn.prove(sn.inseparable([(0,), (1,)], [(2,)])).verdict
    'refuted'

    Source: Farkas, Theorie der einfachen Ungleichungen, 1902.
    """

    statement = "f(p) > 0 > f(q) for no affine f"

    def prove(self, *, timeout: float | None = None) -> Verdict:
        found = self._solved()
        if isinstance(found, Mixed):
            where = f"{written(found.of_points)} is in both convex hulls"
            return Proved("Farkas multipliers", where, (), found, self)
        w = sp.symbols(f"w_1:{len(found.w) + 1}", real=True)
        point = {**dict(zip(w, found.w, strict=True)), sp.Symbol("b", real=True): found.b}
        least, greatest = (
            choose(*(found.at(p) for p in points))
            for choose, points in ((sp.Min, self.points), (sp.Max, self.others))
        )
        detail = f"{found.function} separates them, from the least value here to the greatest there"
        return Refuted(point, least, greatest, "linear program", detail, "<=")

    def __str__(self) -> str:
        return f"no {super().__str__().removeprefix('an ')}"
