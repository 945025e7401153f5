"""SVG, by matplotlib, with a title and a description for those who do not see the picture."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

from ._matplotlib import Saved
from ._words import parts


class Svg(Saved):
    """A vector image; letters are outlines, so it looks the same everywhere."""

    name = "svg"
    description = "SVG image (matplotlib)"
    suffixes = (".svg",)

    def metadata(self) -> dict[str, Any]:
        return {"Date": None, "Creator": None, "Type": None, "Format": None}

    def render(self) -> str:
        picture = self.picture
        head, start, rest = re.split(r"(<svg [^>]*>)", self.saved().decode(), maxsplit=1)
        title = "".join(text for text, _ in parts(picture.title)) or "Picture"
        words = f"<title>{escape(title)}</title>\n<desc>{escape(picture.description)}</desc>"
        start = f'{start[:-1]} role="img">'
        text = re.sub(r"[ \t]+\n", "\n", f"{head}{start}\n {words}{rest}")
        return re.sub(r"(\.\d{3})\d+", r"\1", text)  # thousandths of a point are enough
