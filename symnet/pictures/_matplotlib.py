"""What the formats that matplotlib writes have in common."""

from __future__ import annotations

import io
from typing import Any, ClassVar

from ._base import PictureFormat
from ._figure import STYLE, drawn, matplotlib

#: Names within the file follow from what is drawn, not from chance.
_SAVING = {"svg.hashsalt": "symnet", "svg.fonttype": "path", "pdf.fonttype": 42}


class Saved(PictureFormat):
    """A format of matplotlib's; nothing in the file says when or by which version it was made."""

    needs_matplotlib = True
    #: Dots per inch of the whole, or of what is an image within it.
    dots: ClassVar[int] = 300

    def metadata(self) -> dict[str, Any]:
        """What the file says about itself."""
        raise NotImplementedError

    def saved(self) -> bytes:
        """The file."""
        mpl = matplotlib()
        figure = drawn(self.picture)
        buffer = io.BytesIO()
        with mpl.rc_context(STYLE | _SAVING):
            figure.savefig(buffer, format=self.suffixes[0][1:], dpi=self.dots,
                           metadata=self.metadata())  # fmt: skip
        return buffer.getvalue()

    def render(self) -> str | bytes:
        return self.saved()
