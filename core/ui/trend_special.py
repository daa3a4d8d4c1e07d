"""This is the place where the views of one kind of signal stand on the page: typical day, nights, home average, findings, missing days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import streamlit as st

from core.care import active, findings, glucose_day, home_readings, hours, missing, nights, pictures, resting
from core.care.access import Action
from core.care.picture_views import PictureQuery
from core.care.trends import TrendShelf
from core.ui import calendar_grid, chart_tools, charts, profile_charts, special_files, special_parts
from core.ui.markup import note
from core.ui.missing_words import missing_sentence
from core.ui.session import Reading, Visit

LOOKS: Mapping[str, tuple[str, ...]] = {
    "cgm_glucose": ("typical",), "hr": ("hours", "resting"), "spo2": ("hours",), "rr": ("hours",), "skin_temp": ("hours",),
    "sleep_stage": ("nights",), "steps": ("active",), "blood_pressure": ("home",), "rhythm_flag": ("findings",), "ecg": ("findings",),
    "ppg": ("findings",),
}  # fmt: skip
"""The signals that have a view of their own beside the one over time."""
MOST_NIGHTS_DRAWN = 92


def of(signal: str, *, devices: bool) -> tuple[str, ...]:
    """The views of a signal, the one to begin with first."""
    own = LOOKS.get(signal, ())
    lacking = ("missing",) if devices and signal != "blood_pressure" and "findings" not in own else ()
    return ("findings", "time") if "findings" in own else ("time", *own, *lacking)


def show(visit: Visit, reading: Reading, kept: TrendShelf, query: PictureQuery, look: str) -> None:
    """One of the views."""
    ways = {
        "typical": typical, "hours": by_hour, "nights": by_night, "home": at_home, "findings": found, "missing": absent,
        "resting": at_rest, "active": by_activity,
    }  # fmt: skip
    ways[look](visit, reading, kept, query)


def typical(visit: Visit, reading: Reading, kept: TrendShelf, query: PictureQuery) -> None:
    t, theme = visit.t, st.context.theme.type or "light"
    view = reading.view("trends.typical", query.off, lambda: glucose_day.view(visit.ports, visit.who, reading.person_id, kept, query.off))
    st.html(reading.prepared("trends.typical", query.off, lambda: special_parts.glucose(t, view)))
    if view.curves is not None:
        figure = reading.prepared("trends.agp", (query.off, theme), lambda: profile_charts.glucose(t, view, theme))
        st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="trend_agp", alt=t("glucose.alt"))
        st.html(note(t("glucose.curves")))
        curves, unit = view.curves, view.unit
        files(visit, reading, "trend_agp", "glucose-day", lambda: special_files.curves(t, curves, unit))


def by_hour(visit: Visit, reading: Reading, kept: TrendShelf, query: PictureQuery) -> None:
    t, theme = visit.t, st.context.theme.type or "light"
    one = PictureQuery(query.signals[:1], query.range, query.start, query.end, off=query.off)
    view = reading.view("trends.hours", one, lambda: hours.view(visit.ports, visit.who, reading.person_id, kept, one))
    st.html(special_parts.facts(t, (*view.said, view.declined)))
    if view.curves is not None:
        figure = reading.prepared("trends.hours", (one, theme), lambda: profile_charts.day(t, view, theme))
        st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="trend_hours", alt=t("hours.alt", name=t("signal." + view.signal)))
        st.html(note(t("hours.curves")))
        curves, unit = view.curves, view.unit
        files(visit, reading, "trend_hours", f"{view.signal}-hours", lambda: special_files.curves(t, curves, unit))


def by_night(visit: Visit, reading: Reading, kept: TrendShelf, query: PictureQuery) -> None:
    t, theme = visit.t, st.context.theme.type or "light"
    one = PictureQuery(query.signals[:1], query.range, query.start, query.end, off=query.off)
    chosen = str(st.session_state.get("trend_night") or "")
    view = reading.view("trends.nights", (one, chosen), lambda: nights.view(visit.ports, visit.who, reading.person_id, kept, one, chosen))
    if view.night is None:
        st.html(note(t("sleep.no_nights")))
        return
    st.html(special_parts.facts(t, (*view.said, view.regularity)))
    st.html(special_parts.stages(t))
    drawn = tuple(reversed(view.nights[:MOST_NIGHTS_DRAWN]))
    figure = reading.prepared("trends.nights", (one, theme), lambda: profile_charts.nights(t, drawn, theme))
    st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="trend_nights", alt=t("sleep.alt_nights", n=len(drawn)))
    days = [night.day for night in view.nights]
    if st.session_state.get("trend_night") not in days:
        st.session_state["trend_night"] = view.night.day
    st.selectbox(t("sleep.choose"), days, format_func=lambda day: t.day(date.fromisoformat(day)), key="trend_night", width=280)
    one_night = reading.prepared("trends.night", (one, view.night.day, theme), lambda: profile_charts.night(t, view, theme))
    st.plotly_chart(one_night, theme=None, config=charts.CONFIG, key="trend_one_night", alt=t("sleep.alt_night", day=date.fromisoformat(view.night.day)))
    files(visit, reading, "trend_nights", "nights", lambda: special_files.nights(t, view))
    st.html(special_parts.nights_table(t, view.nights))


def at_rest(visit: Visit, reading: Reading, kept: TrendShelf, query: PictureQuery) -> None:
    t, theme = visit.t, st.context.theme.type or "light"
    view = reading.view("trends.resting", query.off, lambda: resting.view(visit.ports, visit.who, reading.person_id, kept, query.off))
    st.html(special_parts.facts(t, (*view.said, view.declined)))
    if view.said:
        figure = reading.prepared("trends.resting", (query.off, theme), lambda: profile_charts.resting(t, view, theme))
        st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="trend_resting", alt=t("resting.alt", n=len(view.day)))
        files(visit, reading, "trend_resting", "resting-pulse", lambda: special_files.resting(t, view))
    st.html(note(t("resting.about")))


def by_activity(visit: Visit, reading: Reading, kept: TrendShelf, query: PictureQuery) -> None:
    t, theme = visit.t, st.context.theme.type or "light"
    one = PictureQuery(query.signals[:1], query.range, query.start, query.end, off=query.off)
    view = reading.view("trends.active", one, lambda: active.view(visit.ports, visit.who, reading.person_id, kept, one))
    st.html(special_parts.facts(t, (*view.said, view.declined)))
    if len(view.day):
        figure = reading.prepared("trends.active", (one, theme), lambda: profile_charts.active(t, view, theme))
        st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="trend_active", alt=t("active.alt", n=len(view.day)))
        files(visit, reading, "trend_active", "active-minutes", lambda: special_files.active(t, view))
    st.html(note(t("active.about")))


def at_home(visit: Visit, reading: Reading, kept: TrendShelf, query: PictureQuery) -> None:
    view = reading.view("trends.home", query.off, lambda: home_readings.view(visit.ports, visit.who, reading.person_id, kept, query.off))
    st.html(special_parts.pressure(visit.t, view))
    files(visit, reading, "", "home-average", lambda: special_files.pressure(visit.t, view))


def found(visit: Visit, reading: Reading, kept: TrendShelf, query: PictureQuery) -> None:
    one = PictureQuery(query.signals[:1], query.range, query.start, query.end, off=query.off)
    view = reading.view("trends.findings", one, lambda: findings.view(visit.ports, visit.who, reading.person_id, kept, one))
    st.html(special_parts.findings(visit.t, view))
    files(visit, reading, "", view.signal, lambda: special_files.findings(visit.t, view))


def absent(visit: Visit, reading: Reading, kept: TrendShelf, query: PictureQuery) -> None:
    t = visit.t
    last = kept.made_at.astimezone(t.zone).date()
    first = last - timedelta(days=(query.days or calendar_grid.MOST_MONTHS * 30) - 1 if query.days != 1 else 6)
    first = max(first, last - timedelta(days=calendar_grid.MOST_MONTHS * 30))
    signal = query.signals[0]
    view = reading.view("trends.missing", (signal, first, last), lambda: missing.calendar(visit.ports, visit.who, reading.person_id, signal, first, last))
    st.html(f'<p class="sentence">{missing_sentence(t, view.said)}</p>')
    st.html(reading.prepared("trends.missing", (signal, first, last), lambda: calendar_grid.calendar(t, view)))
    if len(view.streams) > 1:
        for one in view.streams:
            with st.expander(t("trends.calendar_of", device=one.device or one.source), key=f"cal_{one.source_id}_{one.device}", on_change="rerun") as more:
                if more.open:
                    st.html(calendar_grid.days(t, one.days))
    files(visit, reading, "", f"{signal}-missing", lambda: special_files.missing(t, view))
    if not view.zone:
        st.html(note(t("trends.zone_unknown")))


def files(visit: Visit, reading: Reading, chart: str, name: str, make: Callable[[], bytes]) -> None:
    """The view as a file of values, and its picture where it has one."""

    def content() -> bytes:
        pictures.taken(visit.ports, visit.who, reading.person_id, name)
        return make()

    with st.container(key="trend_files", horizontal=True):
        if visit.may(Action.EXPORT_RECORD):
            st.download_button(visit.t("button.csv"), content, f"healthboard-{name}.csv", "text/csv", key="trend_csv", icon=":material/download:", on_click="ignore")
        if chart:
            chart_tools.save_button(visit.t, chart)
            chart_tools.listen(chart)
