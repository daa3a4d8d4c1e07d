"""This is the place where a chart is drawn so that it answers: dragging asks for a stretch of time, a click for a day, a button saves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

from core.ui import charts

CHART, SAVE, HANDS = "trend_chart", "trend_png", "trend_hands"
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

    data = {"chart": CHART, "save": SAVE, "click": hands.moment is not None}
    with st.container(key="hands"):
        _COMPONENT(data=data, key=HANDS, on_stretch_change=dragged, on_moment_change=clicked)


def instant_of(wall_ms: float, zone: tzinfo) -> datetime:
    """The instant at which the clock of a zone shows this (milliseconds of the axis). Raises ValueError or OverflowError outside
    of what a calendar holds."""
    naive = datetime.fromtimestamp(wall_ms / 1000, UTC).replace(tzinfo=zone)
    return naive.astimezone(UTC)


def _told(name: str) -> object:
    state = st.session_state.get(HANDS)
    return state.get(name) if isinstance(state, dict) else getattr(state, name, None)
