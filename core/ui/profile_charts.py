"""This is the place where many days laid over one another, and one night, become pictures: glucose profile, day of the heart, sleep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import plotly.graph_objects as go

from core.care.special_views import ActiveView, DayCurves, DayProfileView, GlucoseView, Night, RestingView, SleepView
from core.domain.signals_table import SLEEP_STAGES
from core.ui.axes import ticks
from core.ui.cell_marks import STATE_HUES, faint
from core.ui.chart_frame import FONT
from core.ui.tokens import palette
from core.ui.values import unit
from core.ui.words import Words

HEIGHT, NIGHT_HEIGHT, NIGHTS_HEIGHT = 340, 210, 260
HYPNOGRAM_ROWS = ("awake", "restless", "rem", "asleep", "light", "deep", "in_bed")
"""From top to bottom; a row without anything in it is left out."""
STACKED = ("deep", "light", "asleep", "rem", "awake")
_HOURS = tuple(range(0, 25, 6))
_DAY_MS = 86_400_000.0


def glucose(t: Words, view: GlucoseView, theme: str) -> go.Figure:
    """Percentiles by time of day, the target range behind."""
    colours = palette(theme)
    curves = view.curves
    if curves is None:
        raise ValueError("a profile that was declined has no picture")
    high = float(np.nanmax(curves.curves)) * 1.06
    low = min(float(np.nanmin(curves.curves)), view.target[0] if view.target else high) * 0.9
    figure = _frame(t, view.unit, (low, high), HEIGHT, colours)
    if view.target:
        figure.add_hrect(y0=view.target[0], y1=view.target[1], fillcolor=colours["fine"], opacity=0.12, line_width=0, layer="below")
        for edge in view.target:
            figure.add_hline(y=edge, line={"color": colours["fine"], "width": 1, "dash": "dot"}, layer="below")
    _curves(t, figure, curves, ((5, 95, 0.15), (25, 75, 0.3)), (view.unit, view.decimals), colours)
    return figure


def day(t: Words, view: DayProfileView, theme: str) -> go.Figure:
    """The lowest, usual and highest value by hour of the day."""
    colours = palette(theme)
    if view.curves is None:
        raise ValueError("a profile that was declined has no picture")
    low, high = float(np.nanmin(view.curves.curves)), float(np.nanmax(view.curves.curves))
    room = (high - low) * 0.08 or 1.0
    figure = _frame(t, view.unit, (low - room, high + room), HEIGHT, colours)
    _curves(t, figure, view.curves, ((0, 100, 0.13), (10, 90, 0.26)), (view.unit, view.decimals), colours)
    return figure


def night(t: Words, view: SleepView, theme: str) -> go.Figure:
    """One night: a bar in the row of its stage for each stretch."""
    colours = palette(theme)
    names = [SLEEP_STAGES[int(stage)] for stage in view.stage]
    rows = [row for row in HYPNOGRAM_ROWS if row in names]
    figure = go.Figure(layout=_layout(NIGHT_HEIGHT - 30 + 6 * len(rows), colours))
    for place, row in enumerate(rows):
        mine = np.array([name == row for name in names])
        hue, strength = STATE_HUES[row]
        start, length = view.start[mine] / 1e6, (view.end[mine] - view.start[mine]) / 1e6
        hover = [t("sleep.stretch", stage=t("state_of." + row), n=round(ms / 60000)) for ms in length.tolist()]
        figure.add_trace(go.Bar(orientation="h", base=start, x=length, y=[place] * len(start), width=0.72, text=hover, textposition="none", hovertemplate="%{text}<extra></extra>", marker={"color": faint(colours[hue], strength), "line": {"width": 0}}))  # fmt: skip
    axis = {"type": "date", "tickformat": "%H:%M", "nticks": 6, "fixedrange": True, "showgrid": True, "gridcolor": colours["hair"], "zeroline": False}
    said = [t("state_of." + row) for row in rows]
    figure.update_layout(xaxis=axis, yaxis={"tickmode": "array", "tickvals": list(range(len(rows))), "ticktext": said, "range": [len(rows) - 0.4, -0.6], "fixedrange": True, "showgrid": False, "zeroline": False, "automargin": True})  # fmt: skip
    return figure


def nights(t: Words, shown: Sequence[Night], theme: str) -> go.Figure:
    """Hours in each stage, night by night."""
    colours = palette(theme)
    figure = go.Figure(layout=_layout(NIGHTS_HEIGHT, colours))
    at = [_noon_ms(one.day) for one in shown]
    for stage in STACKED:
        amount = [_hours(one, stage) for one in shown]
        if any(amount):
            hue, strength = STATE_HUES[stage]
            hover = f"{t('state_of.' + stage)}: %{{y:.1f}} {unit(t, 'h')}<br>%{{x|%Y-%m-%d}}<extra></extra>"
            figure.add_trace(go.Bar(x=at, y=amount, width=_DAY_MS * 0.82, hovertemplate=hover, marker={"color": faint(colours[hue], strength), "line": {"width": 0}}))  # fmt: skip
    figure.update_layout(barmode="stack", xaxis=_days_axis(t, at, colours), yaxis=_values(t, "h", None, colours))
    return figure


def resting(t: Words, view: RestingView, theme: str) -> go.Figure:
    """The resting pulse of each night over what is usual; raised nights by shape and colour."""
    colours = palette(theme)
    figure = go.Figure(layout=_layout(NIGHTS_HEIGHT, colours))
    x = view.day / 1e6 + _DAY_MS / 2
    line = {"color": colours["muted"], "width": 1.6, "dash": "dot"}
    figure.add_trace(go.Scatter(x=x, y=view.baseline, mode="lines", line=line, hovertemplate=f"{t('resting.usual')}: %{{y}}<extra></extra>"))
    hover = f"%{{y}} {unit(t, '/min')}<br>%{{x|%Y-%m-%d}}<extra></extra>"
    for mask, symbol, hue in ((view.level < 1, "circle", "accent"), (view.level == 1, "diamond", "watch"), (view.level == 2, "square", "soon")):
        for filled, shape in ((False, symbol), (True, symbol + "-open")):
            rows = mask & (view.filled == filled)
            if rows.any():
                figure.add_trace(go.Scatter(x=x[rows], y=view.rate[rows], mode="markers", marker={"symbol": shape, "size": 8, "color": colours[hue]}, hovertemplate=hover))  # fmt: skip
    figure.update_layout(xaxis=_days_axis(t, x.tolist(), colours), yaxis={**_values(t, "/min", None, colours), "rangemode": "normal"})
    return figure


def active(t: Words, view: ActiveView, theme: str) -> go.Figure:
    """Active minutes day by day, vigorous ones on top."""
    colours = palette(theme)
    figure = go.Figure(layout=_layout(NIGHTS_HEIGHT, colours))
    x = view.day / 1e6 + _DAY_MS / 2
    for name, amount, strength in ((t("active.moderate"), view.moderate, 0.5), (t("active.vigorous"), view.vigorous, 1.0)):
        hover = f"{name}: %{{y}} {unit(t, 'min')}<br>%{{x|%Y-%m-%d}}<extra></extra>"
        marker = {"color": faint(colours["accent"], strength), "line": {"width": 0}}
        figure.add_trace(go.Bar(x=x, y=amount, width=_DAY_MS * 0.82, marker=marker, hovertemplate=hover))
    figure.update_layout(barmode="stack", xaxis=_days_axis(t, x.tolist(), colours), yaxis=_values(t, "min", None, colours))
    return figure


def _days_axis(t: Words, at: Sequence[float], colours: Mapping[str, str]) -> dict[str, object]:
    """A true axis of days (milliseconds of their noons)."""
    first, last = (datetime.fromtimestamp(ms / 1000, UTC) for ms in (min(at), max(at)))
    marks = ticks(replace(t, zone=UTC), first, last)
    return {
        "type": "date", "tickmode": "array", "tickvals": [ms + _DAY_MS / 2 for ms in marks.at], "ticktext": list(marks.text),
        "tickangle": 0, "fixedrange": True, "showgrid": False, "zeroline": False, "range": [min(at) - _DAY_MS, max(at) + _DAY_MS],
    }  # fmt: skip


def _hours(one: Night, stage: str) -> float:
    """Hours of a stage; what is asleep without a stage is what the stages leave over."""
    if stage == "asleep":
        return round(max(one.asleep - one.light - one.deep - one.rem, 0.0) / 60, 3)
    return float(round(getattr(one, stage) / 60, 3))


def _noon_ms(day: str) -> float:
    return datetime.fromisoformat(day + "T12:00:00+00:00").timestamp() * 1000


def _curves(
    t: Words, figure: go.Figure, curves: DayCurves, bands: Sequence[tuple[int, int, float]], measured: tuple[str, int], colours: Mapping[str, str]
) -> None:
    """Bands between two percentiles each, and the median as a line with all of them on hover."""
    step = (curves.minute[1] - curves.minute[0]) / 60 if len(curves.minute) > 1 else 1.0
    hours = curves.minute / 60 + step / 2
    known = {percent: curves.curves[at] for at, percent in enumerate(curves.percent)}
    for low, high, strength in bands:
        for run in _runs(np.isfinite(known[50])):
            x = np.concatenate([hours[run], hours[run][::-1]])
            y = np.concatenate([known[high][run], known[low][run][::-1]])
            figure.add_trace(go.Scatter(x=x, y=y.astype("float32"), fill="toself", fillcolor=faint(colours["accent"], strength), mode="lines", line={"width": 0}, hoverinfo="skip"))  # fmt: skip
    inner, outer = bands[-1], bands[0]
    beside = np.column_stack([known[p] for p in (inner[0], inner[1], outer[0], outer[1])]).astype("float32")
    digits = f".{measured[1]}f"
    clock = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in curves.minute.tolist()]
    hover = (
        f"%{{text}}<br>%{{y:{digits}}} {unit(t, measured[0])}<br>%{{customdata[0]:{digits}}}–%{{customdata[1]:{digits}}}"
        f"<br>%{{customdata[2]:{digits}}}–%{{customdata[3]:{digits}}}<extra></extra>"
    )
    line = {"color": colours["accent"], "width": 2.4}
    figure.add_trace(go.Scatter(x=hours, y=known[50].astype("float32"), customdata=beside, text=clock, mode="lines", line=line, hovertemplate=hover))


def _runs(known: np.ndarray) -> list[slice]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _frame(t: Words, measured: str, reach: tuple[float, float], height: int, colours: Mapping[str, str]) -> go.Figure:
    """A day from midnight to midnight."""
    clock = {"tickmode": "array", "tickvals": list(_HOURS), "ticktext": [f"{hour:02d}:00" for hour in _HOURS], "range": [0, 24.02], "fixedrange": True, "showgrid": False, "zeroline": False}  # fmt: skip
    layout = {**_layout(height, colours), "xaxis": {**clock, "ticks": "outside", "tickcolor": colours["hair"], "tickangle": 0}}
    return go.Figure(layout={**layout, "yaxis": _values(t, measured, reach, colours)})


def _values(t: Words, measured: str, reach: tuple[float, float] | None, colours: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {"showgrid": True, "gridcolor": colours["hair"], "zeroline": False, "nticks": 6, "fixedrange": True}
    said = {"title": {"text": unit(t, measured), "font": {"size": 13}, "standoff": 4}} if measured else {}
    return {**found, **said, **({"range": list(reach)} if reach else {"rangemode": "tozero"})}


def _layout(height: int, colours: Mapping[str, str]) -> dict[str, object]:
    hover = {"bgcolor": colours["card"], "bordercolor": colours["edge"], "font": {"color": colours["ink"], "size": 14}}
    return {
        "template": "none", "height": height, "margin": {"l": 56, "r": 26, "t": 14, "b": 34}, "paper_bgcolor": colours["card"],
        "plot_bgcolor": "rgba(0,0,0,0)", "font": {"family": FONT, "size": 14, "color": colours["muted"]}, "showlegend": False,
        "dragmode": False, "hovermode": "closest", "hoverlabel": hover,
    }  # fmt: skip
