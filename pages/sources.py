"""This is the place where a person sees where the record comes from, how each device stands, brings in more, and removes a source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

import streamlit as st

from core.care import device_lines, sources
from core.care.access import Action
from core.care.desk_views import SourcesView
from core.domain.ledger import Ledger
from core.ports import SourceInfo
from core.ui import bring_in, device_connect, device_list, entry, paging, shell, source_parts, work
from core.ui.markup import empty, h2, head, note
from core.ui.session import Reading, Visit, here

MOST_LEDGERS = 20
REMOVED = "hb.removed"


def page(visit: Visit) -> None:
    t = visit.t
    st.session_state.pop(REMOVED, None)
    reading = visit.reading()
    st.html(head(t("nav.sources"), t("sources.question")))
    view = reading.view("sources", "", lambda: sources.overview(visit.ports, visit.who, reading.person_id))
    entry.button(visit, reading)
    known = reading.view("devices", "", lambda: device_lines.overview(visit.ports, visit.who, reading.person_id))
    device_list.listed(visit, reading, known)
    st.html(h2(t("sources.connected")))
    if view.sources:
        with st.container(key="list_sources"):
            for info in view.sources:
                connected(visit, reading, info)
    else:
        st.html(empty(t("sources.empty"), t("sources.empty_next")))
    if view.may_import:
        st.html(h2(t("sources.add")))
        bring_in.under_way(visit)
        if work.running() is None:
            bring_in.from_file(visit, reading, view)
            device_connect.connect(visit, reading)
            bring_in.from_server(visit, reading)
    device_list.home_clock(visit, reading, known)
    imports(visit, reading, view)


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
    bring_in.forget_report()
    work.start(visit, info.label, lambda watch: sources.pull_again(visit.ports, visit.who, person_id, info.source_id, watch=watch))


def confirm_removal(info: SourceInfo) -> None:
    """What is asked before a source goes: the consequence stands in the button."""
    if st.session_state.pop(REMOVED, False):
        st.rerun()  # it is done: close the dialog and draw the page anew
    visit = here()
    t = visit.t
    what = source_parts.amount(t, info.records, info.samples)
    st.html(note(t("sources.remove_text", name=source_parts.source_name(t, info.kind, info.label), what=what)))
    with st.container(key="tools_dialog", horizontal=True, horizontal_alignment="right"):
        if st.button(t("sources.keep"), key="keep_source"):
            st.rerun()
        st.button(t("sources.remove_confirm", what=what), key="danger_remove", icon=":material/delete:", on_click=remove, args=(visit, info))


def remove(visit: Visit, info: SourceInfo) -> None:
    person_id = visit.person.person_id if visit.person else ""
    gone = sources.remove(visit.ports, visit.who, person_id, info.source_id)
    bring_in.forget_report()
    st.session_state[REMOVED] = True
    shell.say(visit.t("sources.removed", what=source_parts.amount(visit.t, gone, info.samples)))


def imports(visit: Visit, reading: Reading, view: SourcesView) -> None:
    """Every import with its counts; one of them opened line by line. What comes one by one stands in one line for each source."""
    t = visit.t
    st.html(h2(t("sources.imports"), t("sources.imports_aside")))
    if not view.ledgers:
        st.html(note(t("sources.no_imports")))
        return
    kinds = {info.source_id: info.kind for info in view.sources}
    single = [one for one in view.ledgers if kinds.get(one.source_id) not in source_parts.FOLDED]
    opened = st.session_state.get("ledger", "")
    with st.container(key="list_imports"):
        for source_id, several in folded(view.ledgers, kinds).items():
            with st.container(key=f"line_folded_{source_id}", horizontal=True):
                st.html(source_parts.folded(visit, kinds[source_id], several))
        for one in single[:MOST_LEDGERS]:
            with st.container(key=f"line_{one.import_id}", horizontal=True):
                st.html(source_parts.ledger(visit, one))
                label = t("sources.hide_lines") if one.import_id == opened else t("sources.show_lines")
                st.button(label, key=f"lines_{one.import_id}", help=one.file_name or one.source_label, on_click=partial(open_ledger, one.import_id))
            if one.import_id == opened:
                lines(visit, reading, one)


def folded(ledgers: Iterable[Ledger], kinds: Mapping[str, str]) -> dict[str, list[Ledger]]:
    """The imports of sources that bring one thing at a time, by source."""
    found: dict[str, list[Ledger]] = {}
    for one in ledgers:
        if kinds.get(one.source_id) in source_parts.FOLDED:
            found.setdefault(one.source_id, []).append(one)
    return found


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
