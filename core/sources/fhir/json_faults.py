"""This is the place where it is found out why some bytes are no JSON we can use: where, and whether only they are lost."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`breaks` is true where it isn't JSON at all, so that nothing after it can be trusted."""

    code: str
    line: int = 0
    column: int = 0
    breaks: bool = False

    @property
    def place(self) -> str:
        return f"line {self.line} column {self.column}" if self.line else ""


def fault_in(data: bytes) -> Fault:
    """Why a fast parser refused these bytes.

    Well-formed JSON that can't be kept (NaN, numbers past any range, half a surrogate pair, endless nesting, wrong
    encoding inside one text) costs one entry; anything else breaks the document.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        return Fault("bad_utf8", line, error.start - (before.rfind(b"\n") + 1) + 1)
    try:
        json.loads(text, strict=False)
    except RecursionError:
        return Fault("nested_too_deep")
    except json.JSONDecodeError as error:
        cut_off = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
        return Fault("truncated" if cut_off else "not_json", error.lineno, error.colno, breaks=True)
    except ValueError:  # a whole number with more digits than Python converts
        return Fault("number_too_large")
    return Fault("entry_unreadable")
