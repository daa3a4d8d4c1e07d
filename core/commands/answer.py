"""This is the place where a command answers: one JSON document on stdout, or words; progress and notes on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tqdm import tqdm

from core.ports import Progress


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command has to say: the document for `--json`, the lines for people, and the exit status (0 done, 1 refused)."""

    document: Any
    lines: Sequence[str] = ()
    status: int = 0


def give(answer: Answer, *, as_json: bool) -> int:
    """Write the answer to stdout."""
    if as_json:
        sys.stdout.write(json.dumps(answer.document, ensure_ascii=False, indent=2, allow_nan=False) + "\n")
    elif answer.lines:
        sys.stdout.write("\n".join(answer.lines) + "\n")
    sys.stdout.flush()
    return answer.status


def note(text: str) -> None:
    """A word to the person at the terminal."""
    sys.stderr.write(text + "\n")


@contextmanager
def bar(what: str, unit: str = "B") -> Iterator[Progress]:
    """A progress bar on stderr where that is a terminal; silence elsewhere."""
    with tqdm(desc=what, unit=unit, unit_scale=True, file=sys.stderr, disable=None, leave=False) as shown:

        def tell(done: int, total: int) -> None:
            if total and shown.total != total:
                shown.total = total
            shown.update(max(0, done - shown.n))

        yield tell


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as aligned columns, the first being the heading."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
