"""A picture: marks on axes, for every format that can write it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from ..files import write_atomically
from ._base import by_suffix
from ._figure import drawn
from .marks import Axis, ColourBar, Entry, Mark


@dataclass(frozen=True)
class Picture:
    """Marks in the order in which they are drawn, on axes, with what explains them.

    Parameters
    ----------
    marks : Polygon, Path, Dot and Label
    x, y : the axes
    size : width and height of the plotted area in inches; words around it come on top
    border : ``box`` for a frame, ``corner`` for two axes, ``none``
    title : words above
    description : a sentence on what is to be seen, for readers who do not see it
    legend : lines of the legend
    bar : the scale of colours

    Examples
    --------
    >>> from symnet.pictures import Axis, Path, Picture
    >>> picture = Picture((Path(((0, 0), (1, 1))),), Axis(0, 1), Axis(0, 1), size=(2, 2))
    >>> picture
    Picture(1 mark, 2 × 2 in; .to("picture.svg") writes it)
    """

    marks: tuple[Mark, ...]
    x: Axis
    y: Axis
    size: tuple[float, float]
    border: str = "box"
    title: str = ""
    description: str = ""
    legend: tuple[Entry, ...] = ()
    bar: ColourBar | None = None

    def to(self, path: str | FilePath, *, standalone: bool = False) -> FilePath:
        """Write the picture; the suffix picks the format (.svg .png .pdf .tex .tikz).

        The file is complete or it is not there.

        Parameters
        ----------
        path : where to
        standalone : a whole LaTeX document rather than a ``tikzpicture`` to ``\\input``

        Raises
        ------
        OutputError
            Where the suffix is unknown, or the folder is missing or cannot be written.
        ImportError
            For .svg, .png and .pdf without matplotlib.
        """
        place = FilePath(path)
        return write_atomically(place, by_suffix(place)(self, standalone).render())

    def content(self, suffix: str) -> str | bytes:
        r"""What a file with that suffix would hold.

        >>> from symnet.pictures import Axis, Picture
        >>> picture = Picture((), Axis(0, 1), Axis(0, 1), size=(2, 2))
        >>> str(picture.content(".tikz")).splitlines()[0]
        '% needs: \\usepackage{tikz}'
        """
        return by_suffix(FilePath(f"picture{suffix}"))(self).render()

    def figure(self) -> Any:
        """The picture as a matplotlib figure, to add to it."""
        return drawn(self)

    def _repr_svg_(self) -> Any:
        try:
            return self.content(".svg")
        except ImportError:
            return None

    def __repr__(self) -> str:
        width, height = self.size
        count = f"{len(self.marks)} mark{'s' if len(self.marks) != 1 else ''}"
        return f'Picture({count}, {width:g} × {height:g} in; .to("picture.svg") writes it)'
