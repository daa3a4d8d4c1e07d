"""This is the place where a trend becomes a picture: the facts of a TrendView on a true time axis, nothing added.

Points stand where something was measured. A line joins points of one source only where they are dense (median step of at
most three days) and never across a gap. Sources differ by shape and colour, "below what can be measured" is an open marker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from core.care.views import Band, TrendColumns, TrendView
from core.ui.axes import local_ms, one_ms, ticks
from core.ui.bands import Panel, bands
from core.ui.lanes import Lane, lane_marks, lanes
from core.ui.tokens import palette
from core.ui.values import unit
from core.ui.words import Words

SHAPES = ("circle", "diamond", "square", "triangle-up", "pentagon", "star-triangle-down")
HUES = ("accent", "second", "third", "fourth", "soon", "fine")
DENSE_STEP_DAYS = 3.0
PANEL, LANE, FOOT, TOP = 190, 34, 44, 30
"""Heights in pixels: one panel, one medicine, the axis, the title of a panel."""
CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
_DAY_NS = 86_400_000_000_000


def chart(t: Words, view: TrendView, theme: str) -> go.Figure:
    """The figure of a view, in the reader's language and units, for the light or the dark theme."""
    colours = palette(theme)
    panels = _panels(view)
    shown = lanes(t, view)
    figure = go.Figure(layout=_layout(t, view, panels, shown, colours))
    for panel in panels:
        for column in (c for c in view.columns if c.component == panel.component):
            for trace in _traces(t, view, panel, column, colours):
                figure.add_trace(trace)
    for trace in lane_marks(shown, f"y{len(panels) + 1}", colours):
        figure.add_trace(trace)
    return figure


def source_places(view: TrendView) -> Mapping[str, int]:
    """Which shape and colour each source has, by the order in which sources appear."""
    return {mark: at for at, mark in enumerate(dict.fromkeys(column.source.source_id for column in view.columns))}


def height(view: TrendView, shown: Sequence[Lane]) -> int:
    """How tall the picture is, known before it is drawn so that nothing jumps."""
    return TOP + len(_components(view)) * (PANEL + TOP) + len(shown) * LANE + FOOT


def _components(view: TrendView) -> tuple[str, ...]:
    return tuple(dict.fromkeys(column.component for column in view.columns)) or (view.signal,)


def _panels(view: TrendView) -> tuple[Panel, ...]:
    found = []
    for at, component in enumerate(_components(view)):
        values = [c.value for c in view.columns if c.component == component and len(c.value)]
        edges = [e for b in view.bands if b.component == component for e in (b.low, b.high) if e is not None]
        low = min((float(np.min(v)) for v in values), default=0.0)
        high = max((float(np.max(v)) for v in values), default=1.0)
        reach = (high - low) or abs(high) * 0.2 or 1.0
        near = [e for e in edges if low - 1.2 * reach <= e <= high + 1.2 * reach]
        low, high = min([low, *near]), max([high, *near])
        room = (high - low) * 0.14 or abs(high) * 0.1 or 1.0
        words = room if edges else 0.0  # the words of the target stand at the foot of its band
        found.append(Panel(component, "y" if at == 0 else f"y{at + 1}", low - room - words, high + room))
    return tuple(found)


def _layout(t: Words, view: TrendView, panels: Sequence[Panel], shown: Sequence[Lane], colours: Mapping[str, str]) -> dict[str, object]:
    total = height(view, shown)
    font = {"family": "system-ui, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif", "size": 14, "color": colours["muted"]}
    layout: dict[str, object] = {
        "template": "none",
        "height": total,
        "margin": {"l": 46, "r": 14, "t": 8, "b": 34},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": font,
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": colours["card"], "bordercolor": colours["edge"], "font": {"color": colours["ink"], "size": 14}},
        "xaxis": _time_axis(t, view, colours, len(panels) + (1 if shown else 0)),
        "shapes": [shape for panel in panels for shape in bands(t, view, panel, colours)],
        "annotations": [note for panel in panels for note in _notes(t, view, panel, colours)],
    }
    inner = total - 42
    top = 1.0
    for panel in panels:
        bottom = top - (PANEL + TOP) / inner
        name = "yaxis" + panel.axis[1:]
        layout[name] = _value_axis(panel, (max(bottom, 0.0), top - TOP / inner), colours)
        top = bottom
    if shown:
        layout[f"yaxis{len(panels) + 1}"] = _lane_axis(len(shown), (0.0, max(top - 8 / inner, 0.01)))
    return layout


def _time_axis(t: Words, view: TrendView, colours: Mapping[str, str], rows: int) -> dict[str, object]:
    marks = ticks(t, view.start, view.end)
    edge = (view.end - view.start).total_seconds() * 1000 * 0.015
    return {
        "type": "date",
        "range": [one_ms(view.start, t.zone) - edge, one_ms(view.end, t.zone) + edge],
        "tickmode": "array",
        "tickvals": list(marks.at),
        "ticktext": list(marks.text),
        "tickangle": 0,
        "ticks": "outside",
        "tickcolor": colours["hair"],
        "showgrid": False,
        "showline": False,
        "zeroline": False,
        "fixedrange": True,
        "anchor": "y" if rows == 1 else f"y{rows}",
    }


def _value_axis(panel: Panel, domain: tuple[float, float], colours: Mapping[str, str]) -> dict[str, object]:
    return {
        "domain": list(domain),
        "range": [panel.low, panel.high],
        "fixedrange": True,
        "showgrid": True,
        "gridcolor": colours["hair"],
        "gridwidth": 1,
        "zeroline": False,
        "nticks": 5,
        "showline": False,
        "ticks": "",
        "automargin": False,
    }


def _lane_axis(count: int, domain: tuple[float, float]) -> dict[str, object]:
    return {"domain": list(domain), "range": [count - 0.5, -0.5], "fixedrange": True, "visible": False}


def _notes(t: Words, view: TrendView, panel: Panel, colours: Mapping[str, str]) -> list[dict[str, object]]:
    """The name above each panel, the target inside its band, "no readings" inside a gap."""
    name = f"{t.first('signal.' + panel.component, view.label)} ({unit(t, view.unit)})" if view.unit else t.first("signal." + panel.component, view.label)
    found = [_note(panel, "paper", 0, panel.high, name, colours["ink"], xanchor="left", yanchor="bottom", yshift=4)]
    for band in (b for b in view.bands if b.component == panel.component and b.kind == "target"):
        base = max(band.low if band.low is not None else panel.low, panel.low)
        if base < panel.high:
            found.append(_note(panel, "paper", 1, base, target_words(t, band), colours["muted"], xanchor="right", yanchor="bottom"))
    span = (view.end - view.start).total_seconds() * 1e9
    for gap in (g for g in view.gaps if g.component in (panel.component, "") and (g.end - g.start) > span * 0.14):
        middle = float(local_ms(np.array([(gap.start + gap.end) // 2]), t.zone)[0])
        said = t("trends.gap_short")
        found.append(_note(panel, "x", middle, (panel.low + panel.high) / 2, said, colours["muted"], xanchor="center", yanchor="middle"))
    return found


def _note(panel: Panel, xref: str, x: float, y: float, text: str, colour: str, **place: object) -> dict[str, object]:
    return {"xref": xref, "x": x, "yref": panel.axis, "y": y, "text": text, "showarrow": False, "font": {"size": 13, "color": colour}, **place}


def target_words(t: Words, band: Band) -> str:
    """A target in a few words: "Target: below 135"."""
    if band.low is not None and band.high is not None:
        return t("trends.target_between", low=band.low, high=band.high)
    if band.high is not None:
        return t("trends.target_below", high=band.high)
    return t("trends.target_above", low=band.low)


def _traces(t: Words, view: TrendView, panel: Panel, column: TrendColumns, colours: Mapping[str, str]) -> list[go.Scatter]:
    place = source_places(view)[column.source.source_id]
    hue, shape = colours[HUES[place % len(HUES)]], SHAPES[place % len(SHAPES)]
    x, y = local_ms(column.time, t.zone), np.asarray(column.value, dtype="float32")
    bounded = np.array([bool(b) for b in column.bound] if column.bound else [False] * len(y), dtype=bool)
    dense = _dense(column)
    size = 6 if len(y) > 400 else 7 if dense else 10
    hover = f"%{{y}} {unit(t, view.unit)}<br>%{{x|%Y-%m-%d %H:%M}}<br>{_plain(column.source.label)}<extra></extra>"
    marker = {"symbol": shape, "size": size, "color": hue, "line": {"width": 0}}
    if dense:
        lx, ly = _broken(x, np.where(bounded, np.nan, y), column, view)
        style = {"mode": "lines+markers", "line": {"color": _faint(hue), "width": 1.4}}
    else:
        lx, ly, style = x[~bounded], y[~bounded], {"mode": "markers"}
    found = [go.Scatter(x=lx, y=ly, yaxis=panel.axis, marker=marker, hovertemplate=hover, **style)]
    if bounded.any():
        signs = [sign for sign in column.bound if sign]
        open_marker = {"symbol": shape + "-open", "size": size + 3, "color": hue, "line": {"width": 2}}
        found.append(
            go.Scatter(
                x=x[bounded], y=y[bounded], mode="markers+text", text=signs, textposition="top center", yaxis=panel.axis,
                marker=open_marker, hovertemplate="%{text} " + hover, textfont={"color": hue, "size": 14},
            )
        )
    return found


def _dense(column: TrendColumns) -> bool:
    return len(column.time) > 3 and float(np.median(np.diff(column.time))) <= DENSE_STEP_DAYS * _DAY_NS


def _broken(x: np.ndarray, y: np.ndarray, column: TrendColumns, view: TrendView) -> tuple[np.ndarray, np.ndarray]:
    """The line with an empty place wherever a gap lies between two points."""
    cuts = [int(np.searchsorted(column.time, gap.end)) for gap in view.gaps if gap.component in (column.component, "")]
    cuts = sorted({cut for cut in cuts if 0 < cut < len(x)})
    return np.insert(x, cuts, [x[cut] for cut in cuts]), np.insert(y, cuts, np.nan)


def _faint(colour: str) -> str:
    """A colour for the line behind its points."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.45)"


def _plain(text: str) -> str:
    """A name without what a chart would read as markup."""
    return text.replace("<", "‹").replace(">", "›").replace("%{", "% {")
