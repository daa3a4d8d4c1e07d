"""This is the place where `healthboard risk` is: what equations there are, and one of them applied to a file of people."""

from __future__ import annotations

import csv
from argparse import Namespace
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from core.commands.answer import Answer, note
from core.commands.risk_list import listed
from core.commands.risk_table import Opened, Part, reading, writing
from core.errors import BadInput
from core.ports import Ports
from core.risk.mixed import MIXED, Answered, answer
from core.risk.registry import EQUATIONS
from core.risk.terms import Outcome

DECLINED = "declined"
UNEVEN = "cells_not_as_heading"
"""The reason of a row that has more or fewer cells than the heading."""


@dataclass(slots=True)
class _Count:
    """What has been done so far."""

    rows: int = 0
    answered: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    lacking: tuple[str, ...] = ()


def on_file(given: Namespace) -> Answer:
    """`--list`, or an equation applied to a table: its columns as they came, a column for each outcome, and `declined`."""
    if given.list:
        return listed()
    if not given.equation or not given.table or not given.out:
        given.usage("risk needs --list; or EQUATION --in FILE --out FILE; or EQUATION --person ID")
    if given.json and str(given.out) == "-":
        given.usage("--json and --out - would both write to standard output")
    known(given.equation)
    count = _Count()
    with reading(given.table) as table, writing(given.out) as file:
        _through(given.equation, table, csv.writer(file, delimiter=table.delimiter, lineterminator="\n"), count)
    if count.lacking:
        note(f"healthboard: the file has no column for: {', '.join(count.lacking)}")
    if count.rows - count.answered:
        note(f"healthboard: {count.rows - count.answered} of {count.rows} rows are declined, altogether or in part; the reasons stand in the last column")
    lines = [] if str(given.out) == "-" else [f"{count.rows} rows, {count.answered} answered: {given.out}"]
    return Answer(_document(given.equation, count, given.out), lines)


def on_person(ports: Ports, given: Namespace) -> Answer:
    """An equation for a person on record."""
    from core.commands.risk_person import for_person

    if not given.equation or given.table or given.out or given.list:
        given.usage("risk EQUATION --person ID takes no --list, --in or --out")
    return for_person(ports, given)


def known(key: str) -> None:
    """Refuse an equation that isn't there, naming those that are written alike. Raises BadInput."""
    names = [*EQUATIONS, *MIXED]
    if key not in names:
        near = get_close_matches(key.lower(), names, n=3, cutoff=0.4) or list(MIXED)
        raise BadInput("unknown_equation", place=key, need=f"one that `risk --list` names, such as {', '.join(near)}")


def _through(key: str, table: Opened, writer: Any, count: _Count) -> None:
    outcomes = MIXED[key].outcomes if key in MIXED else EQUATIONS[key].outcomes
    added = [*(outcome.key for outcome in outcomes), DECLINED]
    writer.writerow([*_renamed(table.heading, added), *added])
    count.lacking = answer(key, dict.fromkeys(table.heading, ()), 0).lacking
    for part in table.parts:
        cells = {heading: [row[at] for row in part.rows] for at, heading in enumerate(table.heading)}
        found = answer(key, cells, len(part.rows))
        count.lacking = tuple(dict.fromkeys((*count.lacking, *found.lacking)))
        _write(part, found, writer, count)


def _write(part: Part, found: Answered, writer: Any, count: _Count) -> None:
    whole = np.array(part.whole, dtype=bool)
    declined = np.where(whole, found.declined, UNEVEN)
    columns = [_texts(outcome, np.where(whole, found.values[outcome.key], np.nan)) for outcome in found.outcomes]
    writer.writerows([*row, *more] for row, *more in zip(part.rows, *columns, declined.tolist(), strict=True))
    count.rows += len(part.rows)
    count.answered += int((declined == "").sum())
    for text, times in Counter(declined.tolist()).items():
        for reason in {one.split("(")[0].split("[")[0] for one in text.split("; ") if one}:
            count.reasons[reason] += times


def _texts(outcome: Outcome, column: np.ndarray) -> list[str]:
    """Numbers to their last digit, whole ones of a count without a point, categories as words; nothing where it is declined."""
    values = column.tolist()
    if outcome.categories:
        return ["" if value != value else outcome.categories[int(value)] for value in values]
    if outcome.decimals == 0 and outcome.unit in ("{score}", "/a"):
        return ["" if value != value else str(int(value)) if value == int(value) else repr(value) for value in values]
    return ["" if value != value else repr(value) for value in values]


def _renamed(heading: Sequence[str], added: Sequence[str]) -> list[str]:
    """The heading, with names that are needed for answers put out of the way, and said."""
    taken = {*heading, *added}
    names: list[str] = []
    for name in heading:
        kept = name
        while kept in added or (kept != name and kept in taken):
            kept = f"input_{kept}"
        if kept != name:
            taken.add(kept)
            note(f"healthboard: the column {name} of the file is written as {kept}")
        names.append(kept)
    return names


def _document(key: str, count: _Count, out: Path) -> Mapping[str, object]:
    return {
        "equation": key,
        "rows": count.rows,
        "answered": count.answered,
        "declined": count.rows - count.answered,
        "reasons": dict(count.reasons.most_common()),
        "lacking": list(count.lacking),
        "out": str(out),
    }
