"""The names that the doors use; what needs SymPy is imported on first use."""

from ._cache import Cache as Cache
from ._checking import check as check, usable_processors as usable_processors
from ._files import (
    OPEN as OPEN,
    REFUTED as REFUTED,
    expected_verdict as expected_verdict,
    nearest as nearest,
    paragraphs as paragraphs,
    selected as selected,
    theorem_files as theorem_files,
)
from ._finding import UNREADABLE as UNREADABLE, Finding as Finding
from ._notes import document as document
from ._outline import OUTLINE as OUTLINE, Outline as Outline, read_outline as read_outline
from ._reading import read as read, read_file as read_file
from ._template import new_theorem as new_theorem
from ._theorem import Theorem as Theorem
