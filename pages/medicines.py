"""This is the place where a person sees which medicines are on record: what for, how to take them, since when."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.care import medicines
from core.care.views import MedicineLine, MedicinesView
from core.domain.time import PartialTime
from core.ui import lines, shell
from core.ui.markup import card, dotted, empty, h2, head, note, row, rows, tag
from core.ui.session import Visit, here
from core.ui.values import source_marks

_NOW = {"current": ("check", "accent"), "stopped": ("clock", "plain"), "planned": ("clock", "plain"), "on_hold": ("clock", "watch"), "unknown": ("unknown", "unknown")}


def page(visit: Visit) -> None:
    t = visit.t
    reading = visit.reading()
    view = reading.view("medicines", "", lambda: medicines.view(visit.ports, visit.who, reading.person_id))
    st.html(reading.prepared("medicines", "", lambda: whole(visit, view)))
    if view.other:
        with st.expander(t("medicines.other", n=len(view.other))):
            st.html(reading.prepared("medicines.other", "", lambda: listed(visit, view.other)))
    if view.current or view.other or view.unclear:
        with st.container(key="tools_medicines", horizontal=True):
            st.button(t("button.print"), key="print_page", icon=":material/print:", on_click=shell.print_page)


def whole(visit: Visit, view: MedicinesView) -> str:
    t = visit.t
    parts = [head(t("nav.medicines"), t("medicines.question"))]
    if not (view.current or view.unclear or view.other):
        return "".join([*parts, empty(t("medicines.empty"), t("medicines.empty_next"))])
    parts.append(h2(t("medicines.current"), t("medicines.count", n=len(view.current))))
    parts.append(card(listed(visit, view.current)) if view.current else note(t("medicines.none_current")))
    if view.unclear:
        parts += [h2(t("medicines.unclear")), note(t("medicines.unclear_why")), card(listed(visit, view.unclear))]
    parts.append(note(t("medicines.no_schedule")))
    return "".join(parts)


def listed(visit: Visit, found: tuple[MedicineLine, ...]) -> str:
    return rows(one(visit, medicine) for medicine in found)


def one(visit: Visit, medicine: MedicineLine) -> str:
    """A medicine: how to take it first, then what for, who asked for it, since when, where from."""
    t = visit.t
    how = "<br>".join(f"<b>{escape(text)}</b>" for text in medicine.dosage) or escape(t("medicines.no_dosage"))
    start, end = PartialTime.parse(medicine.start), PartialTime.parse(medicine.end)
    since = t("record.from_to", start=t.day(start), end=t.day(end)) if start and end else t("medicines.since", start=start) if start else ""
    details = [
        escape(t("medicines.reason", reason=medicine.reason)) if medicine.reason else "",
        escape(t("medicines.prescriber", name=medicine.prescriber)) if medicine.prescriber else "",
        escape(since), source_marks(t, medicine.line.sources),
    ]  # fmt: skip
    look, tone = _NOW.get(medicine.now, _NOW["unknown"])
    marks = tag(t("medicine_now." + medicine.now), look, tone)
    return row(lines.title(t, medicine.line), "", f"{how}<br>{dotted(details)}", marks)


page(here())
