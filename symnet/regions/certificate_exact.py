"""Exact evaluation of the network as it was given, for the certificate: no filter."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import fmpq, fmpz, fmpz_mat

from symnet.regions.certificate_forms import pieces
from symnet.regions.units import Source


class ExactNetwork:
    """Evaluates all pre-activations of the network at a rational point."""

    def __init__(self, source: Source) -> None:
        self.layers = []
        for affine, activations in zip(source.layers, source.activations, strict=False):
            matrix, denominator = affine.integers()
            table = [(f.breakpoints, pieces(f)) for f in activations]
            scale = fmpz(1)
            for _, parts in table:
                for slope, offset in parts:
                    scale = scale.lcm(slope.denominator).lcm(offset.denominator)
            self.layers.append((matrix, denominator, table, scale))
        self.last = source.layers[-1].integers()

    def margins(self, point: Sequence[Fraction]) -> list[int]:
        """Return the signs of z_i - beta for all virtual neurons, layer after layer."""
        return self._run(point)[0]

    def output(self, point: Sequence[Fraction]) -> list[Fraction]:
        """Return the network's outputs."""
        h = self._run(point)[1]
        matrix, denominator = self.last
        column = (matrix * fmpz_mat(len(h), 1, h)).entries()
        scale = denominator * h[-1]
        return [Fraction(int(v), int(scale)) for v in column]

    def _run(self, point: Sequence[Fraction]) -> tuple[list[int], list[fmpz]]:
        common = fmpz(1)
        for x in point:
            common = common.lcm(x.denominator)
        h = [fmpz(int(x * int(common))) for x in point] + [common]
        signs: list[int] = []
        for matrix, denominator, table, scale in self.layers:
            column = (matrix * fmpz_mat(len(h), 1, h)).entries()
            t = denominator * h[-1]
            outputs = []
            for z, (breakpoints, parts) in zip(column, table, strict=True):
                piece = 0
                for beta in breakpoints:
                    margin = (
                        z - t * beta.numerator if beta.denominator == 1 else fmpq(z, t) - _q(beta)
                    )
                    sign = int(margin > 0) - int(margin < 0)
                    signs.append(sign)
                    piece += sign > 0
                slope, offset = parts[piece]
                outputs.append(_scaled(slope, scale) * z + _scaled(offset, scale) * t)
            h = [*outputs, scale * t]
        return signs, h


def _q(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _scaled(value: Fraction, scale: fmpz) -> fmpz:
    return value.numerator * (scale // value.denominator)
