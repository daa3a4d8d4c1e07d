"""This is the place where a person sees where the record comes from, brings in more, reads the ledgers, removes a source."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.care import sources
from core.care.access import Action
from core.care.desk_views import SourcesView
from core.domain.ledger import Ledger, Outcome
from core.ports import ServerLogin, SourceInfo, Upload
from core.ui import paging, shell, source_parts, work
from core.ui.markup import empty, h2, head, note
from core.ui.session import Reading, Visit, here

FILE_KINDS = ("json", "ndjson", "jsonl", "gz", "zip")
MOST_LEDGERS = 20
REPORT, REMOVED = "hb.report", "hb.removed"


def page(visit: Visit) -> None:
    t = visit.t
    st.session_state.pop(REMOVED, None)
    reading = visit.reading()
    st.html(head(t("nav.sources"), t("sources.question")))
    under_way(visit)
    view = reading.view("sources", "", lambda: sources.overview(visit.ports, visit.who, reading.person_id))
    st.html(h2(t("sources.connected")))
    if view.sources:
        with st.container(key="list_sources"):
            for info in view.sources:
                connected(visit, reading, info)
    else:
        st.html(empty(t("sources.empty"), t("sources.empty_next")))
    if view.may_import and work.running() is None:
        bring(visit, reading, view)
    imports(visit, reading, view)


def under_way(visit: Visit) -> None:
    """Work that runs, or what came of it."""
    found = work.finished(visit)
    if found is not None:
        st.session_state[REPORT] = found
        shell.say(visit.t("sources.report", n=found.entries, stored=dict(found.counts).get(Outcome.STORED.value, 0), seconds=round(found.seconds)))
    if work.running() is not None:
        work.watch()
    elif (kept := st.session_state.get(REPORT)) is not None:
        st.html(source_parts.report(visit.t, kept))


def connected(visit: Visit, reading: Reading, info: SourceInfo) -> None:
    t = visit.t
    with st.container(key=f"line_{info.source_id}", horizontal=True):
        st.html(source_parts.source(visit, info))
        if info.kind == "server" and visit.may(Action.PULL_RECORDS):
            st.button(t("sources.pull_again"), key=f"again_{info.source_id}", help=info.label, icon=":material/sync:", on_click=pull_again,
                      args=(visit, reading.person_id, info), disabled=work.running() is not None)  # fmt: skip
        may_remove = visit.may(Action.REMOVE_SOURCE)
        if may_remove and st.button(t("sources.remove"), key=f"danger_{info.source_id}", help=info.label, icon=":material/delete:"):
            st.dialog(t("sources.remove_title"), width="small")(confirm_removal)(info)


def pull_again(visit: Visit, person_id: str, info: SourceInfo) -> None:
    st.session_state.pop(REPORT, None)
    work.start(visit, info.label, lambda watch: sources.pull_again(visit.ports, visit.who, person_id, info.source_id, watch=watch))


def confirm_removal(info: SourceInfo) -> None:
    """What is asked before a source goes: the consequence stands in the button."""
    if st.session_state.pop(REMOVED, False):
        st.rerun()  # it is done: close the dialog and draw the page anew
    visit = here()
    t = visit.t
    st.html(note(t("sources.remove_text", name=info.label, n=info.records)))
    with st.container(key="tools_dialog", horizontal=True, horizontal_alignment="right"):
        if st.button(t("sources.keep"), key="keep_source"):
            st.rerun()
        st.button(t("sources.remove_confirm", n=info.records), key="danger_remove", icon=":material/delete:", on_click=remove, args=(visit, info))


def remove(visit: Visit, info: SourceInfo) -> None:
    person_id = visit.person.person_id if visit.person else ""
    gone = sources.remove(visit.ports, visit.who, person_id, info.source_id)
    st.session_state.pop(REPORT, None)
    st.session_state[REMOVED] = True
    shell.say(visit.t("sources.removed", n=gone))


def bring(visit: Visit, reading: Reading, view: SourcesView) -> None:
    """Two ways in: a file from this device, or a server."""
    t = visit.t
    st.html(h2(t("sources.add")))
    with st.expander(t("sources.file"), expanded=not view.sources, icon=":material/upload_file:"):
        st.html(note(t("sources.file_note")))
        most = max(1, view.max_upload_bytes // 1_000_000)
        round_ = st.session_state.get("upload_round", 0)
        files = st.file_uploader(t("sources.choose_files"), FILE_KINDS, accept_multiple_files=True, key=f"upload_{round_}", max_upload_size=most)
        if st.button(t("sources.import", n=len(files)), key="import_files", type="primary", disabled=not files):
            st.session_state["upload_round"] = round_ + 1
            begin_import(visit, reading.person_id, [Upload(file.name, file) for file in files])
            st.rerun()
    with st.expander(t("sources.server"), icon=":material/dns:"):
        server(visit, reading)


def begin_import(visit: Visit, person_id: str, uploads: list[Upload]) -> None:
    st.session_state.pop(REPORT, None)
    name = uploads[0].name if len(uploads) == 1 else visit.t("sources.files", n=len(uploads))
    work.start(visit, name, lambda watch: sources.import_files(visit.ports, visit.who, person_id, uploads, watch=watch))


def server(visit: Visit, reading: Reading) -> None:
    t = visit.t
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
    st.session_state.pop(REPORT, None)
    login = ServerLogin(address.strip(), patient_id.strip(), token.strip())
    work.start(visit, address.strip(), lambda watch: sources.pull(visit.ports, visit.who, reading.person_id, login, watch=watch))
    st.rerun()


def imports(visit: Visit, reading: Reading, view: SourcesView) -> None:
    """Every import with its counts; one of them opened line by line."""
    t = visit.t
    st.html(h2(t("sources.imports"), t("sources.imports_aside")))
    if not view.ledgers:
        st.html(note(t("sources.no_imports")))
        return
    opened = st.session_state.get("ledger", "")
    with st.container(key="list_imports"):
        for one in view.ledgers[:MOST_LEDGERS]:
            with st.container(key=f"line_{one.import_id}", horizontal=True):
                st.html(source_parts.ledger(visit, one))
                label = t("sources.hide_lines") if one.import_id == opened else t("sources.show_lines")
                st.button(label, key=f"lines_{one.import_id}", help=one.file_name or one.source_label, on_click=partial(open_ledger, one.import_id))
            if one.import_id == opened:
                lines(visit, reading, one)


def open_ledger(import_id: str) -> None:
    st.session_state["ledger"] = "" if st.session_state.get("ledger") == import_id else import_id
    st.session_state.pop("ledger_outcome", None)


def lines(visit: Visit, reading: Reading, one: Ledger) -> None:
    t = visit.t
    happened = ["all", *(code for code, count in one.counts if count)]
    outcome = st.pills(
        t("sources.filter"), happened, format_func=lambda code: t("outcome." + code), default="all", key="ledger_outcome",
        required=True, label_visibility="collapsed",
    )  # fmt: skip
    wanted = "" if outcome in (None, "all") else outcome
    asked = (one.import_id, wanted)
    number = paging.page_of("ledger_page", asked)
    view = reading.view("ledger", (one.import_id, wanted, number), lambda: sources.ledger_lines(visit.ports, visit.who, reading.person_id, one.import_id, wanted, number))
    st.html(source_parts.ledger_table(t, view))
    paging.pages("ledger_page", asked, view.pages)


page(here())
