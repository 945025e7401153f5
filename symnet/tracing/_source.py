"""The Python text of a function, where there is one."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import Any


def source_of(function: Any) -> str:
    """The text of the ``def`` statement of ``function``; ``""`` for a lambda or a REPL."""
    try:
        text = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError, IndentationError):
        return ""
    tree = parsed(text)
    return ast.unparse(tree) if tree is not None and tree.name == function.__name__ else ""


def parsed(text: str) -> ast.FunctionDef | None:
    """The ``def`` statement in ``text``, without decorators, annotations and docstring."""
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return None
    if len(body) != 1 or not isinstance(body[0], ast.FunctionDef):
        return None
    definition = body[0]
    definition.decorator_list = []
    definition.returns = None
    for argument in ast.walk(definition.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    definition.body = [s for s in definition.body if not _says_nothing(s)] or definition.body
    return definition


def _says_nothing(statement: ast.stmt) -> bool:
    constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return constant or isinstance(statement, ast.Pass)
