"""This is the place where a person brings data in: files from this device, with what can be read and how to get it; and a server."""

from __future__ import annotations

import streamlit as st

from core.care import sources
from core.care.desk_views import ImportReport, SourcesView
from core.care.sources import Named
from core.domain.ledger import Outcome
from core.ports import ServerLogin, Upload
from core.ui import shell, source_parts, work
from core.ui.markup import facts, note
from core.ui.session import Reading, Visit

FILE_KINDS = (
    "json", "ndjson", "jsonl", "csv", "tsv", "txt", "xml", "zip", "gz", "fit", "db", "sqlite", "gpx",
)  # fmt: skip
MAKERS = (
    "apple", "fitbit", "garmin", "health_connect", "google_fit", "samsung", "withings", "oura", "dexcom", "libreview", "nightscout",
    "open_mhealth", "table", "clinic",
)  # fmt: skip
"""Where exports come from; `maker.<key>` is its name, `maker_how.<key>` how to get one."""
REPORT, _ROUND, _ASKED = "hb.report", "upload_round", "hb.asked"


def under_way(visit: Visit) -> None:
    """Work that runs, or what came of it; and the question who is meant, where a file holds several people."""
    found = work.finished(visit)
    if found is not None:
        st.session_state[REPORT] = found
        if not found.subjects:
            st.session_state.pop(_ASKED, None)
        stored = dict(found.counts).get(Outcome.STORED.value, 0)
        shell.say(visit.t("sources.report", n=found.entries, stored=stored, seconds=round(found.seconds)))
    if work.running() is not None:
        work.watch()
    elif isinstance(kept := st.session_state.get(REPORT), ImportReport):
        st.html(source_parts.report(visit.t, kept))
        if kept.subjects and _ASKED in st.session_state:
            who_is_meant(visit, kept.subjects)


def who_is_meant(visit: Visit, subjects: tuple[str, ...]) -> None:
    """Several people are in the file: which of them is it?"""
    t, person = visit.t, visit.person
    with st.container(key="card_who"):
        chosen = st.selectbox(t("sources.which_is_you"), subjects, index=None, key="which_subject", placeholder=t("sources.choose_subject"))
        if st.button(t("sources.bring_mine"), key="bring_subject", type="primary", disabled=chosen is None) and person and chosen:
            uploads: list[Upload] = st.session_state[_ASKED]
            begin(visit, person.person_id, uploads, Named(subject=chosen))
            st.rerun()


def begin(visit: Visit, person_id: str, uploads: list[Upload], named: Named = Named()) -> None:
    """Start the import beside the page."""
    forget_report()
    st.session_state[_ASKED] = uploads  # held until it is known that nobody needs to be asked whose they are
    name = uploads[0].name if len(uploads) == 1 else visit.t("sources.files", n=len(uploads))
    work.start(visit, name, lambda watch: sources.import_files(visit.ports, visit.who, person_id, uploads, named, watch=watch), in_bytes=True)


def forget_report() -> None:
    for key in (REPORT, _ASKED):
        st.session_state.pop(key, None)


def from_file(visit: Visit, reading: Reading, view: SourcesView) -> None:
    """Files of a clinic, a device or an app."""
    t = visit.t
    with st.expander(t("sources.file"), expanded=not view.sources, icon=":material/upload_file:"):
        st.html(note(t("sources.file_note")))
        most = max(1, view.max_upload_bytes // 1_000_000)
        round_ = st.session_state.get(_ROUND, 0)
        files = st.file_uploader(t("sources.choose_files"), FILE_KINDS, accept_multiple_files=True, key=f"upload_{round_}", max_upload_size=most)
        if st.button(t("sources.import", n=len(files)), key="import_files", type="primary", disabled=not files):
            st.session_state[_ROUND] = round_ + 1
            begin(visit, reading.person_id, [Upload(file.name, file) for file in files])
            st.rerun()
    with st.expander(t("sources.makers"), icon=":material/help:"):
        st.html(note(t("sources.makers_note")) + facts((t("maker." + key), t("maker_how." + key)) for key in MAKERS))


def from_server(visit: Visit, reading: Reading) -> None:
    """A FHIR server that the person has an address of."""
    t = visit.t
    with st.expander(t("sources.server"), icon=":material/dns:"):
        st.html(note(t("sources.server_note")))
        with st.form("pull", border=False):
            address = st.text_input(t("sources.address"), key="pull_address", type="url", placeholder="https://")
            patient_id = st.text_input(t("sources.patient_id"), key="pull_patient", autocomplete="off")
            token = st.text_input(t("sources.token"), key="pull_token", type="password", autocomplete="off", help=t("sources.token_help"))
            sent = st.form_submit_button(t("sources.pull"), type="primary")
        if not sent:
            return
        if not address.strip() or not patient_id.strip():
            st.warning(t("error.server_incomplete"))
            return
        forget_report()
        login = ServerLogin(address.strip(), patient_id.strip(), token.strip())
        work.start(visit, address.strip(), lambda watch: sources.pull(visit.ports, visit.who, reading.person_id, login, watch=watch))
        st.rerun()
