"""This is the place where a clinician sees everything that matters now about one person, on one page that prints."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.care import overview
from core.care.overview import OverviewView
from core.care.views import Attention
from core.ui import overview_desk, shell
from core.ui import overview_parts as parts
from core.ui.files import summary_button
from core.ui.markup import head
from core.ui.session import Reading, Visit, here

Sections = tuple[tuple[str, Callable[[], str]], ...]
LINKS = ("alerts", "messages", "visits", "trends", "records", "medicines", "adherence", "risks", "checks", "advice", "monitoring")


def page(visit: Visit) -> None:
    t, reading = visit.t, visit.reading()
    minutes = int(visit.now.timestamp() // 300)
    view = reading.view("overview", minutes, lambda: overview.view(visit.ports, visit.who, reading.person_id))
    name = view.today.person.name or t("person.no_name")
    st.html(head(name, t("overview.question")))
    tools(visit, reading)
    overview_desk.urgent(visit, reading)
    whole, left, right, below = sections(visit, view)
    drawn(reading, minutes, whole)
    overview_desk.waiting(visit, reading)
    with st.container(key="overview_columns", horizontal=True):
        for place, parted in (("left", left), ("right", right)):
            with st.container(key="overview_" + place):
                drawn(reading, minutes, parted)
    drawn(reading, minutes, below)
    links(visit)


def drawn(reading: Reading, minutes: int, some: Sections) -> None:
    """Each part that has something to say."""
    for what, write in some:
        if html := reading.prepared("overview." + what, minutes, write):
            st.html(html)


def sections(visit: Visit, view: OverviewView) -> tuple[Sections, Sections, Sections, Sections]:
    """Every part in its order, (name, what writes it): across the page, left, right, and across again."""
    return (
        (
            ("who", lambda: parts.who(visit, view)),
            ("attention", lambda: parts.attention(visit, view, lambda one: because(visit, one))),
        ),
        (
            ("asked", lambda: parts.asked(visit, view)),
            ("problems", lambda: parts.problems(visit, view)),
            ("risks", lambda: parts.risks(visit, view)),
            ("forms", lambda: parts.forms(visit, view)),
        ),
        (
            ("medicines", lambda: parts.medicines(visit, view)),
            ("photos", lambda: parts.photos(visit, view)),
            ("advice", lambda: parts.advice(visit, view)),
        ),
        (("values", lambda: parts.values(visit, view)),),
    )


def because(visit: Visit, one: Attention) -> str:
    return visit.t("overview.rests_on", n=len(one.because)) if one.because else ""


def tools(visit: Visit, reading: Reading) -> None:
    with st.container(key="tools_overview", horizontal=True):
        st.button(visit.t("button.print"), key="print_page", icon=":material/print:", on_click=shell.print_page)
        summary_button(visit, reading)


def links(visit: Visit) -> None:
    """The way to each part's own page."""
    with st.container(key="tools_overview_links", horizontal=True):
        for place in LINKS:
            if place in visit.pages:
                st.page_link(visit.pages[place], label=visit.t("nav." + place))


page(here())
