"""This is the place where the size of a wound over time is drawn, and said in a sentence and a table with the same facts."""

from __future__ import annotations

from datetime import timedelta
from html import escape

import plotly.graph_objects as go
import streamlit as st

from core.care.check_views import SpotLine
from core.ui import charts
from core.ui.axes import one_ms, ticks
from core.ui.chart_frame import FONT
from core.ui.markup import Cell, h2, note, table
from core.ui.session import Reading, Visit
from core.ui.tokens import palette
from core.ui.words import Words

HEIGHT = 240
_STEADY = 1.0
"""Per cent a week under which nothing is said of a direction: the sentence says "about the same"."""


def draw(visit: Visit, reading: Reading, line: SpotLine) -> None:
    """Sentence, picture, table; or why there is none yet."""
    t = visit.t
    st.html(h2(t("photo.size"), t("photo.size_aside")))
    if not line.areas:
        st.html(note(t("photo.size_none")))
        return
    st.html(f'<div class="chart-said"><p class="sentence">{escape(said(t, line))}</p></div>' + note(t("photo.size_limits." + line.unit)))
    if len(line.areas) > 1:
        theme = st.context.theme.type or "light"
        drawn = reading.prepared("check.areas", (line.spot.spot_id, line.areas, theme), lambda: figure(t, line, theme))
        st.plotly_chart(drawn, theme=None, config=charts.CONFIG, key="check_areas", alt=t("photo.size_alt", said=said(t, line)))
    rows = [(Cell(t.moment(when)), Cell(amount(t, line.unit, value), number=True)) for when, value in reversed(line.areas)]
    st.html(table(t("photo.size"), (t("photo.when"), t("photo.size_column")), rows, (1,)))


def amount(t: Words, unit: str, value: float) -> str:
    """An area with its unit."""
    return t("photo.area_cm2", area=t.number(value, 1)) if unit == "cm2" else t("photo.area_share", percent=t.number(value * 100, 1))


def said(t: Words, line: SpotLine) -> str:
    """From the first to the newest size, and how much that is a week, where enough photos say so."""
    (first_at, first), (last_at, last) = line.areas[0], line.areas[-1]
    if len(line.areas) == 1:
        return t("photo.size_one", size=amount(t, line.unit, first), when=t.day(first_at))
    parts = [t("photo.size_said", before=amount(t, line.unit, first), start=t.day(first_at), after=amount(t, line.unit, last), end=t.day(last_at))]
    if line.healing is None:
        parts.append(t("photo.size_too_few"))
    elif abs(line.healing) < _STEADY:
        parts.append(t("photo.size_same"))
    else:
        key = "photo.size_smaller" if line.healing < 0 else "photo.size_larger"
        parts.append(t(key, percent=t.number(abs(line.healing), 0)))
    return t.joined(parts)


def figure(t: Words, line: SpotLine, theme: str) -> go.Figure:
    """Points where a photo was measured, on a true time axis from zero; a thin line only between neighbours."""
    colours = palette(theme)
    times, scale = [when for when, _ in line.areas], 1.0 if line.unit == "cm2" else 100.0
    marks = ticks(t, times[0], times[-1])
    room = max((one_ms(times[-1], t.zone) - one_ms(times[0], t.zone)) * 0.05, timedelta(hours=12).total_seconds() * 1000)
    hover = [f"{t.moment(when)}<br>{amount(t, line.unit, value)}" for when, value in line.areas]
    points = go.Scatter(
        x=[one_ms(when, t.zone) for when in times], y=[value * scale for _, value in line.areas], mode="lines+markers", text=hover, hoverinfo="text",
        line={"color": colours["accent"], "width": 1.2, "dash": "dot"}, marker={"color": colours["accent"], "size": 10},
    )  # fmt: skip
    drawn = go.Figure(points)
    drawn.update_layout(
        template="none", height=HEIGHT, margin={"l": 52, "r": 16, "t": 26, "b": 34}, paper_bgcolor=colours["card"], plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 14, "color": colours["muted"]}, showlegend=False, dragmode=False,
        hoverlabel={"bgcolor": colours["card"], "bordercolor": colours["edge"], "font": {"color": colours["ink"], "size": 14}},
        annotations=[{"xref": "paper", "x": 0, "yref": "paper", "y": 1, "yshift": 18, "xanchor": "left", "showarrow": False,
                      "text": t("photo.axis." + line.unit), "font": {"size": 13, "color": colours["ink"]}}],
        xaxis={"type": "date", "tickmode": "array", "tickvals": list(marks.at), "ticktext": list(marks.text), "tickangle": 0, "fixedrange": True,
               "showgrid": False, "zeroline": False, "range": [one_ms(times[0], t.zone) - room, one_ms(times[-1], t.zone) + room]},
        yaxis={"gridcolor": colours["hair"], "zeroline": False, "nticks": 5, "fixedrange": True, "rangemode": "tozero"},
    )  # fmt: skip
    return drawn
