"""This is the place where a picture of several signals is said: sentences, cautions, legend, table and file of what is shown."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from io import StringIO

from core.care.picture_views import Cells, Part, Picture
from core.ui.cell_marks import HUES, STATE_HUES
from core.ui.markup import Cell, chip, h3, table
from core.ui.missing_words import missing_sentence
from core.ui.sentences import sentence
from core.ui.trend_parts import band_mark, bar_mark, harmless, legend_entries, line_mark, sentences
from core.ui.values import unit
from core.ui.words import Words

MOST_ROWS = 400
SAID_ABOVE = 2
"""Sentences above the picture; the others stand below it."""
_OVERLAPS = frozenset({"overlap", "partly_overlap"})
_CELL_FORMATS = {"15min": "moment", "1h": "moment", "1d": "day", "1w": "day", "1mo": "month"}


def said(t: Words, picture: Picture) -> str:
    """What the picture shows in words, signal by signal, then its legend: what stands above it."""
    several = len(picture.parts) > 1
    parts = "".join(_part(t, part, named=several) for part in picture.parts)
    return f'<div class="chart-said">{parts}{legend(t, picture)}</div>'


def more_said(t: Words, picture: Picture) -> str:
    """What stands below the picture: what is missing, what was left out, what it is."""
    several = len(picture.parts) > 1
    notes = []
    for part in picture.parts:
        told = _all_said(t, part)[SAID_ABOVE:]
        if part.trend.left_out and not several:
            told.append(t("trends.left_out", n=part.trend.left_out))
        if t.has("about." + part.signal):
            told.append(t("about." + part.signal))
        name = f"<b>{escape(t(part.trend.label))}</b> " if several and told else ""
        notes.append("".join(f'<p class="note">{name if at == 0 else ""}{escape(one)}</p>' for at, one in enumerate(told)))
    whole = "".join(f'<p class="note">{escape(sentence(t, fact))}</p>' for fact in picture.said)
    return f'<div class="chart-said">{"".join(notes)}{whole}</div>'


def alt(t: Words, picture: Picture) -> str:
    """The picture for those who do not see it: what it is, then the same sentences."""
    names = t("list.and").join(t(part.trend.label) for part in picture.parts)
    what = t("trends.alt", name=names, start=picture.start, end=picture.end)
    return t.joined((what, *(one for part in picture.parts for one in _all_said(t, part))))


def legend(t: Words, picture: Picture) -> str:
    """Every shape, colour and band of the picture with its word."""
    entries: dict[str, str] = {}
    for part in picture.parts:
        for mark, word in (*legend_entries(t, part.trend), *_summed(t, part)):
            entries.setdefault(word, mark)
    if picture.medicines:
        entries.setdefault(t("trends.medicine_lane"), bar_mark("fourth"))
    if picture.happenings:
        entries.setdefault(t("trends.event_lane"), line_mark("edge"))
    items = "".join(f'<li><img src="{mark}" alt="">{escape(word)}</li>' for word, mark in entries.items())
    return f'<ul class="legend">{items}</ul>' if items else ""


def cells_table(t: Words, part: Part, caption: str, most: int = MOST_ROWS) -> str:
    """What was summed up as a table, newest first."""
    banded = [cells for cells in part.cells if cells.kind == "band"]
    if banded:
        columns = [t("table.when"), t("trends.median"), t("trends.middle_four_fifths"), t("trends.least_most"), t("trends.samples")]
        return table(caption, columns, list(_band_rows(t, part, banded[0]))[:most], [1, 2, 3, 4])
    names = [_bar_name(t, part, cells) for cells in part.cells]
    return table(caption, [t("table.when"), *names, *([t("trends.in_all")] if len(names) > 1 else [])], list(_bar_rows(t, part))[:most], list(range(1, len(names) + 2)))


def picture_csv(t: Words, picture: Picture) -> bytes:
    """Everything that is shown, one line for each value or stretch: UTF-8 with mark, as spreadsheets open it."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([t("trends.csv_signal"), t("table.when"), t("trends.csv_until"), t("trends.csv_value"), t("table.unit"), t("trends.csv_low"), t("trends.csv_high"), t("trends.csv_least"), t("trends.csv_most"), t("trends.samples"), t("table.source")])
    for part in picture.parts:
        writer.writerows(_lines(t, part))
    return out.getvalue().encode("utf-8-sig")


def _part(t: Words, part: Part, *, named: bool) -> str:
    judged = next((row.state for row in part.trend.rows if row.state != "unknown"), "")
    mark = f"<div>{chip(t, judged)}</div>" if judged else ""
    head = h3(t(part.trend.label)) if named else ""
    told = _all_said(t, part)[:SAID_ABOVE]
    text = f'<p class="sentence">{escape(t.joined(told))}</p>' if told else ""
    cautions = "".join(f'<p class="note caution">{escape(t(key))}</p>' for key in part.cautions)
    return f'<div class="part-said">{head}{mark}{text}{cautions}</div>'


def _all_said(t: Words, part: Part) -> list[str]:
    """The sentences of a part: what was summed up first, then the record's own, then what was left out."""
    told = [sentence(t, fact) for fact in part.facts]
    record = sentences(t, part.trend, gaps=False) + sentences(t, part.trend, gaps=True) if part.trend.rows or not part.facts else []
    lacking = [missing_sentence(t, part.missing)] if part.missing and part.missing.parts else []
    return list(dict.fromkeys((*told, *record, *lacking, *_discards(t, part))))


def _discards(t: Words, part: Part) -> Iterator[str]:
    """What does not count because another device told of the same time."""
    for device in part.devices:
        name, label = t(part.trend.label), device.mark.label or t("source." + device.mark.kind)
        if device.left_out and not _OVERLAPS.issuperset(device.reasons):
            why = t("list.and").join(t("discard." + reason) for reason in device.reasons)
            yield t("trends.discarded_why", n=device.left_out, device=label, why=why, name=name)
        elif device.left_out:
            other = t("list.and").join(device.instead) or t("trends.another_device")
            yield t("trends.discarded", n=device.left_out, device=label, other=other, name=name)


def _summed(t: Words, part: Part) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if any(cells.kind == "band" for cells in part.cells):
        found += [(line_mark("accent"), t("trends.median_by_" + part.every)), (band_mark("accent"), t("trends.band_words"))]
    bars = [cells for cells in part.cells if cells.kind == "bar" and len(cells)]
    for at, cells in enumerate(bars):
        hue = STATE_HUES.get(cells.name, (HUES[at % len(HUES)], 1.0))[0] if part.states else HUES[at % len(HUES)]
        found.append((bar_mark(hue, STATE_HUES.get(cells.name, ("", 1.0))[1] if part.states else 0.8), _bar_name(t, part, cells)))
    if part.before and any(len(cells) for cells in part.before):
        found.append((line_mark("fourth"), t("trends.before_mark")))
    return found


def _bar_name(t: Words, part: Part, cells: Cells) -> str:
    return t.first(f"state_of.{part.signal}_{cells.name}", f"state_of.{cells.name}") if part.states else cells.name or t(part.trend.label)


def _band_rows(t: Words, part: Part, cells: Cells) -> Iterator[list[Cell]]:
    for at in range(len(cells) - 1, -1, -1):
        numbers = [cells.middle[at], cells.low[at], cells.high[at], cells.least[at], cells.most[at]]
        middle, low, high, least, most = (t.number(float(n), part.trend.decimals) if n == n else "–" for n in numbers)
        yield [
            Cell(_when(t, cells, at)), Cell(f"{middle} {unit(t, part.trend.unit)}", number=True), Cell(f"{low}–{high}", number=True),
            Cell(f"{least}–{most}", number=True), Cell(t.number(int(cells.count[at])), number=True),
        ]  # fmt: skip


def _bar_rows(t: Words, part: Part) -> Iterator[list[Cell]]:
    known = [{int(start): at for at, start in enumerate(cells.start)} for cells in part.cells]
    starts = sorted({start for one in known for start in one}, reverse=True)
    for start in starts:
        amounts = [float(cells.middle[one[start]]) if start in one else 0.0 for cells, one in zip(part.cells, known, strict=True)]
        cells, at = next((cells, one[start]) for cells, one in zip(part.cells, known, strict=True) if start in one)
        total = [sum(amounts)] if len(amounts) > 1 else []
        measured = unit(t, part.trend.unit)
        yield [Cell(_when(t, cells, at)), *(Cell(f"{t.number(n, part.trend.decimals)} {measured}", number=True) for n in (*amounts, *total))]


def _when(t: Words, cells: Cells, at: int) -> str:
    """A stretch as it is read on the wall: the words of a clock that knows no zone."""
    wall = replace(t, zone=UTC)
    moment = datetime.fromtimestamp(int(cells.start[at]) / 1e9, UTC)
    said_when = _CELL_FORMATS.get(cells.every, "day")
    if said_when == "moment":
        return wall.moment(moment)
    return wall.as_written(moment, "month") if said_when == "month" else wall.day(moment)


def _lines(t: Words, part: Part) -> Iterator[Sequence[str]]:
    name = t(part.trend.label)
    for cells in part.cells:
        who = _bar_name(t, part, cells) if cells.kind == "bar" else ""
        for at in range(len(cells) - 1, -1, -1):
            first, last = (datetime.fromtimestamp(int(edge[at]) / 1e9, UTC).strftime("%Y-%m-%dT%H:%M") for edge in (cells.start, cells.end))
            numbers = [f"{n:g}" if n == n else "" for n in (float(cells.low[at]), float(cells.high[at]), float(cells.least[at]), float(cells.most[at]))]
            yield [name, first, last, f"{float(cells.middle[at]):g}", part.trend.unit, *numbers, str(int(cells.count[at])), harmless(who)]
    for row in part.trend.rows:
        for component, number, bound in row.values:
            value = _state(t, part, number) if part.states else f"{bound}{number:g}"
            yield [t.first("signal." + component, part.trend.label), row.when, "", value, row.unit, "", "", "", "", "1", harmless("; ".join(mark.label for mark in row.sources))]


def _state(t: Words, part: Part, number: float) -> str:
    """The word of a coded value."""
    name = part.states[int(number)] if 0 <= int(number) < len(part.states) else ""
    return t.first(f"state_of.{part.signal}_{name}", f"state_of.{name}") if name else f"{number:g}"

