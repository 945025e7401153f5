"""A certificate for a function with jumps: its parts are a partition, and each is affine.

1. On every part, layer by layer, the neurons are affine forms, since the ones before have the signs
   of the part on all of it; or vanish, where that makes no difference to what is switched on.
2. No two parts have a common point, and no point of the domain is in none.
"""

from __future__ import annotations

from ..errors import CertificateError
from ..exact.half_open import HalfOpen, is_covered
from ..exact.polyhedron import Polyhedron
from .layer_list import Forms, LayerList
from .part_cells import PartCells
from .parts import Part, margins
from .switches import KINK, WITH_ABOVE, WITH_BELOW, kinds


def certify_parts(layers: LayerList, domain: Polyhedron, cells: PartCells) -> None:
    """Raise :class:`CertificateError` unless the parts are what they claim to be."""
    whole = HalfOpen(domain)
    for number, part in enumerate(cells.parts):
        if not part.set.is_within(whole):
            raise CertificateError(f"part {number} leaves the domain")
        _check_signs(layers, part, number)
    for i, j in cells.touching:
        common = cells.parts[i].set.intersection(cells.parts[j].set)
        if common is not None:
            raise CertificateError(
                f"the parts {i} and {j} have the point {_text(common)} in common"
            )
    missing = is_covered(whole, [part.set for part in cells.parts])
    if missing is not None:
        raise CertificateError(f"the point ({', '.join(map(str, missing))}) lies in no part")


def _check_signs(layers: LayerList, part: Part, number: int) -> None:
    inputs = Forms.of_inputs(layers.inputs)
    if len(part.signs) != layers.starts[-1]:
        raise CertificateError(
            f"part {number} has {len(part.signs)} signs, not {layers.starts[-1]}"
        )
    for layer, functions in enumerate(layers.functions):
        forms = layers.forms(layer, inputs)
        signs = part.signs[layers.starts[layer] : layers.starts[layer + 1]]
        each = margins(functions, forms)
        sides = kinds(layers.conditions[layer], len(each))
        for virtual, (form, sign, kind) in enumerate(zip(each, signs, sides, strict=True)):
            if not _has_sign(part.set, form, sign, kind):
                word = {1: "positive", -1: "negative", 0: "zero"}[sign]
                raise CertificateError(
                    f"part {number}: virtual neuron {virtual} of hidden layer {layer + 1} "
                    f"is not {word} on all of it"
                )
        inputs = layers.outputs_of(layer, forms, signs)


def _has_sign(place: HalfOpen, form: tuple[int, ...], sign: int, kind: int) -> bool:
    """Whether a form has a sign on a set, zeros aside where they make no difference."""
    plus, minus, _ = place.range(form)
    if (plus and sign <= 0) or (minus and sign >= 0):
        return False
    if sign == 0:
        return True
    if not plus and not minus and place.dimension == place.solid.ambient:
        return False
    harmless = kind == KINK or kind == (WITH_ABOVE if sign > 0 else WITH_BELOW)
    return harmless or place.zeros(form) is None


def _text(place: HalfOpen) -> str:
    return f"({', '.join(map(str, place.inner_point()))})"
