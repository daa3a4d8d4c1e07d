"""This is the place where measured things are written out: number, comparator, unit, range, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from types import MappingProxyType

from core.domain.codes import Concept
from core.domain.notation import notation
from core.domain.records import SourceMark, Value
from core.domain.time import PartialTime
from core.ui.icons import icon
from core.ui.words import Words

_SOURCE_ICONS: Mapping[str, str] = MappingProxyType({"file": "file", "server": "server", "demo": "demo", "manual": "pen", "device": "link"})


def unit(t: Words, code: str) -> str:
    """A UCUM unit as a person reads it."""
    if not code:
        return ""
    if t.has("unit." + code):
        return t("unit." + code)
    return notation(code)


def number(t: Words, value: Value) -> str:
    """The bare number with its comparator."""
    if value.number is None:
        return ""
    return bounded(t, value.number, value.bound)


def bounded(t: Words, amount: float, bound: str) -> str:
    said = t.number(amount)
    return f"{bound} {said}" if bound in ("<", "<=", ">", ">=") else said


def said(t: Words, value: Value) -> str:
    """One value as text: "7.2 mmol/L", "Positive", "not measured: patient refused"."""
    match value.form:
        case "quantity" | "ratio" if value.number is not None:
            return f"{number(t, value)} {unit(t, value.unit)}".strip()
        case "absent":
            return t.first("absent." + value.absent, "absent.unknown")
        case "series":
            return t("value.series")
        case "boolean":
            return t("value.yes") if value.text.lower() == "true" or value.number == 1 else t("value.no")
        case "time":
            time = PartialTime.parse(value.text)
            return t.moment(time) if time else value.text
        case "range":
            return span(t, value) or value.text
        case "coded":
            return value.text or (value.coding.display or value.coding.code if value.coding else "")
    return value.text or (value.coding.display if value.coding else "")


def all_said(t: Words, values: Sequence[Value]) -> str:
    """All values of a record in one text; blood pressure as "142/88 mmHg", panels as "name: value"."""
    kept = [value for value in values if value.form != "absent" or len(values) == 1]
    pair = pressure(kept)
    if pair:
        return f"{number(t, pair[0])}/{number(t, pair[1])} {unit(t, pair[0].unit)}"
    if len(kept) == 1:
        return said(t, kept[0])
    return "; ".join(f"{title(t, value.signal, value.concept)}: {said(t, value)}" for value in kept)


def pressure(values: Sequence[Value]) -> tuple[Value, Value] | None:
    """The upper and the lower number of a blood pressure, found by signal and never by position."""
    upper = next((v for v in values if v.signal == "sbp"), None)
    lower = next((v for v in values if v.signal == "dbp"), None)
    if upper is None or lower is None or upper.number is None or lower.number is None or upper.problem or lower.problem:
        return None
    return upper, lower


def title(t: Words, signal: str, concept: Concept) -> str:
    """What was measured, in the reader's words where we know the signal, else in the record's own."""
    return t("signal." + signal) if signal and t.has("signal." + signal) else concept.title or t("value.unnamed")


def span(t: Words, value: Value) -> str:
    """The reference range as the laboratory gave it."""
    said_unit = unit(t, value.unit)
    if value.low is not None and value.high is not None:
        return f"{t.number(value.low)}–{t.number(value.high)} {said_unit}".strip()
    if value.high is not None:
        return t("value.up_to", limit=f"{t.number(value.high)} {said_unit}".strip())
    if value.low is not None:
        return t("value.from", limit=f"{t.number(value.low)} {said_unit}".strip())
    return value.range_text


def source_marks(t: Words, sources: Sequence[SourceMark]) -> str:
    """Where it comes from: an icon for the kind and the name, as HTML; "+1" for further sources, named in the title."""
    if not sources:
        return ""
    names = ", ".join(_source(t, mark) for mark in sources)
    first = sources[0]
    more = f" +{len(sources) - 1}" if len(sources) > 1 else ""
    return (
        f'<span title="{escape(names)}">{icon(_SOURCE_ICONS.get(first.kind, "file"))}'
        f"{escape(_source(t, first))}{more}</span>"
    )


def _source(t: Words, mark: SourceMark) -> str:
    """What a source is called; what a person typed in has no name of its own."""
    return t("source.manual") if mark.kind == "manual" else mark.label or t("source." + mark.kind)


