"""This is the place where medicines lie under a chart as lanes: from start to stop, on the same time axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.care.picture_views import Picture
from core.care.views import MedicineSpan, TrendView
from core.domain.time import PartialTime
from core.ui.axes import one_ms
from core.ui.words import Words

MOST_LANES = 6


@dataclass(frozen=True)
class Lane:
    """One medicine cut to the shown time: where it begins and ends, and whether it really starts or stops there."""

    title: str
    left: float
    right: float
    starts: bool
    stops: bool
    said: str


def lanes(t: Words, view: TrendView | Picture) -> tuple[Lane, ...]:
    """The medicines that ran within the shown time; those that started or stopped in it first, at most six."""
    found = [lane for span in view.medicines if (lane := _lane(t, view, span))]
    found.sort(key=lambda lane: (not (lane.starts or lane.stops), lane.left))
    return tuple(found[:MOST_LANES])


def lane_marks(shown: Sequence[Lane], axis: str, colours: Mapping[str, str], first: int = 0) -> list[go.Scatter]:
    """Bars with their name above, from row `first` on; a filled dot where it starts, a square where it stops."""
    marks: list[go.Scatter] = []
    for at, lane in enumerate(shown, first):
        bar = {"color": colours["fourth"], "width": 6}
        hover = {"text": [lane.said] * 2, "hovertemplate": "%{text}<extra></extra>"}
        marks.append(go.Scatter(x=[lane.left, lane.right], y=[at + 0.22] * 2, mode="lines", line=bar, opacity=0.55, yaxis=axis, **hover))
        ends = [(lane.left, "circle")] * lane.starts + [(lane.right, "square")] * lane.stops
        if ends:
            marker = {"symbol": [shape for _, shape in ends], "size": 10, "color": colours["fourth"]}
            x = [ms for ms, _ in ends]
            marks.append(go.Scatter(x=x, y=[at + 0.22] * len(x), mode="markers", marker=marker, yaxis=axis, text=[lane.said] * len(x), hovertemplate="%{text}<extra></extra>"))
        late = lane.left > (max(one.right for one in shown) + min(one.left for one in shown)) / 2
        marks.append(
            go.Scatter(
                x=[lane.right if late else lane.left], y=[at - 0.02], mode="text", text=[_short(lane.title)], yaxis=axis, hoverinfo="skip",
                textposition="top left" if late else "top right", textfont={"size": 13, "color": colours["ink"]}, cliponaxis=False,
            )
        )
    return marks


def _lane(t: Words, view: TrendView | Picture, span: MedicineSpan) -> Lane | None:
    start, end = PartialTime.parse(span.start), PartialTime.parse(span.end)
    if start is None:
        return None  # without a start it has no place on a time axis; the Medicines page lists it
    begins = start.earliest
    ends = end.until if end else view.end
    if begins >= view.end or ends <= view.start:
        return None
    said = t("trends.medicine_span", name=span.title, start=start, end=end) if end else t("trends.medicine_since", name=span.title, start=start)
    left, right = max(begins, view.start), min(ends, view.end)
    return Lane(span.title, one_ms(left, t.zone), one_ms(right, t.zone), begins >= view.start, end is not None and ends <= view.end, said)


def _short(text: str, most: int = 34) -> str:
    clean = text.replace("<", "‹").replace(">", "›")
    return clean if len(clean) <= most else clean[: most - 1] + "…"
