"""Theorem files: one theorem a file, a statement in words and a claim in symnet."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
