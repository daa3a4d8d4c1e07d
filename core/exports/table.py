"""This is the place where records become a table that a spreadsheet opens, and that cannot run anything there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from core.domain.records import Item, Record, Value
from core.exports.written import Say, value_text

_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*([eE][+-]?[0-9]+)?")
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

COLUMNS = (
    "date", "end", "kind", "title", "code", "system", "measured", "comparator", "value", "unit", "text", "low", "high",
    "range", "interpretation", "status", "verification", "standing", "problems", "detail", "sources", "record",
)  # fmt: skip
"""The columns; their headings are `export.column.<name>`."""


def records_csv(records: Iterable[Record], words: Say) -> bytes:
    """A CSV table (RFC 4180, UTF-8 with byte order mark): a row for each value of each record, at least one for a record.

    Times are FHIR texts as sent; `value` is the bare number in `unit` (UCUM) with a decimal point, whatever the language; `text` is
    the value in words.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(words("export.column." + name)) for name in COLUMNS])
    for record in records:
        for row in _rows(record, words):
            writer.writerow([safe(row[name]) for name in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula. Numbers stay numbers; NUL, which no table may hold, goes."""
    cell = cell.replace("\x00", "")
    if cell.startswith(_STARTS_A_FORMULA) and not _PLAIN_NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def _rows(record: Record, words: Say) -> Iterator[dict[str, str]]:
    item = record.item
    common = _common(record, words)
    for value in item.values or (None,):
        yield common | _measured(item, value, words)


def _common(record: Record, words: Say) -> dict[str, str]:
    item = record.item
    main = item.concept.main
    return {
        "date": item.start or item.issued,
        "end": item.end,
        "kind": words.first("kind." + item.kind, "kind.other", kind=item.kind),
        "title": item.concept.title,
        "code": main.code,
        "system": main.system,
        "status": words("status." + item.status) if words.has("status." + item.status) else item.status,
        "verification": item.verification,
        "standing": words("standing." + record.standing.value),
        "detail": "; ".join(f"{_named(words, key)}: {text}" for key, text in item.detail),
        "sources": "; ".join(mark.label or words("source." + mark.kind) for mark in record.sources),
        "record": record.record_id,
    }


def _measured(item: Item, value: Value | None, words: Say) -> dict[str, str]:
    if value is None:
        return dict.fromkeys(
            ("measured", "comparator", "value", "unit", "text", "low", "high", "range", "interpretation", "problems"), ""
        )
    signal = "signal." + value.signal
    return {
        "measured": words(signal) if value.signal and words.has(signal) else value.concept.title or item.concept.title,
        "comparator": value.bound,
        "value": _bare(value.number),
        "unit": value.unit,
        "text": value_text(words, value),
        "low": _bare(value.low),
        "high": _bare(value.high),
        "range": value.range_text,
        "interpretation": value.interpretation,
        "problems": words("reason." + value.problem) if value.problem and words.has("reason." + value.problem) else value.problem,
    }


def _bare(number: float | None) -> str:
    """A number as every program reads it: "7.2", "120", never "1e+16"."""
    if number is None:
        return ""
    return f"{number:.0f}" if number == int(number) and abs(number) < 1e15 else repr(number)


def _named(words: Say, key: str) -> str:
    return words("detail." + key) if words.has("detail." + key) else key
