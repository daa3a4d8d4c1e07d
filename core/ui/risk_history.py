"""This is the place where it is shown how a result has changed as the record changed: in words, as a picture, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from html import escape

import numpy as np
import plotly.graph_objects as go

from core.care.picture_views import Picture, PictureQuery
from core.care.risk_views import EquationView, HistoryPoint, OutcomeView
from core.domain.time import PartialTime
from core.ui import risk_words as say
from core.ui.axes import local_ms
from core.ui.chart_frame import FONT, time_axis
from core.ui.markup import Cell, note, table
from core.ui.risk_cards import main_of
from core.ui.risk_tables import moved, stacked
from core.ui.session import Visit
from core.ui.tokens import palette
from core.ui.words import Words

HEIGHT = 260
_ROOM = timedelta(days=30)


def said(t: Words, equation: EquationView) -> str:
    """The first and the last result in a sentence, or that there is none."""
    outcome, known = main_of(equation), _known(equation)
    if not known:
        return note(t("risks.history_none"))
    first, last = known[0], known[-1]
    after = say.result(t, outcome, last.value)
    if first is last:
        text = t("risks.history_one", value=after, end=say.when(t, last.when))
    else:
        text = t("risks.history_said", start=say.when(t, first.when), before=say.result(t, outcome, first.value), end=say.when(t, last.when), after=after)
    return f'<div class="chart-said"><p class="sentence">{escape(text)}</p></div>'


def drawable(equation: EquationView) -> bool:
    """Whether a picture says more than the sentence."""
    return len(_known(equation)) > 1


def figure(visit: Visit, equation: EquationView, theme: str) -> go.Figure:
    """The results on a true time axis: a point where the record changed; between two points it stood as it was. Broken where nothing could be said."""
    t, colours, outcome = visit.t, palette(theme), main_of(equation)
    times = [_instant(point) for point in equation.history]
    values = [np.nan if point.value is None else point.value * (100 if outcome.unit == "fraction" else 1) for point in equation.history]
    at = local_ms(np.array([int(one.timestamp() * 1e9) for one in times], dtype="int64"), t.zone)
    hover = [f"{say.when(t, point.when)}<br>{say.result(t, outcome, point.value)}" for point in equation.history]
    line = go.Scatter(
        x=at, y=values, mode="lines+markers", text=hover, hoverinfo="text", connectgaps=False,
        line={"color": colours["accent"], "width": 1.5, "shape": "hv", "dash": "dot"}, marker={"color": colours["accent"], "size": 9},
    )  # fmt: skip
    start, end = min(times) - _ROOM, max(visit.now, max(times))
    frame = Picture(0, visit.now, PictureQuery((), "all"), start, end, "", (), ())
    top = max((value for value in values if not np.isnan(value)), default=1.0) or 1.0
    layout = {
        "template": "none", "height": HEIGHT, "margin": {"l": 46, "r": 14, "t": 30, "b": 34}, "showlegend": False, "dragmode": False,
        "paper_bgcolor": colours["card"], "plot_bgcolor": "rgba(0,0,0,0)", "font": {"family": FONT, "size": 14, "color": colours["muted"]},
        "hoverlabel": {"bgcolor": colours["card"], "bordercolor": colours["edge"], "font": {"color": colours["ink"], "size": 14}},
        "xaxis": time_axis(t, frame, colours, 1),
        "yaxis": {"range": [0, top * 1.2], "fixedrange": True, "gridcolor": colours["hair"], "zeroline": False, "nticks": 5},
        "annotations": [{
            "xref": "paper", "x": 0, "yref": "paper", "y": 1, "text": escape(_axis_words(t, equation, outcome)), "showarrow": False, "xanchor": "left",
            "yanchor": "bottom", "yshift": 6, "font": {"size": 13, "color": colours["ink"]},
        }],
    }  # fmt: skip
    return go.Figure(data=[line], layout=layout)


def rows(t: Words, equation: EquationView) -> str:
    """The same facts as a table, newest first, with what changed; days on which the printed result stayed the same are left out."""
    outcome = main_of(equation)
    lines = [
        [Cell(say.when(t, point.when)), _value(t, outcome, point), Cell(_changed(t, outcome, before, point))]
        for before, point in reversed(list(_telling(t, outcome, equation.history)))
    ]
    return stacked(table(t("risks.history_caption"), [t("risks.history_day"), t("risks.result_value"), t("risks.history_changed")], lines))


def _telling(t: Words, outcome: OutcomeView, history: Sequence[HistoryPoint]) -> Iterator[tuple[HistoryPoint | None, HistoryPoint]]:
    """(the point before, the point) of the first, the last, and of all that read differently from the one before."""
    for at, point in enumerate(history):
        before = history[at - 1] if at else None
        if before is None or at == len(history) - 1 or _printed(t, outcome, before) != _printed(t, outcome, point):
            yield before, point


def _printed(t: Words, outcome: OutcomeView, point: HistoryPoint) -> object:
    return say.result(t, outcome, point.value) if point.value is not None else tuple((one.code, one.input) for one in point.faults)


def _value(t: Words, outcome: OutcomeView, point: HistoryPoint) -> Cell:
    if point.value is not None:
        return Cell(say.result(t, outcome, point.value), number=True)
    why = t.joined(dict.fromkeys(say.fault(t, one) for one in point.faults))
    return Cell("", html=f"{escape(t('risks.history_unsaid'))}<small>{escape(why)}</small>")


def _changed(t: Words, outcome: OutcomeView, before: HistoryPoint | None, point: HistoryPoint) -> str:
    """What changed; by how much it moved the result is only said where there was one before and after."""
    if before is None:
        return t("risks.history_first") if point.value is not None else "–"
    both = before.value is not None and point.value is not None
    return t("list.comma").join(_one(t, outcome, key, effect if both else None) for key, effect in point.changed) or "–"


def _one(t: Words, outcome: OutcomeView, key: str, effect: float | None) -> str:
    name = say.name(t, key)
    return name if effect is None else t("risks.history_change", name=name, effect=moved(t, outcome, effect))


def _known(equation: EquationView) -> list[HistoryPoint]:
    return [point for point in equation.history if point.value is not None]


def _instant(point: HistoryPoint) -> datetime:
    """A day of the history as an instant; noon, so that no zone moves it to another day."""
    time = PartialTime.parse(point.when)
    return time.earliest.astimezone(UTC) + timedelta(hours=12 if time.precision != "instant" else 0) if time else datetime(1970, 1, 1, tzinfo=UTC)


def _axis_words(t: Words, equation: EquationView, outcome: OutcomeView) -> str:
    what = say.outcome_name(t, equation.key, outcome)
    return f"{what} (%)" if outcome.unit == "fraction" else what
