"""This is the place where one record is shown with everything: what it means, values, sources, versions, original, oddities."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from types import MappingProxyType

import streamlit as st

from core.care import records
from core.care.access import Action
from core.care.views import RecordView
from core.domain.codes import ATC, CVX, ICD10, ICD10CM, LOINC, RXNORM, SNOMED
from core.domain.records import Record, Value
from core.domain.time import PartialTime
from core.ui import lines
from core.ui.markup import Cell, card, facts, h2, head, note, table
from core.ui.sentences import reason, sentence
from core.ui.session import Reading, Visit
from core.ui.values import all_said, said, source_marks, span, title
from core.ui.words import Words

SYSTEMS: Mapping[str, str] = MappingProxyType(
    {LOINC: "LOINC", SNOMED: "SNOMED CT", RXNORM: "RxNorm", ATC: "ATC", CVX: "CVX", ICD10: "ICD-10", ICD10CM: "ICD-10-CM"}
)
MOST_SHOWN = 60_000
"""Characters of an original that are shown; the whole of it is in the FHIR download."""


def open_item(record_id: str) -> None:
    st.query_params["item"] = record_id


def close_item() -> None:
    st.query_params.pop("item", None)


def draw(visit: Visit, reading: Reading, record_id: str) -> None:
    """The page of one record."""
    t = visit.t
    st.button(t("record.back"), key="back_to_records", icon=":material/arrow_back:", type="tertiary", on_click=close_item)
    view = reading.view("record", record_id, lambda: records.one(visit.ports, visit.who, reading.person_id, record_id))
    st.html(reading.prepared("record", record_id, lambda: whole(visit, view)))
    if len(view.history) > 0:
        with st.expander(t("record.versions", n=len(view.history))):
            st.html(reading.prepared("record.history", record_id, lambda: versions(t, view)))
    if visit.may(Action.VIEW_ORIGINAL):
        _original(visit, reading, record_id)


def whole(visit: Visit, view: RecordView) -> str:
    """Title, plain words, every value, details, sources, and why it is odd."""
    t, line = visit.t, view.line
    plain = t.joined((sentence(t, line.plain), _about(t, view)))
    parts = [head(lines.title(t, line), plain or t.first("kind_about." + line.kind, "kind_about.other"))]
    parts.append(f'<div class="marks">{lines.chips(t, line)}</div>')
    if len(line.values) > 1:
        parts.append(h2(t("record.values")) + _values(t, line.values))
    parts.append(card(facts(_facts(visit, view), ready=True)))
    odd = [reason(t, code) for code in lines.problems(line)]
    if line.see_original:
        odd.append(t("record.see_original_why"))
    if odd:
        parts.append(h2(t("record.odd")) + "".join(note(one) for one in odd))
    if view.record.item.narrative:
        parts.append(h2(t("record.narrative")) + f'<div class="card narrative">{view.record.item.narrative}</div>')  # sanitised on its way in (nh3)
    return "".join(parts)


def _about(t: Words, view: RecordView) -> str:
    """What is measured there, in plain words, where we know the signal."""
    signals = [value.signal for value in view.line.values]
    signal = "blood_pressure" if {"sbp", "dbp"} <= set(signals) else signals[0] if len(signals) == 1 else ""
    return t("about." + signal) if signal and t.has("about." + signal) else ""


def _code(view: RecordView) -> str:
    """The code with the short name of its system."""
    line = view.line
    return f"{SYSTEMS.get(line.system, line.system)} {line.code}".strip() if line.code else ""


def versions(t: Words, view: RecordView) -> str:
    """What the record was before, newest first."""
    columns = [t("table.received"), t("table.value"), t("table.standing"), t("table.source")]
    return table(t("record.versions", n=len(view.history)), columns, (_version(t, one) for one in view.history))


def _version(t: Words, record: Record) -> list[Cell]:
    value = all_said(t, record.item.values) or record.item.concept.title
    return [Cell(t.moment(record.received_at)), Cell(value), Cell(t("standing." + record.standing.value)), Cell("", html=source_marks(t, record.sources))]


def _facts(visit: Visit, view: RecordView) -> list[tuple[str, str]]:
    t, line, item = visit.t, view.line, view.record.item
    single = line.values[0] if len(line.values) == 1 else None
    return [
        (t("record.kind"), escape(t.first("kind." + line.kind, "kind.other"))),
        (t("record.own_words"), escape(line.title) if line.title not in (lines.title(t, line), line.code) else ""),
        (t("table.value"), f"<b>{escape(said(t, single))}</b>" if single else ""),
        (t("record.as_sent"), escape(said(t, item.values[0])) if single and len(item.values) == 1 and item.values[0] != single else ""),
        (t("record.reference_range"), escape(span(t, single)) if single else ""),
        (t("table.when"), escape(_times(visit, line.when, line.end))),
        (t("table.status"), escape(lines.status(t, line.status)) if line.status else ""),
        *((t.first("detail." + key, "detail.other"), escape(_detail(t, text))) for key, text in line.detail),
        (t("table.source"), "<br>".join(source_marks(t, (mark,)) for mark in line.sources)),
        (t("table.received"), escape(t.moment(view.record.received_at))),
        (t("record.code"), escape(_code(view))),
    ]


def _times(visit: Visit, start: str, end: str) -> str:
    t = visit.t
    first, last = PartialTime.parse(start), PartialTime.parse(end)
    if first is None:
        return t("record.no_time")
    said_start = f"{t.moment(first)} ({t.age(first, visit.now)})"
    return t("record.from_to", start=t.moment(first), end=t.moment(last)) if last else said_start


def _detail(t: Words, text: str) -> str:
    time = PartialTime.parse(text) if len(text) >= 10 else None
    return t.moment(time) if time else text


def _values(t: Words, values: tuple[Value, ...]) -> str:
    columns = [t("table.what"), t("table.value"), t("record.reference_range"), ""]
    rows = (
        [Cell(title(t, v.signal, v.concept)), Cell(said(t, v)), Cell(span(t, v)), Cell(reason(t, v.problem) if v.problem else "")] for v in values
    )
    return table(t("record.values"), columns, rows)


def _original(visit: Visit, reading: Reading, record_id: str) -> None:
    """The JSON as it came, and what a strict reading of FHIR R4 says of it; both are read only when opened."""
    t = visit.t
    with st.expander(t("record.original"), key="original", on_change="rerun") as shown:
        if shown.open:
            text = reading.view("original", record_id, lambda: records.original(visit.ports, visit.who, reading.person_id, record_id))
            st.code(_cut(text), language="json", wrap_lines=True)
    with st.expander(t("record.why_odd"), key="why_odd", on_change="rerun") as asked:
        if asked.open:
            found = reading.view("why_odd", record_id, lambda: records.why_odd(visit.ports, visit.who, reading.person_id, record_id))
            st.html("".join(note(one) for one in found) if found else note(t("record.nothing_odd")))


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "\n…"
