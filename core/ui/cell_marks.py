"""This is the place where what was summed up is drawn: medians with their bands, daily amounts as bars, stages on top of one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go

from core.care.picture_views import Cells, Part
from core.ui.bands import Panel
from core.ui.values import unit
from core.ui.words import Words

STATE_HUES: Mapping[str, tuple[str, float]] = {
    "deep": ("accent", 1.0), "light": ("accent", 0.45), "asleep": ("accent", 0.7), "rem": ("second", 0.85), "awake": ("third", 0.75),
    "restless": ("soon", 0.6), "in_bed": ("muted", 0.25), "on": ("accent", 0.7), "off": ("muted", 0.25),
}  # fmt: skip
"""Colour and strength of a state; the others take the colours of sources in turn."""
HUES = ("accent", "second", "third", "fourth", "soon", "fine")
_FEW = 130
_BAR_SHARE = 0.84


def marks(t: Words, part: Part, panel: Panel, colours: Mapping[str, str]) -> list[go.Scatter | go.Bar]:
    """The traces of one panel."""
    found: list[go.Scatter | go.Bar] = []
    bars = [cells for cells in part.cells if cells.kind == "bar" and len(cells)]
    for cells in part.cells:
        if cells.kind == "band" and cells.name == panel.component and len(cells):
            found += _band(t, part, cells, panel, colours)
    for at, cells in enumerate(bars):
        found.append(_bars(t, part, cells, panel, bar_colour(part, cells.name, at, colours)))
    return found + [_before(t, part, cells, panel, colours) for cells in part.before if len(cells) and _belongs(cells, panel)]


def bar_colour(part: Part, name: str, at: int, colours: Mapping[str, str]) -> str:
    """The colour of a state, or of the source in this place."""
    hue, strength = STATE_HUES.get(name, (HUES[at % len(HUES)], 0.8)) if part.states else (HUES[at % len(HUES)], 0.8)
    return faint(colours[hue], strength)


def faint(colour: str, strength: float) -> str:
    """A colour that lets through what is behind it."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{strength:g})"


def reach(part: Part, component: str) -> tuple[float, float] | None:
    """The lowest and highest value that the cells of a panel need."""
    edges: list[float] = []
    stacked: dict[int, float] = {}
    for cells in (*part.cells, *part.before):
        if cells.kind == "band" and cells.name == component and len(cells):
            edges += [float(np.nanmin(cells.least)), float(np.nanmax(cells.most))]
    for cells in part.cells:
        if cells.kind == "bar":
            for start, amount in zip(cells.start.tolist(), np.nan_to_num(cells.middle).tolist(), strict=True):
                stacked[start] = stacked.get(start, 0.0) + amount
    for cells in part.before:
        if cells.kind == "bar" and len(cells):
            edges.append(float(np.nanmax(cells.middle)))
    if stacked:
        edges += [0.0, max(stacked.values())]
    return (min(edges), max(edges)) if edges else None


def _belongs(cells: Cells, panel: Panel) -> bool:
    return cells.kind == "bar" or cells.name == panel.component


def _band(t: Words, part: Part, cells: Cells, panel: Panel, colours: Mapping[str, str]) -> list[go.Scatter | go.Bar]:
    """The whole reach pale, the middle four fifths stronger, the median as a line; nothing where nothing was measured."""
    runs = _runs(cells)
    hue = colours["accent"]
    found: list[go.Scatter | go.Bar] = []
    for low, high, strength in ((cells.least, cells.most, 0.13), (cells.low, cells.high, 0.24)):
        if np.isfinite(low).any():
            x, y = _ribbon(cells, runs, low, high)
            fill = {"fill": "toself", "fillcolor": faint(hue, strength), "line": {"width": 0}, "hoverinfo": "skip"}
            found.append(go.Scatter(x=x, y=y, mode="lines", yaxis=panel.axis, **fill))
    middle = _ms(cells.start + (cells.end - cells.start) // 2)
    cuts = [run.start for run in runs[1:]]
    x, y = np.insert(middle, cuts, [middle[cut] for cut in cuts]), np.insert(cells.middle, cuts, np.nan)
    spread = np.insert(np.column_stack([cells.least, cells.most]), cuts, np.nan, axis=0).astype("float32")
    measured = unit(t, part.trend.unit)
    hover = f"%{{y}} {measured}<br>%{{customdata[0]:.4~g}}–%{{customdata[1]:.4~g}}<br>%{{x|%Y-%m-%d}}<extra></extra>"
    few = len(cells) <= _FEW
    style = {"mode": "lines+markers" if few else "lines", "line": {"color": hue, "width": 2}, "marker": {"size": 5, "color": hue}}
    found.append(go.Scatter(x=x, y=y.astype("float32"), customdata=spread, yaxis=panel.axis, hovertemplate=hover, **style))
    return found


def _bars(t: Words, part: Part, cells: Cells, panel: Panel, colour: str) -> go.Bar:
    width = _ms(cells.end - cells.start)
    strength = np.where(cells.whole, 1.0, 0.55)
    pattern = "%Y-%m-%d %H:%M" if cells.every in ("1h", "15min") else "%Y-%m-%d"
    name = t.first(f"state_of.{part.signal}_{cells.name}", f"state_of.{cells.name}") if part.states else _plain(cells.name)
    hover = f"%{{y:.6~g}} {unit(t, part.trend.unit)}<br>{name}<br>%{{x|{pattern}}}<extra></extra>"
    return go.Bar(
        x=_ms(cells.start), y=cells.middle.astype("float32"), width=width * _BAR_SHARE, offset=float(width.min()) * (1 - _BAR_SHARE) / 2,
        yaxis=panel.axis, marker={"color": colour, "opacity": strength, "line": {"width": 0}}, hovertemplate=hover,
    )  # fmt: skip


def _before(t: Words, part: Part, cells: Cells, panel: Panel, colours: Mapping[str, str]) -> go.Scatter:
    """The time before, laid under this one: a dashed line."""
    middle = _ms(cells.start + (cells.end - cells.start) // 2)
    runs = _runs(cells)
    cuts = [run.start for run in runs[1:]]
    x, y = np.insert(middle, cuts, [middle[cut] for cut in cuts]), np.insert(cells.middle, cuts, np.nan)
    hover = f"{t('trends.before_mark')}: %{{y:.6~g}} {unit(t, part.trend.unit)}<extra></extra>"
    line = {"color": colours["fourth"], "width": 1.6, "dash": "dot", "shape": "hvh" if cells.kind == "bar" else "linear"}
    return go.Scatter(x=x, y=y.astype("float32"), mode="lines", line=line, yaxis=panel.axis, hovertemplate=hover)


def _runs(cells: Cells) -> list[slice]:
    """Ranges of cells that follow one another."""
    if not len(cells):
        return []
    apart = np.flatnonzero(cells.start[1:] > cells.end[:-1] + (cells.end[:-1] - cells.start[:-1]) // 2) + 1
    edges = [0, *apart.tolist(), len(cells)]
    return [slice(a, b) for a, b in pairwise(edges)]


def _ribbon(cells: Cells, runs: Sequence[slice], low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Closed shapes from low to high, one for each run, parted by an empty place."""
    xs: list[np.ndarray] = []
    ys: list[np.ndarray] = []
    for run in runs:
        middle = _ms(cells.start[run] + (cells.end[run] - cells.start[run]) // 2)
        bottom, top = low[run], high[run]
        if len(middle) == 1:
            middle = _ms(np.array([cells.start[run][0], cells.end[run][0]]))
            bottom, top = np.repeat(bottom, 2), np.repeat(top, 2)
        xs += [middle, middle[::-1], middle[-1:]]
        ys += [top, bottom[::-1], np.array([np.nan])]
    return np.concatenate(xs), np.concatenate(ys).astype("float32")


def _ms(wall: np.ndarray) -> np.ndarray:
    return np.asarray(wall, dtype="int64").astype("float64") / 1e6


def _plain(text: str) -> str:
    """A name without what a chart would read as markup."""
    return text.replace("<", "‹").replace(">", "›").replace("%{", "% {")
