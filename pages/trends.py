"""This is the place where a person sees what has changed: values over time as sentence, picture and table, and the views of each kind."""

from __future__ import annotations

import streamlit as st

from core.care import offers, pictures, trends
from core.care.access import Action
from core.care.picture_views import Offers, Picture, PictureQuery
from core.care.trends import TrendShelf
from core.ui import chart_tools, charts, picture_parts, trend_choice, trend_notes, trend_parts, trend_special
from core.ui.markup import empty, h2, head, note
from core.ui.session import Reading, Visit, here
from core.ui.trend_notes import clock

FIRST_ROWS, MOST_ROWS = 12, 400


def page(visit: Visit) -> None:
    t = visit.t
    reading = visit.reading()
    st.html(head(t("nav.trends"), t("trends.question")))
    shelf = reading.view("trends", "", lambda: trends.shelf(visit.ports, visit.who, reading.person_id))
    offered = reading.view("trends.offers", "", lambda: offers.offers(visit.ports, visit.who, reading.person_id, shelf))
    if not offered.groups:
        st.html(empty(t("trends.empty"), t("trends.empty_next")))
        return
    first = trend_choice.signal(visit, offered)
    with st.container(key="trend_top", horizontal=True):
        span = trend_choice.span(visit)
        chosen = (first, *trend_choice.below(visit, offered, first))
    look = choose_look(visit, offered, chosen[0])
    query = trend_choice.query(visit, chosen, span)
    with st.container(key="card_trend"):
        if look == "time":
            over_time(visit, reading, shelf, query)
        else:
            trend_special.show(visit, reading, shelf, query, look)


def choose_look(visit: Visit, offered: Offers, signal: str) -> str:
    """Over time, or one of the views of this kind of signal."""
    t = visit.t
    devices = any(offer.signal == signal and offer.sources for group in offered.groups for offer in group.offers)
    looks = trend_special.of(signal, devices=devices)
    if len(looks) < 2:
        return "time"
    if st.session_state.get("trend_look") not in looks:
        st.session_state["trend_look"] = looks[0]
    st.segmented_control(t("trends.choose_look"), looks, format_func=lambda code: t("trends.look_" + code), key="trend_look", required=True, label_visibility="collapsed")
    return str(st.session_state["trend_look"] or "time")


def over_time(visit: Visit, reading: Reading, shelf: TrendShelf, query: PictureQuery) -> None:
    view = reading.view("trends.picture", query, lambda: pictures.picture(visit.ports, visit.who, reading.person_id, query, shelf))
    with st.container(key="tools_trend", horizontal=True):
        trend_choice.compare(visit, query.range)
        trend_choice.devices(visit, view)
    st.html(reading.prepared("trends.said", query, lambda: picture_parts.said(visit.t, view)))
    if all(part.empty for part in view.parts):
        st.html(empty(visit.t("trends.nothing_then"), visit.t("trends.nothing_then_next")))
        trend_choice.steps(visit, view)
        return
    picture(visit, reading, view)
    trend_choice.steps(visit, view)
    st.html(reading.prepared("trends.more_said", query, lambda: picture_parts.more_said(visit.t, view)))
    trend_notes.row(visit, reading, view)
    files(visit, reading, shelf, view)
    values(visit, reading, view)


def picture(visit: Visit, reading: Reading, view: Picture) -> None:
    t, theme = trend_choice.on_clock(visit, view), st.context.theme.type or "light"
    figure = reading.prepared("trends.chart", (view.query, theme), lambda: charts.stack(t, view, theme, zoom=True))

    def stretch(first: float, last: float) -> None:
        trend_choice.zoom(visit, chart_tools.instant_of(first, clock(visit, view)), chart_tools.instant_of(last, clock(visit, view)))

    def moment(at: float) -> None:
        trend_notes.clicked(visit, view, at)

    hands = chart_tools.Hands(stretch, moment if visit.may(Action.EDIT_SERIES) else None)
    chart_tools.draw(figure, picture_parts.alt(visit.t, view), hands)


def files(visit: Visit, reading: Reading, shelf: TrendShelf, view: Picture) -> None:
    """The picture and what it shows, to take away."""
    t = visit.t
    with st.container(key="trend_files", horizontal=True):
        if visit.may(Action.EXPORT_RECORD):
            name = f"healthboard-{'-'.join(view.query.signals)}-{view.query.range}.csv"


            def content() -> bytes:
                return picture_parts.picture_csv(t, pictures.exportable(visit.ports, visit.who, reading.person_id, view.query, shelf))

            st.download_button(t("button.csv"), content, name, "text/csv", key="trend_csv", icon=":material/download:", on_click="ignore")
        chart_tools.save_button(t, chart_tools.CHART)


def values(visit: Visit, reading: Reading, view: Picture) -> None:
    """The same facts as tables: the first signal open, the others to be opened."""
    t = visit.t
    for at, part in enumerate(view.parts):
        name = t(part.trend.label)
        if part.cells:
            summed(visit, reading, view, at)
        if part.trend.rows and not part.states:
            st.html(h2(name if len(view.parts) > 1 or part.cells else t("trends.values"), t("trends.values_count", n=len(part.trend.rows))))
            single(visit, reading, view, at)


def summed(visit: Visit, reading: Reading, view: Picture, at: int) -> None:
    """What was summed up by hour, day, week or month."""
    t, part = visit.t, view.parts[at]
    name = t(part.trend.label)
    with st.expander(t("trends.table_of", name=name), key=f"trend_cells_{at}", on_change="rerun") as more:
        if more.open:
            caption = t("trends.table_caption", name=name)
            st.html(reading.prepared("trends.cells", (view.query, at), lambda: picture_parts.cells_table(t, part, caption)))


def single(visit: Visit, reading: Reading, view: Picture, at: int) -> None:
    """The readings of one signal, newest first; older ones on demand."""
    t, trend = visit.t, view.parts[at].trend
    caption, rows = t("trends.table_caption", name=t(trend.label)), trend.rows
    st.html(reading.prepared("trends.rows", (view.query, at), lambda: trend_parts.values_table(t, trend, rows[:FIRST_ROWS], caption)))
    if len(rows) > FIRST_ROWS:
        with st.expander(t("trends.more_rows", n=min(len(rows), MOST_ROWS) - FIRST_ROWS), key=f"trend_rows_{at}", on_change="rerun") as more:
            if more.open:
                st.html(reading.prepared("trends.more", (view.query, at), lambda: trend_parts.values_table(t, trend, rows[FIRST_ROWS:MOST_ROWS], caption)))
                if len(rows) > MOST_ROWS:
                    st.html(note(t("trends.rest_in_file")))


page(here())
