"""This is the place where a coordinator finds the people of the panel: search, filter, open one read-only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from core.care import people
from core.care.desk_views import PanelLine, PanelQuery, PanelView
from core.domain.time import PartialTime
from core.ui import address, paging, request_list
from core.ui.markup import empty, head, note, tag
from core.ui.session import Visit, choose_person, close_person, here

SORTS = ("name", "newest", "oldest", "age")
ONLY = ("", "quarantined", "stale", "never")
GENDERS = ("", "female", "male", "other", "unknown")
AGES = {"": (None, None), "child": (None, 17), "adult": (18, 64), "old": (65, None)}


def page(visit: Visit) -> None:
    t = visit.t
    if visit.person is not None:
        close_person()  # the list is the way back; nothing of the person stays held
    st.html(head(t("nav.people"), t("people.question")))
    request_list.draw(visit)
    query = choose(visit)
    view = people.panel(visit.ports, visit.who, query)
    if not view.total:
        st.html(empty(t("people.empty"), t("people.empty_next")))
        return
    st.html(note(t("people.found", n=view.found, total=view.total)))
    if view.lines:
        listing(visit, view)
    else:
        st.html(empty(t("people.nothing_found"), t("people.nothing_found_next")))


def choose(visit: Visit) -> PanelQuery:
    t = visit.t
    with st.container(key="tools_people", horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(t("people.search"), key="people_text", type="search", placeholder=t("people.search_hint"), icon=":material/search:", width=340)
        ages = pick("ages", t("people.age"), tuple(AGES), lambda one: t("people.age_" + (one or "any")), 170)
        gender = pick("gender", t("people.gender"), GENDERS, lambda one: t("gender." + one) if one else t("people.gender_any"), 150)
        only = pick("only", t("people.only"), ONLY, lambda one: t("people.only_" + (one or "all")), 230)
        sort = pick("by", t("records.sort"), SORTS, lambda one: t("people.sort_" + one), 210)
    low, high = AGES[ages]
    query = PanelQuery(text or "", "", low, high, gender, only, sort)
    return replace(query, page=paging.page_of("people_page", query))


def pick(name: str, label: str, options: Sequence[str], written: Callable[[str], str], width: int) -> str:
    """One filter, in the address as a code."""
    address.before(name, options, options[0])
    return address.after(name, st.selectbox(label, options, format_func=written, key=name, width=width), options[0])


def listing(visit: Visit, view: PanelView) -> None:
    t = visit.t
    with st.container(key="list_people"):
        for line in view.lines:
            with st.container(key=f"line_{line.person_id}", horizontal=True):
                st.html(as_line(visit, line))
                if st.button(t("people.open"), key=f"see_{line.person_id}", help=line.name):
                    person = people.open_person(visit.ports, visit.who, line.person_id)
                    choose_person(person.person_id, person.name)
                    st.switch_page(visit.pages["overview"])
    paging.pages("people_page", replace(view.query, page=1), view.pages)


def as_line(visit: Visit, line: PanelLine) -> str:
    """One person: name, age, birth date, what is on record, how old the newest is."""
    t = visit.t
    born = PartialTime.parse(line.birth_date)
    age = t("person.years_old", n=line.age_years) if line.age_years is not None else t("person.no_birth_date")
    gender = t("gender." + line.gender) if t.has("gender." + line.gender) else ""
    aside = tag(t("people.quarantined", n=line.quarantined), "unknown", "unknown") if line.quarantined else ""
    made_up = tag(t("people.synthetic"), "demo") if line.synthetic and not visit.ports.demo else ""
    last = t.age(line.last_at, visit.now) if line.last_at else t("people.never")
    return (
        f'<div class="who"><span><b>{escape(line.name or t("person.no_name"))}</b><br><small>{escape(gender)}</small> {made_up}</span>'
        f'<span>{escape(age)}<br><small>{escape(t.day(born)) if born else ""}</small></span>'
        f'<span>{escape(t("people.records", n=line.records))} {aside}</span><span>{escape(last)}</span>'
        f'<small>{escape(", ".join(line.panels))}</small></div>'
    )


page(here())
