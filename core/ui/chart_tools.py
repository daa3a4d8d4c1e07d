"""This is the place where a chart is drawn so that it answers: dragging asks for a stretch of time, a click for a day, a button saves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

from core.ui import charts
from core.ui.words import Words

CHART, HANDS = "trend_chart", "trend_hands"
_COMPONENT = st.components.v2.component("healthboard_chart", js=Path(__file__).with_name("chart.js").read_text(encoding="utf-8"))
_SHORTEST_MS = 10 * 60 * 1000


@dataclass(frozen=True)
class Hands:
    """What happens when somebody drags over the chart or clicks into it; both get wall-clock milliseconds of the axis."""

    stretch: Callable[[float, float], None]
    moment: Callable[[float], None] | None = None


def draw(figure: go.Figure, alt: str, hands: Hands) -> None:
    """The chart, and the small component that listens to it."""
    with st.container(key="chart_frame"):
        st.plotly_chart(figure, theme=None, config=charts.CONFIG, key=CHART, alt=alt)

    def dragged() -> None:
        asked = _told("stretch")
        if isinstance(asked, (list, tuple)) and len(asked) == 2 and all(isinstance(one, (int, float)) for one in asked):
            first, last = sorted(float(one) for one in asked)
            if last - first >= _SHORTEST_MS:
                hands.stretch(first, last)

    def clicked() -> None:
        asked = _told("moment")
        if hands.moment and isinstance(asked, (int, float)):
            hands.moment(float(asked))

    data = {"chart": CHART, "click": hands.moment is not None}
    with st.container(key="hands"):
        _COMPONENT(data=data, key=HANDS, on_stretch_change=dragged, on_moment_change=clicked)


def listen(chart: str) -> None:
    """The component alone, for a chart that is only looked at and saved."""
    with st.container(key="hands"):
        _COMPONENT(data={"chart": chart, "click": False}, key=HANDS, on_stretch_change=_nothing, on_moment_change=_nothing)


def save_button(t: Words, chart: str) -> None:
    """Save the picture with this key as a file; the browser does it, nothing is asked of the server."""
    st.button(t("button.png"), key=f"png_{chart}", icon=":material/image:")


def instant_of(wall_ms: float, zone: tzinfo) -> datetime:
    """The instant at which the clock of a zone shows this (milliseconds of the axis). Raises ValueError or OverflowError outside
    of what a calendar holds."""
    naive = datetime.fromtimestamp(wall_ms / 1000, UTC).replace(tzinfo=zone)
    return naive.astimezone(UTC)


def _nothing() -> None:
    """Such a chart has nothing to tell."""


def _told(name: str) -> object:
    state = st.session_state.get(HANDS)
    return state.get(name) if isinstance(state, dict) else getattr(state, name, None)
