"""This is the place where single measurements become points of a chart, joined by a line only where they are dense."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from core.care.views import TrendColumns, TrendView
from core.ui.axes import local_ms
from core.ui.bands import Panel
from core.ui.cell_marks import faint
from core.ui.values import unit
from core.ui.words import Words

SHAPES = ("circle", "diamond", "square", "triangle-up", "pentagon", "star-triangle-down")
HUES = ("accent", "second", "third", "fourth", "soon", "fine")
DENSE_STEP_DAYS = 3.0
MANY_POINTS = 2500
"""From here on the line alone is drawn."""
_DAY_NS = 86_400_000_000_000


def source_places(view: TrendView) -> Mapping[str, int]:
    """Which shape and colour each source has, by the order in which sources appear."""
    return {mark: at for at, mark in enumerate(dict.fromkeys(column.source.source_id for column in view.columns))}


def traces(t: Words, view: TrendView, panel: Panel, column: TrendColumns, colours: Mapping[str, str]) -> list[go.Scatter]:
    """The points of one source in one panel, joined where they are dense."""
    place = source_places(view)[column.source.source_id]
    hue, shape = colours[HUES[place % len(HUES)]], SHAPES[place % len(SHAPES)]
    x, y = local_ms(column.time, t.zone), np.asarray(column.value, dtype="float32")
    bounded = np.array([bool(b) for b in column.bound] if column.bound else [False] * len(y), dtype=bool)
    dense = _dense(column)
    many = len(y) > MANY_POINTS
    size = 3 if dense and len(y) > 400 else 6 if len(y) > 400 else 7 if dense else 10
    hover = f"%{{y}} {unit(t, view.unit)}<br>%{{x|%Y-%m-%d %H:%M}}<br>{_plain(column.source.label)}<extra></extra>"
    marker = {"symbol": shape, "size": size, "color": hue, "line": {"width": 0}}
    if dense:
        lx, ly = _broken(x, np.where(bounded, np.nan, y), column, view)
        style = {"mode": "lines" if many else "lines+markers", "line": {"color": hue if many else faint(hue, 0.45), "width": 1.4}}
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


def _plain(text: str) -> str:
    """A name without what a chart would read as markup."""
    return text.replace("<", "‹").replace(">", "›").replace("%{", "% {")
