"""Tensors by name, grouped into layers: what names and shapes say, and what they do not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from ..errors import LoadError
from ._arrays import Array

#: What the last part of a name says; a kernel is a weight with its axes the other way round.
_ROLES = {
    "weight": ("weight", "weights", "w", "kernel", "gamma", "scale"),
    "bias": ("bias", "biases", "b", "beta", "offset"),
    "mean": ("running_mean", "moving_mean", "mean"),
    "variance": ("running_var", "moving_variance", "var", "variance"),
    "": ("num_batches_tracked",),
}
_ROLE_OF = {name: role for role, names in _ROLES.items() for name in names}
_LAST = re.compile(
    rf"(?:(.*?)[_ ]?)({'|'.join(sorted(_ROLE_OF, key=len, reverse=True))})_?(\d*)", re.IGNORECASE
)
#: Orders of layers that are tried before it is said that several are possible.
_TRIALS = 20_000


@dataclass
class Group:
    """The tensors of one layer, by role."""

    name: str
    tensors: dict[str, Array] = field(default_factory=dict)
    #: Whether the weight is (in, out); None where only shapes can say.
    turned: bool | None = None

    @property
    def weight(self) -> Array | None:
        return self.tensors.get("weight")

    @property
    def is_linear(self) -> bool:
        return self.weight is not None and self.weight.ndim == 2

    @property
    def is_batch_norm(self) -> bool:
        return "mean" in self.tensors and "variance" in self.tensors

    def sizes(self) -> tuple[int, int]:
        """How many numbers the layer takes and gives."""
        if not self.is_linear:
            size = next(iter(self.tensors.values())).size
            return size, size
        assert self.weight is not None
        rows, columns = self.weight.shape
        return (rows, columns) if self.turned else (columns, rows)

    def __str__(self) -> str:
        shapes = ", ".join(f"{role} {t.shape}" for role, t in self.tensors.items())
        return f"{self.name or 'the layer'} ({shapes})"


def grouped(tensors: Mapping[str, Array]) -> list[Group]:
    """The tensors in groups, in the order in which they are given; all that fit none at once."""
    groups: dict[str, Group] = {}
    unknown: list[str] = []
    numbered = all(re.fullmatch(r"arr_\d+", name) for name in tensors)
    for name, array in tensors.items():
        key, role, turned = _positional(groups, array) if numbered else _named(name)
        if role == "":
            continue
        group = groups.setdefault(key, Group(key))
        if role is None or role in group.tensors or not _fits(role, array):
            unknown.append(f"{name!r} of shape {array.shape}")
            continue
        group.tensors[role] = array
        group.turned = turned if role == "weight" else group.turned
    alone = [str(g) for g in groups.values() if g.weight is None and not g.is_batch_norm]
    alone = [] if unknown else alone
    if unknown or alone or not groups:
        shown = "".join(f"\n  {line}" for line in unknown or alone)
        raise LoadError(
            "there are no tensors" if not tensors else
            f"{len(unknown or alone)} of {len(tensors)} tensors belong to no layer of weights and "
            f"biases, running means and variances:{shown}\nweights alone are read for "
            "chains of linear layers and norms; for other networks there are "
            "sn.from_torch(module), sn.from_keras(model) and "
            "ONNX"
        )  # fmt: skip
    return list(groups.values())


def _named(name: str) -> tuple[str, str | None, bool | None]:
    *front, last = re.split(r"[./]", name)
    match = _LAST.fullmatch(last.removesuffix(":0"))
    if match is None:
        return name, None, None
    word = match[2].lower()
    key = ".".join([*front, match[1] or ""]).rstrip(".") + (f"_{match[3]}" if match[3] else "")
    turned = True if word == "kernel" else False if word in ("weight", "weights") else None
    return key, _ROLE_OF[word], turned


def _positional(groups: Mapping[str, Group], array: Array) -> tuple[str, str, bool | None]:
    """Arrays without names: a matrix begins a layer, and a column after it is its bias."""
    if array.ndim == 2 or not groups:
        return f"layer {len(groups) + 1}", "weight", None
    return list(groups)[-1], "bias", None


def _fits(role: str, array: Array) -> bool:
    return array.ndim in ((1, 2) if role == "weight" else (0, 1)) and array.size > 0


def in_order(
    groups: Sequence[Group], ordered: bool, names: Sequence[str] | None, check: bool = True
) -> list[Group]:
    """The groups as a chain: as ``names`` says, by the numbers in names, as given, or by shapes."""
    if names is not None:
        known = {group.name: group for group in groups}
        if sorted(names) != sorted(known):
            raise LoadError(f"layers= names {list(names)}; the file has {list(known)}")
        return [known[name] for name in names]
    numbered = sorted(groups, key=lambda g: _natural(g.name))
    has_numbers = all(re.search(r"\d", g.name) for g in groups)
    first = numbered if has_numbers or not ordered else list(groups)
    if (has_numbers or ordered or len(groups) == 1) and (not check or _chains(first)):
        return first
    found = _chained(groups)
    if len(found) == 1:
        return found[0]
    shown = "".join(f"\n  {group}" for group in first)
    raise LoadError(
        f"{'several orders of' if found else 'no order puts'} these layers "
        f"{'fit together' if found else 'one after the other so that they fit'}:{shown}\n"
        + ("give their order: " if found else "give the network they belong to: ")
        + (f"layers={[g.name for g in first]}" if found else 'architecture="Linear(4, 3), ReLU, …"')
    )


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


def _chains(groups: Sequence[Group]) -> bool:
    sizes = [group.sizes() for group in groups]
    return all(a[1] == b[0] for a, b in pairwise(sizes))


def _chained(groups: Sequence[Group]) -> list[list[Group]]:
    """Up to two orders in which the layers fit; two as well where there are too many to try."""
    found: list[list[Group]] = []
    trials = 0

    def extend(chain: list[Group], rest: list[Group]) -> Iterator[list[Group]]:
        nonlocal trials
        trials += 1
        if not rest:
            yield chain
        for k, group in enumerate(rest):
            if trials > _TRIALS:
                return
            if not chain or chain[-1].sizes()[1] == group.sizes()[0]:
                yield from extend([*chain, group], rest[:k] + rest[k + 1 :])

    if len(groups) > 200:
        return found
    for chain in extend([], list(groups)):
        found.append(chain)
        if len(found) == 2:
            break
    return found * 2 if trials > _TRIALS and found else found


def oriented(groups: Sequence[Group], axes: str | None) -> list[Group]:
    """The groups with ``turned`` decided: by ``axes``, by names, biases, or the chain of sizes."""
    if axes not in (None, "out, in", "in, out"):
        raise LoadError(f'axes is {axes!r}; weights are "out, in" or "in, out"')
    linear = [group for group in groups if group.is_linear]
    for group in linear:
        group.turned = axes == "in, out" if axes else _turned(group)
    unknown = [group for group in linear if group.turned is None]
    decided = {group.turned for group in linear if group.turned is not None}
    if unknown and not decided:
        decided = {way for way in (False, True) if _fit_as(linear, way)}
    if unknown and len(decided) != 1:
        raise LoadError(
            f"the shapes do not say whether the weight of {unknown[0]} is (out, in) or (in, out); "
            'give axes="out, in" (torch) or axes="in, out" (Keras, JAX)'
        )
    for group in unknown:
        group.turned = next(iter(decided))
    return list(groups)


def _turned(group: Group) -> bool | None:
    """What the bias says; where it says nothing, the name."""
    assert group.weight is not None
    rows, columns = group.weight.shape
    bias = group.tensors.get("bias")
    if bias is None or bias.size not in (rows, columns) or rows == columns:
        return group.turned
    return bias.size == columns


def _fit_as(linear: Sequence[Group], way: bool) -> bool:
    """Whether the layers fit in the given order, all weights being (in, out) or none."""
    shapes = [g.weight.shape[:: 1 if way else -1] for g in linear if g.weight is not None]
    return all(a[1] == b[0] for a, b in pairwise(shapes))


def gaps(groups: Sequence[Group]) -> list[bool]:
    """Whether a layer without weights follows each layer but the last, as numbers in names tell.

    ``0``, ``2``, ``3``: after the first there is one. Where no number is left out, or there are
    none, activations are taken to stand before every linear layer.
    """
    numbers: list[Any] = [re.fullmatch(r"(.*?)(\d+)", group.name) for group in groups]
    if all(numbers) and len({m[1] for m in numbers}) == 1:
        values = [int(m[2]) for m in numbers]
        steps = [b - a for a, b in pairwise(values)]
        if any(step > 1 for step in steps):
            return [step > 1 for step in steps]
    return [group.is_linear for group in groups[1:]]
