"""This is the place where a person sees what has changed: one value over time, as sentence, picture and table."""

from __future__ import annotations

import streamlit as st

from core.care import trends
from core.care.access import Action
from core.care.views import TrendQuery, TrendView
from core.ui import address, charts, trend_parts
from core.ui.markup import empty, h2, head, note
from core.ui.session import Reading, Visit, here

RANGES = ("1W", "1M", "3M", "6M", "1Y", "2Y", "5Y", "all")
FIRST_RANGE = "3M"
MOST_PILLS = 12
FIRST_ROWS, MOST_ROWS = 12, 400


def page(visit: Visit) -> None:
    t = visit.t
    reading = visit.reading()
    st.html(head(t("nav.trends"), t("trends.question")))
    shelf = reading.view("trends", "", lambda: trends.shelf(visit.ports, visit.who, reading.person_id))
    start = draw(reading, shelf, TrendQuery())
    if not start.choices:
        st.html(empty(t("trends.empty"), t("trends.empty_next")))
        return
    signal, span = choose(visit, start)
    view = draw(reading, shelf, TrendQuery(signal, span))
    with st.container(key="card_trend"):
        st.html(reading.prepared("trends.said", view.query, lambda: trend_parts.said(t, view)))
        if view.rows:
            picture(visit, reading, view)
        else:
            st.html(empty(t("trends.nothing_then"), t("trends.nothing_then_next")))
    if view.rows:
        values(visit, reading, view)


def draw(reading: Reading, shelf: trends.TrendShelf, query: TrendQuery) -> TrendView:
    return reading.view("trends.view", query, lambda: trends.draw(shelf, query))


def choose(visit: Visit, view: TrendView) -> tuple[str, str]:
    """Which value and how far back; both are in the address as codes."""
    t = visit.t
    labels = {choice.signal: t(choice.label) for choice in view.choices}
    known, first = list(labels), view.signal
    address.before("signal", known, first)
    if len(known) <= MOST_PILLS:
        signal = st.pills(t("trends.choose_signal"), known, format_func=labels.__getitem__, key="signal", required=True, label_visibility="collapsed")
    else:
        signal = st.selectbox(t("trends.choose_signal"), known, format_func=labels.__getitem__, key="signal", width=380)
    address.before("range", RANGES, FIRST_RANGE)
    span = st.segmented_control(
        t("trends.choose_range"), RANGES, format_func=lambda code: t("range." + code), key="range", required=True, label_visibility="collapsed"
    )
    return address.after("signal", signal, first), address.after("range", span, FIRST_RANGE)


def picture(visit: Visit, reading: Reading, view: TrendView) -> None:
    theme = st.context.theme.type or "light"
    figure = reading.prepared("trends.chart", (view.query, theme), lambda: charts.chart(visit.t, view, theme))
    st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="trend_chart", alt=trend_parts.alt(visit.t, view))


def values(visit: Visit, reading: Reading, view: TrendView) -> None:
    """The same facts as a table, and as a file."""
    t, rows = visit.t, view.rows
    st.html(h2(t("trends.values"), t("trends.values_count", n=len(rows))))
    caption = t("trends.table_caption", name=t(view.label))
    st.html(reading.prepared("trends.rows", view.query, lambda: trend_parts.values_table(t, view, rows[:FIRST_ROWS], caption)))
    if len(rows) > FIRST_ROWS:
        with st.expander(t("trends.more_rows", n=min(len(rows), MOST_ROWS) - FIRST_ROWS), key="trend_rows", on_change="rerun") as more:
            if more.open:
                st.html(reading.prepared("trends.more", view.query, lambda: trend_parts.values_table(t, view, rows[FIRST_ROWS:MOST_ROWS], caption)))
                if len(rows) > MOST_ROWS:
                    st.html(note(t("trends.rest_in_file")))
    if visit.may(Action.EXPORT_RECORD):
        name = f"healthboard-{view.signal}-{view.query.range}.csv"
        content = reading.prepared("trends.csv", view.query, lambda: trend_parts.values_csv(t, view))
        st.download_button(t("button.csv"), content, name, "text/csv", key="trend_csv", icon=":material/download:", on_click="ignore")


page(here())
