"""This is the place where a command is named without its module being imported: only who runs it waits for what it needs."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any


class Later:
    """A module of core.commands whose functions are looked up when they are called."""

    def __init__(self, name: str) -> None:
        self._module = f"core.commands.{name}"

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def command(*given: Any) -> Any:
            return function(self._module, name)(*given)

        command.__module__, command.__qualname__ = self._module, name
        return command


def function(module: str, name: str) -> Callable[..., Any]:
    """The function itself. Raises ImportError, AttributeError where there is none (a test asks for every one)."""
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found
