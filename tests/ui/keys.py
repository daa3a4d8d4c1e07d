"""This is the place where the source is searched for the keys of words: those written out, and families put together at run time."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEY = re.compile(r"^[a-z_]+(\.[A-Za-z0-9_./\[\]{}%*\-]+)+$")
SPEAKERS = frozenset({"t", "say", "words", "first", "has", "self", "word"})
"""Names under which the words are called."""


def sources() -> Iterator[Path]:
    yield from sorted((ROOT / "core").rglob("*.py"))
    yield from sorted((ROOT / "pages").glob("*.py"))
    yield ROOT / "app.py"


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in SPEAKERS:
            yield node


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def said(tree: ast.AST) -> tuple[set[str], set[str]]:
    """Keys written out and prefixes of families, as the calls of one file use them."""
    keys: set[str] = set()
    prefixes: set[str] = set()
    for call in calls(tree):
        for argument in call.args:
            _collect(argument, keys, prefixes)
    return keys, prefixes


def _collect(node: ast.expr, keys: set[str], prefixes: set[str]) -> None:
    if isinstance(node, ast.IfExp):
        _collect(node.body, keys, prefixes)
        _collect(node.orelse, keys, prefixes)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        if KEY.match(node.value):
            keys.add(node.value)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left = node.left
        while isinstance(left, ast.BinOp):
            left = left.left
        if isinstance(left, ast.Constant) and isinstance(left.value, str) and left.value.endswith((".", "_")):
            prefixes.add(left.value)
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        prefix = str(node.values[0].value)
        if "." in prefix:
            prefixes.add(prefix)


def all_said() -> tuple[dict[str, Path], set[str]]:
    """Every key written out with the file that says it, and every family prefix."""
    keys: dict[str, Path] = {}
    prefixes: set[str] = set()
    for path in sources():
        found, started = said(ast.parse(path.read_text(encoding="utf-8")))
        keys.update({key: path for key in found if key not in keys})
        prefixes |= started
    return keys, prefixes


def literals() -> set[str]:
    """Every string of the source that looks like a key (facts carry their keys as plain strings)."""
    found: set[str] = set()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.match(node.value):
                found.add(node.value)
    return found
