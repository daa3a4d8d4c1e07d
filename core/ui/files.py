"""This is the place where a person takes their record away: a table, a FHIR bundle, a page to print. Made only when asked for."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.care import export
from core.care.access import Action
from core.care.desk_views import Download
from core.errors import HealthboardError
from core.ui.incident import tell
from core.ui.markup import literal, note
from core.ui.session import Reading, Visit


def summary_button(visit: Visit, reading: Reading) -> None:
    """The one-page summary as PDF."""
    t = visit.t
    offer(visit, reading, "pdf", t("button.summary"), lambda: export.summary_pdf(visit.ports, visit.who, reading.person_id, t, t.language))


def export_buttons(visit: Visit, reading: Reading) -> None:
    """Everything as a table and as a FHIR bundle, for those who may take it away."""
    t = visit.t
    if visit.may(Action.EXPORT_RECORD):
        offer(visit, reading, "csv", t("button.records_csv"), lambda: export.csv(visit.ports, visit.who, reading.person_id, t))
        offer(visit, reading, "fhir", t("button.bundle"), lambda: export.bundle(visit.ports, visit.who, reading.person_id))
    if visit.may(Action.PRINT_SUMMARY):
        summary_button(visit, reading)


def offer(visit: Visit, reading: Reading, what: str, label: str, make: Callable[[], Download]) -> None:
    """First a button that makes the file, then one that saves it: nothing is made, or written to the audit trail, unasked."""
    key = f"hb.file.{what}"
    made = st.session_state.get(key)
    if made is None or made[0] != (reading.person_id, reading.revision, visit.t.language):
        if not st.button(label, key=f"make_{what}", icon=":material/download:"):
            return
        try:
            made = ((reading.person_id, reading.revision, visit.t.language), make())
        except HealthboardError as error:
            tell(visit.t, error)
            return
        st.session_state[key] = made
        st.rerun()
    file: Download = made[1]
    st.download_button(
        visit.t("button.save", name=literal(file.file_name)), file.content, file.file_name, file.media_type,
        key=f"save_{what}", icon=":material/check:", on_click="ignore",
    )  # fmt: skip
    if file.left_out:
        st.html(note(visit.t("button.left_out", n=len(file.left_out))))
