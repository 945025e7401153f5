"""PNG, by matplotlib."""

from __future__ import annotations

from typing import Any

from ._matplotlib import Saved


class Png(Saved):
    """An image of 200 dots per inch, on white."""

    name = "png"
    description = "PNG image (matplotlib)"
    suffixes = (".png",)
    dots = 200

    def metadata(self) -> dict[str, Any]:
        title = {"Title": self.picture.title} if self.picture.title else {}
        return {"Software": None, **title, "Description": self.picture.description}
