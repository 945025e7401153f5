"""A theorem file is run, and what it opens meanwhile is noted.

It is compiled from what stands in it, never taken from a ``.pyc``, which knows a change only by
the second and the size. Modules beside it whose names begin with an underscore can be imported.
"""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from importlib.abc import MetaPathFinder
from importlib.machinery import FileFinder, ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import source_from_cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from ..errors import TheoremError
from ._files import OPEN, REFUTED


def run(file: Path, source: bytes) -> ModuleType:
    """The module that a file with that content is.

    Raises
    ------
    TheoremError
        If it cannot be run.
    """
    module = ModuleType("_symnet_theorem_" + re.sub(r"\W", "_", str(file.absolute())))
    module.__file__ = str(file)
    # dataclasses look their module up
    sys.modules[module.__name__] = module
    folder = file.absolute().parent
    folders = [folder, folder.parent] if folder.name in (REFUTED, OPEN) else [folder]
    with _helpers_in(folders):
        try:
            exec(compile(source, str(file), "exec", dont_inherit=True), module.__dict__)
        except (Exception, SystemExit) as error:
            raise TheoremError(
                f"{file} fails when it is read: {type(error).__name__}: {error}"
            ) from error
    return module


# --- helpers


class _Fresh(SourceFileLoader):
    """Loads a module from its source alone."""

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self.get_data(self.path), self.path)


class _Helpers(MetaPathFinder):
    """Finds the modules in some folders whose names begin with an underscore."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.finders = [FileFinder(str(folder), (_Fresh, [".py"])) for folder in folders]
        self.found: set[str] = set()

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if path is not None or not fullname.startswith("_"):
            return None
        for finder in self.finders:
            spec = finder.find_spec(fullname)
            if spec is not None and spec.loader is not None:
                self.found.add(fullname)
                return spec
        return None


@contextmanager
def _helpers_in(folders: Sequence[Path]) -> Iterator[None]:
    """Within it, helpers are found; after it they are forgotten, for another folder has others."""
    finder = _Helpers(folders)
    places = sys.meta_path
    places.insert(places.index(PathFinder) if PathFinder in places else len(places), finder)
    before = set(sys.modules)
    try:
        yield
    finally:
        places.remove(finder)
        for name in set(sys.modules) - before:
            own = getattr(sys.modules[name], "__file__", None)
            # while files are noted, every module has to be opened anew by each theorem
            if name.partition(".")[0] in finder.found or (_notes and own and _is_users(own)):
                del sys.modules[name]


# --- what is opened

#: What is being noted: the files that are open()ed, with the digest of their contents.
_notes: list[dict[str, str]] = []
_hooked: list[bool] = []


@contextmanager
def noted() -> Iterator[dict[str, str]]:
    """The files of the user that are opened within it, with the digests of what stands in them.

    A file that changes meanwhile has the digest ``changed``; a path that was given relative to
    the working directory stands there relative.
    """
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked.append(True)
    files: dict[str, str] = {}
    _notes.append(files)
    try:
        yield files
    finally:
        _notes.remove(files)


def digest_of(file: str | Path) -> str:
    """The digest of what stands in a file; empty where there is none."""
    try:
        return sha256(Path(file).read_bytes()).hexdigest() if os.path.isfile(file) else ""
    except OSError:
        return ""


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "open" or not _notes or not isinstance(arguments[0], str | bytes | os.PathLike):
        return
    notes = _notes[:]
    # reading the file here is not to be noted
    _notes.clear()
    try:
        path = _source_of(os.fsdecode(arguments[0]))
        if _is_users(path) and (digest := digest_of(path)):
            for files in notes:
                files[path] = digest if files.get(path, digest) == digest else "changed"
    finally:
        _notes.extend(notes)


def _source_of(path: str) -> str:
    """The source of a compiled module, else the path itself."""
    try:
        return source_from_cache(path) if path.endswith(".pyc") else path
    except ValueError:
        return path


def _is_users(path: str) -> bool:
    """Whether a file is part of neither Python, nor an installed package, nor symnet."""
    return not os.path.abspath(path).startswith(_elsewhere())


@cache
def _elsewhere() -> tuple[str, ...]:
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    places = [sysconfig.get_path(name) for name in names]
    places += [p for p in sys.path if os.path.basename(p) in ("site-packages", "dist-packages")]
    places += [str(Path(__file__).parent.parent), "/proc", "/sys", "/dev"]
    return tuple(os.path.join(os.path.abspath(p), "") for p in places if p)
