"""This is the place where what went wrong is written down without saying anything about a person.

An exception's message may hold what a person typed or a value of their record. No log line of this process carries one: the
stack is kept as file, line and function, the exception as its type, our own errors with their code (core/errors.py).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any

from core.errors import HealthboardError

LOG = logging.getLogger("healthboard.incident")

_ROOT = Path(__file__).resolve().parent.parent
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without I, O, 0 and 1, which are misread aloud


def note(error: BaseException) -> str:
    """Write an incident to the log and return the code by which support finds it there, such as "K7PM-2XWD"."""
    reference = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(2))
    LOG.error("incident %s %s", reference, described(error))
    return reference


def described(error: BaseException) -> str:
    """The exception and what caused it: types, our codes and the stack; never a message."""
    return " <- ".join(f"{_named(each)} at {_stack(each.__traceback__)}" for each in _chain(error))


def keep_messages_out() -> None:
    """From now on no log line of this process, whoever writes it, carries the message of an exception."""
    make = logging.getLogRecordFactory()
    if getattr(make, "keeps_messages_out", False):
        return

    def made(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = described(record.exc_info[1])
            record.exc_info = None
        return record

    made.keeps_messages_out = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(made)
    # Streamlit writes each script error itself before we are asked; ours has the reference code and says it once.
    logging.getLogger("streamlit.error_util").addFilter(lambda record: record.msg != "Uncaught app execution")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen and len(seen) < 8:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _named(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return f"{kind}[{error.code}]" if isinstance(error, HealthboardError) else kind


def _stack(traceback: TracebackType | None) -> str:
    frames = [f"{_short(frame.f_code.co_filename)}:{line}:{frame.f_code.co_name}" for frame, line in walk_tb(traceback)]
    return " > ".join(frames[-12:]) or "nowhere"


def _short(name: str) -> str:
    path = Path(name)
    if path.is_relative_to(_ROOT):
        return str(path.relative_to(_ROOT))
    return "/".join(path.parts[-2:])
