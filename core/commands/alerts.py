"""This is the place where `healthboard alerts replay` is: a clinic's own readings through the rules, before anybody trusts the rules."""

from __future__ import annotations

import csv
import json
import re
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, tzinfo
from pathlib import Path
from typing import Any

from core.alerts.judging import Finding
from core.alerts.readings import Issue, Reading, reading
from core.alerts.replay import ACTS, Act, Replayed, replay
from core.alerts.rules import HIGH, LOW, NEWS, Rule
from core.alerts.rules_json import in_use, with_own
from core.alerts.rules_table import RULES
from core.alerts.states import Alert, Entry
from core.commands.alert_names import PRESSURE, columns, plain, signal_key
from core.commands.answer import Answer, note, table
from core.domain.signals import SIGNALS
from core.errors import BadInput, FileRefused
from core.medications.zones import zone_named

_NUMBER = re.compile(r"^[+-]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})(?:[eE][+-]?\d{1,2})?$")
_COMMA = re.compile(r"^[+-]?\d{1,6},\d{1,2}$")
_MOST_RULES_BYTES = 1_000_000
_MOST_BYTES = 200_000_000
_PAIR = re.compile(r"^\s*(\d{1,3}(?:\.\d)?)\s*/\s*(\d{1,3}(?:\.\d)?)\s*$")
_LONGEST_LINE = 10_000
_YEARS = (1900, 2200)


@dataclass(slots=True)
class _Rows:
    """What stands in the file."""

    readings: list[Reading] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    rows: int = 0
    pairs: int = 0


def replay_file(given: Namespace) -> Answer:
    """The alerts of one person's table. Exit status 0 also where rows were not understood: they are listed."""
    zone = _zone(given.zone)
    rules = with_own(RULES, _rules_document(given.rules)) if given.rules else RULES
    until = _instant(given.until, zone, "--until") if given.until else None
    rows = _rows(given.table, zone)
    said = replay(in_use(rules), rows.readings, rows.acts, until)
    said.issues = sorted([*rows.issues, *said.issues], key=lambda one: (one.line, one.code))
    if rows.refused:
        note(f"{len(rows.refused)} of {rows.rows} rows were not understood.")
    return Answer(_document(rows, said, rules, zone, given.zone), _lines(rows, said, zone))


# ------------------------------------------------------------------------------------------------------------------- what is given


def _zone(name: str | None) -> tzinfo:
    try:
        return zone_named(name or "UTC")
    except (ValueError, KeyError, OSError):
        raise BadInput("bad_choice", place="--zone", need="a time zone name, such as Europe/Berlin") from None


def _rules_document(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_RULES_BYTES + 1)
    except OSError as error:
        raise BadInput("no_such_file", place=str(path), need="a file that can be read") from error
    if len(raw) > _MOST_RULES_BYTES:
        raise BadInput("file_too_large", place=str(path), need=_MOST_RULES_BYTES)
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadInput("not_json", place=str(path), need="JSON: a list of rules (docs/ALERTS.md)") from None


def _instant(text: str, zone: tzinfo, place: str) -> datetime:
    """An ISO instant; without an offset it is the zone's clock; a day alone is its noon."""
    try:
        found = datetime.fromisoformat(text.strip())
        if len(text.strip()) <= 10 and "T" not in text:
            found = datetime.combine(found.date(), time(12))
        found = found if found.tzinfo else found.replace(tzinfo=zone)
        if not _YEARS[0] <= found.astimezone(UTC).year < _YEARS[1]:
            raise ValueError
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput("bad_row", place=place, need="time: ISO 8601, such as 2026-03-29T08:00 or 2026-03-29T08:00+02:00") from None


def _text(path: Path) -> Iterator[str]:
    """The lines, one by one, so that a bad one loses only itself."""
    if str(path) == "-":
        raw = sys.stdin.buffer.read(_MOST_BYTES + 1)
    else:
        try:
            with path.open("rb") as file:
                raw = file.read(_MOST_BYTES + 1)
        except OSError as error:
            raise BadInput("no_such_file", place=str(path), need="a file that can be read") from error
    if len(raw) > _MOST_BYTES:
        raise FileRefused("file_too_large", place=str(path), need=_MOST_BYTES)
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeError as error:
        raise FileRefused("not_text", place=str(path), need="a table as UTF-8 text") from error
    return iter(re.split(r"\r\n|\n|\r", text))


def _rows(path: Path, zone: tzinfo) -> _Rows:
    lines, found, heading = enumerate(_text(path), start=1), _Rows(), ""
    for _, heading in lines:
        if heading.strip():
            break
    delimiter = max(",;\t", key=heading.count)
    names = _cells(heading, delimiter) or []
    at = columns(names)
    if at is None:
        raise FileRefused("not_a_table", place=f"{path.name}, heading", need="columns time, signal, value, unit, each once")
    for line, text in lines:
        if not text.strip():
            continue
        found.rows += 1
        cells = _cells(text, delimiter)
        if cells is None or len(cells) != len(names):
            found.refused.append((line, f"{len(names)} cells, as the heading has"))
            continue
        try:
            _row({name: cells[place].strip() for name, place in at.items()}, line, zone, found)
        except BadInput as error:
            found.refused.append((line, str(error.facts.get("need", ""))))
    return found


def _cells(line: str, delimiter: str) -> list[str] | None:
    if len(line) > _LONGEST_LINE:
        return None
    try:
        return next(csv.reader([line], delimiter=delimiter), None)
    except csv.Error:
        return None


def _row(row: Mapping[str, str], line: int, zone: tzinfo, found: _Rows) -> None:
    when, what = _instant(row["time"], zone, f"line {line}"), signal_key(row["signal"])
    if what in ACTS:
        found.acts.append(_act(row, what, when, line))
        return
    numbers = _pressure(row["value"], line) if plain(row["signal"]) in PRESSURE else [(what, _number(row["value"], line))]
    made = [reading((when, zone), signal, number, row["unit"], line) for signal, number in numbers]
    odd = next((one for one in made if isinstance(one, Issue)), None)
    if odd is not None:
        found.issues.append(odd)  # of a pair neither half is used: they belong together
        return
    found.readings.extend(one for one in made if isinstance(one, Reading))
    found.pairs += len(made) - 1


def _pressure(text: str, line: int) -> list[tuple[str, float]]:
    """A pressure written as one cell. The larger one is the systolic one in every notation: what says otherwise is refused."""
    pair = _PAIR.match(text)
    if pair is None or not float(pair[1]) > float(pair[2]):
        raise BadInput("bad_row", place=f"line {line}", need="value: a pressure as systolic/diastolic, such as 120/80")
    return [("sbp", float(pair[1])), ("dbp", float(pair[2]))]


def _number(text: str, line: int) -> float:
    text = text.replace(",", ".") if _COMMA.match(text) else text
    if not _NUMBER.match(text):
        raise BadInput("bad_row", place=f"line {line}", need="value: a number")
    return float(text)


def _act(row: Mapping[str, str], what: str, when: datetime, line: int) -> Act:
    who, why, where = row.get("who") or "the file", row.get("why") or f"line {line}", row["unit"].lower()
    if what != "snooze":
        return Act(when, what, who, why, where, line=line)
    direction, _, signal = where.partition(":")
    if direction not in (HIGH, LOW) or (signal and signal not in SIGNALS):
        raise BadInput(
            "bad_row", place=f"line {line}", need="unit: high or low, with a signal where it is for one only, such as high:weight"
        )
    hours = _number(row["value"], line)
    if not 0 < hours <= 168:
        raise BadInput("bad_row", place=f"line {line}", need="value: hours, above 0 and at most 168")
    return Act(when, what, who, why, signal, direction, hours, line)


# ---------------------------------------------------------------------------------------------------------------------- the answer


def _document(rows: _Rows, said: Replayed, rules: Sequence[Rule], zone: tzinfo, named: str | None) -> dict[str, Any]:
    by_key = {rule.key: rule for rule in rules}
    return {
        "zone": named or "UTC",
        "zone_assumed": not named,
        "until": _when(said.until, zone),
        "rows": rows.rows,
        "readings": said.readings,
        "pressures_in_one_cell": rows.pairs,
        "acts": len(rows.acts),
        "alerts": [_alert(one, said.evidence.get(one.alert_id, []), by_key, zone) for one in said.alerts],
        "data_issues": [_issue(one, zone) for one in said.issues],
        "not_understood": [{"line": line, "need": need} for line, need in rows.refused],
        "not_enough_to_compare": [
            {"rule": key, "readings": count, "days_at_last": have, "days_needed": need} for key, (count, have, need) in sorted(said.short.items())
        ],
        "rules_off": [rule.key for rule in rules if rule.team],
    }  # fmt: skip


def _when(at: datetime | None, zone: tzinfo) -> str | None:
    return None if at is None else at.astimezone(zone).isoformat()


def _unit(signal: str) -> str:
    return SIGNALS[signal].unit if signal in SIGNALS else "{score}" if signal == NEWS else "1"


def _alert(one: Alert, evidence: Sequence[Finding], rules: Mapping[str, Rule], zone: tzinfo) -> dict[str, Any]:
    return {
        "id": one.alert_id,
        "family": one.family,
        "direction": one.direction,
        "signal": one.signal or None,
        "state": one.state.value,
        "open": one.open,
        "severity": int(one.severity),
        "severity_word": one.severity.word,
        "raised_at": _when(one.raised_at, zone),
        "held_until": _when(one.held_until, zone),
        "worst": round(one.worst, 4),
        "unit": _unit(one.signal) if one.signal else None,
        "rules": [_rule(rules[key]) for key in one.rules if key in rules],
        "evidence": [_evidence(finding, zone) for finding in evidence],
        "timeline": [_entry(entry, zone) for entry in one.timeline],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "key": rule.key, "kind": rule.kind, "limit": round(rule.limit, 4), "strict": rule.strict, "within_days": rule.within or None,
        "confirm": rule.confirm, "worse_by": rule.step or None, "ends_by": rule.recovery or "a_person", "source": rule.source, "year": rule.year, "status": rule.status,
    }  # fmt: skip


def _evidence(one: Finding, zone: tzinfo) -> dict[str, Any]:
    return {
        "at": _when(one.at, zone), "line": one.line or None, "rule": one.rule.key, "value": round(one.value, 4), "unit": _unit(one.rule.signal),
        "compared_with": round(one.reference, 4), "since": one.since or None, "severity": int(one.severity), "confirmed": one.confirmed,
        **{name: round(fact, 4) if isinstance(fact, float) else fact for name, fact in one.facts},
    }  # fmt: skip


def _entry(one: Entry, zone: tzinfo) -> dict[str, Any]:
    return {
        "at": _when(one.at, zone), "event": one.kind.value, "state": one.state.value, "severity": int(one.severity), "to": one.to or None,
        "who": one.who or None, "why": one.why or None, "value": None if one.value is None else round(one.value, 4),
    }  # fmt: skip


def _issue(one: Issue, zone: tzinfo) -> dict[str, Any]:
    return {
        "line": one.line or None,
        "code": one.code,
        "at": _when(one.at, zone),
        "signal": one.signal or None,
        "need": one.need or None,
    }


def _lines(rows: _Rows, said: Replayed, zone: tzinfo) -> list[str]:
    """For people: one line for each step of each alert."""
    lines = []
    if said.alerts:
        entries = [
            [_when(entry.at, zone) or "", one.alert_id, entry.kind.value, entry.state.value, entry.severity.word, " ".join(filter(None, (entry.to, entry.who, entry.why)))]
            for one in said.alerts for entry in one.timeline
        ]  # fmt: skip
        lines = table([["TIME", "ALERT", "EVENT", "STATE", "SEVERITY", "WHO AND WHY"], *entries])
    lines += ["", f"{len(said.alerts)} alerts, {sum(one.open for one in said.alerts)} of them open."]
    lines += [f"line {one.line}: {one.code.replace('_', ' ')} ({one.signal})" for one in said.issues]
    lines += [f"line {line}: not understood; it needs {need}" for line, need in rows.refused]
    return lines
