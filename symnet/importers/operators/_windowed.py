"""What convolutions and pools have in common: the windows that their attributes describe."""

from __future__ import annotations

from collections.abc import Sequence

from ._base import Flow, Operator, OperatorError


class Windowed(Operator):
    """Windows over one or two axes after those of samples and channels."""

    def objection(self, constant: Sequence[bool]) -> str | None:
        pad = self.attribute("auto_pad", "NOTSET")
        if pad not in ("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"):
            return f"with auto_pad = {pad}"
        if pad.startswith("SAME") and set(self.attribute("dilations", ())) - {1}:
            return f"with auto_pad = {pad} and dilations, which runtimes read differently"
        if constant[0]:
            return "of a constant"
        return super().objection(constant)

    def grid(self, flow: Flow) -> tuple[int, ...]:
        """The size of the grid; there is one sample."""
        if len(flow.shape) not in (3, 4) or flow.shape[0] != 1:
            raise OperatorError(
                f"a tensor of shape {flow.shape} is no sample with channels on one or two axes"
            )
        return flow.shape[2:]

    def sides(
        self, size: Sequence[int], kernel: Sequence[int]
    ) -> tuple[list[int], list[int], list[int]]:
        """Stride, padding (before, then after) and dilation, one entry for every axis."""
        count = len(size)
        stride = list(self.attribute("strides", (1,) * count))
        dilation = list(self.attribute("dilations", (1,) * count))
        pads = list(self.attribute("pads", (0,) * (2 * count)))
        if len(kernel) != count or not len(stride) == len(dilation) == len(pads) / 2 == count:
            raise OperatorError(
                f"a kernel {tuple(kernel)} with strides {stride}, dilations {dilation} and pads "
                f"{pads} does not fit {count} axes"
            )
        if min(*stride, *dilation, *kernel) < 1 or min(pads) < 0:
            raise OperatorError("a stride, dilation or kernel is below 1, or a pad below 0")
        mode = self.attribute("auto_pad", "NOTSET")
        if mode == "VALID":
            pads = [0] * (2 * count)
        elif mode != "NOTSET":
            each = [self._total(*v) for v in zip(size, kernel, stride, dilation, strict=True)]
            if min(each) < -1:
                raise OperatorError(
                    f"auto_pad = {mode} with strides {stride} beyond the kernel {tuple(kernel)} on "
                    f"{tuple(size)} points gives a negative padding, which runtimes read "
                    "differently; export the model with pads"
                )
            each = [max(0, p) for p in each]
            less, more = [p // 2 for p in each], [p - p // 2 for p in each]
            pads = [*less, *more] if mode == "SAME_UPPER" else [*more, *less]
        return stride, pads, dilation

    @staticmethod
    def _total(n: int, k: int, s: int, d: int) -> int:
        """How many points are added so that ceil(n / s) windows fit; the definition's formula."""
        return (-(-n // s) - 1) * s + d * (k - 1) + 1 - n
