"""This is the place where a person finds everything that is on record: by shelf, as a timeline, by search, one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from core.care import records
from core.care.views import RecordLine, RecordQuery, RecordShelf, RecordsView
from core.ui import address, lines, paging, record_detail, shell
from core.ui.files import export_buttons
from core.ui.markup import empty, h3, head, note
from core.ui.session import Reading, Visit, here
from core.ui.words import Words

ALL = "all"
SORTS = ("newest", "oldest", "title")
STANDINGS = ("", "quarantined", "superseded", "retracted")


def page(visit: Visit) -> None:
    reading = visit.reading()
    wanted = st.query_params.get("item", "")
    if wanted:
        record_detail.draw(visit, reading, wanted)
        return
    t = visit.t
    shelf = reading.view("records", "", lambda: records.shelf(visit.ports, visit.who, reading.person_id))
    st.html(head(t("nav.records"), t("records.question")))
    if not shelf.records and not shelf.raw_counts:
        st.html(empty(t("records.empty"), t("records.empty_next")))
        return
    query = choose(visit, reading, shelf)
    query = replace(query, page=paging.page_of("records_page", asked(reading, query)))
    view = reading.view("records.page", query, lambda: records.select(shelf, query))
    st.html(note(t("records.found", n=view.found)))
    if view.lines:
        listing(visit, reading, view)
    else:
        st.html(empty(t("records.nothing_found"), t("records.nothing_found_next")))
    foot(visit, reading, view)


def choose(visit: Visit, reading: Reading, shelf: RecordShelf) -> RecordQuery:
    """Words to look for, the shelf, what it counts for, the order: all in the address as codes, except the words."""
    t = visit.t
    text = st.text_input(t("records.search"), key="records_text", type="search", placeholder=t("records.search_hint"), icon=":material/search:")
    address.before("standing", STANDINGS, "")
    address.before("order", SORTS, SORTS[0])
    all_shelves = RecordQuery(text=text or "", standing=st.session_state["standing"])
    numbers = dict(reading.view("records.page", all_shelves, lambda: records.select(shelf, all_shelves)).counts)
    known = [ALL, *numbers]
    labels = {one: shelf_label(t, one, numbers) for one in known}
    address.before("shelf", known, ALL)
    group = st.pills(
        t("records.shelf"), known, format_func=labels.__getitem__, key="shelf", required=True, label_visibility="collapsed"
    )
    with st.container(key="tools_records", horizontal=True, vertical_alignment="bottom"):
        order = st.selectbox(t("records.sort"), SORTS, format_func=lambda one: t("records.sort_" + one), key="order", width=220)
        standing = st.selectbox(
            t("records.standing"), STANDINGS, format_func=lambda one: t("standing." + one) if one else t("records.standing_current"),
            key="standing", width=260,
        )  # fmt: skip
    picked = address.after("shelf", group, ALL)
    return RecordQuery(
        "" if picked == ALL else picked, text or "", address.after("standing", standing, ""), address.after("order", order, SORTS[0])
    )


def shelf_label(t: Words, group: str, numbers: dict[str, int]) -> str:
    number = sum(numbers.values()) if group == ALL else numbers[group]
    return f"{t('group.' + group)} {t.number(number)}"


def listing(visit: Visit, reading: Reading, view: RecordsView) -> None:
    """The page as a timeline (newest or oldest first) or as one list by name; every line opens."""
    t = visit.t
    parts = view.timeline if view.query.sort != "title" else ()
    groups: list[tuple[str, tuple[RecordLine, ...]]] = [(month(t, part.year, part.month), part.lines) for part in parts] or [("", view.lines)]
    below = reading.prepared("records.lines", view.query, lambda: {one.record_id: lines.as_block(t, one, visit.now) for one in view.lines})
    for at, (title, found) in enumerate(groups):
        if title:
            st.html(h3(title))
        with st.container(key=f"list_{at}"):
            for line in found:
                st.button(lines.title(t, line), key=f"open_{line.record_id}", type="tertiary", on_click=record_detail.open_item, args=(line.record_id,))
                st.html(below[line.record_id])
    paging.pages("records_page", asked(reading, view.query), view.pages)


def asked(reading: Reading, query: RecordQuery) -> tuple[object, ...]:
    """What decides the list: another question, or a changed record, begins at the first page."""
    return (reading.person_id, reading.revision, query.group, query.text, query.standing, query.sort)


def month(t: Words, year: int, number: int) -> str:
    if not year:
        return t("record.no_time")
    return t.as_written(date(year, number or 1, 1), "month" if number else "year")


def foot(visit: Visit, reading: Reading, view: RecordsView) -> None:
    t = visit.t
    kept = sum(number for _, number in view.raw_counts)
    if kept:
        kinds = t("list.comma").join(f"{t.first('kind.' + kind, 'kind.other')} {t.number(number)}" for kind, number in view.raw_counts[:12])
        st.html(note(t("records.kept_raw", n=kept, kinds=kinds)))
    with st.container(key="tools_export", horizontal=True):
        export_buttons(visit, reading)
        st.button(t("button.print"), key="print_page", icon=":material/print:", on_click=shell.print_page)


page(here())
