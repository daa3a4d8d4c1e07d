"""This is the place where the frame of a chart is made: panels below one another, axes, and the words inside the picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.care.picture_views import Part, Picture
from core.care.views import Band
from core.ui import cell_marks, event_marks
from core.ui.axes import local_ms, one_ms, ticks
from core.ui.bands import Panel
from core.ui.lanes import Lane
from core.ui.values import unit
from core.ui.words import Words

PANEL, LANE, FOOT, TOP = 190, 34, 44, 30
"""Heights in pixels: one panel, one medicine, the axis, the title of a panel."""
MANY_PANELS, LOWER_PANEL, STATE_ROW = 3, 150, 34
"""From this many panels on each is lower; a coded signal has a row of this height for each of its values."""
FONT = "system-ui, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"


def height(picture: Picture, panels: Sequence[Panel], shown: Sequence[Lane]) -> int:
    """How tall the picture is, known before it is drawn so that nothing jumps."""
    rows = len(shown) + event_marks.shown(picture)
    return TOP + sum(panel.height + TOP for panel in panels) + rows * LANE + FOOT


def components(part: Part) -> tuple[str, ...]:
    """What has a panel of its own: both numbers of a blood pressure, else the signal."""
    banded = (cells.name for cells in part.cells if cells.kind == "band")
    return tuple(dict.fromkeys((*(column.component for column in part.trend.columns), *banded))) or (part.signal,)


def panels_of(picture: Picture) -> tuple[Panel, ...]:
    drawn = [number for number, part in enumerate(picture.parts) if not part.empty] or [0]
    named = [(number, component) for number in drawn for component in components(picture.parts[number])]
    usual = PANEL if len(named) < MANY_PANELS else LOWER_PANEL
    found = []
    for at, (number, component) in enumerate(named):
        part, axis = picture.parts[number], "y" if at == 0 else f"y{at + 1}"
        if part.states and part.kind != "state":
            found.append(Panel(component, axis, -0.6, len(part.states) - 0.4, STATE_ROW * len(part.states) + 12, number))
        else:
            low, high = _range(part, component)
            found.append(Panel(component, axis, low, high, usual, number))
    return tuple(found)


def _range(part: Part, component: str) -> tuple[float, float]:
    """From where to where the values of a panel reach, with room for words."""
    view = part.trend
    if any(cells.kind == "bar" for cells in part.cells):
        high = (cell_marks.reach(part, component) or (0.0, 1.0))[1] or 1.0
        goals = [e for b in view.bands if b.component == component for e in (b.low, b.high) if e is not None and e < 2.5 * high]
        return 0.0, max([high, *goals]) * 1.12
    summed = cell_marks.reach(part, component)
    values = [c.value for c in view.columns if c.component == component and len(c.value)]
    if summed:
        values.append(np.array(summed))
    edges = [e for b in view.bands if b.component == component for e in (b.low, b.high) if e is not None]
    low = min((float(np.nanmin(v)) for v in values), default=0.0)
    high = max((float(np.nanmax(v)) for v in values), default=1.0)
    reach = (high - low) or abs(high) * 0.2 or 1.0
    near = [e for e in edges if low - 1.2 * reach <= e <= high + 1.2 * reach]
    low, high = min([low, *near]), max([high, *near])
    room = (high - low) * 0.14 or abs(high) * 0.1 or 1.0
    words = room if edges else 0.0  # the words of the target stand at the foot of its band
    return low - room - words, high + room


def layout_of(t: Words, picture: Picture, panels: Sequence[Panel], shown: Sequence[Lane], colours: Mapping[str, str]) -> dict[str, object]:
    total, rows = height(picture, panels, shown), len(shown) + event_marks.shown(picture)
    layout: dict[str, object] = {
        "template": "none", "height": total, "margin": {"l": 46, "r": 14, "t": 8, "b": 34},
        "paper_bgcolor": colours["card"], "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 14, "color": colours["muted"]},
        "showlegend": False, "dragmode": False, "hovermode": "closest", "barmode": "stack",
        "hoverlabel": {"bgcolor": colours["card"], "bordercolor": colours["edge"], "font": {"color": colours["ink"], "size": 14}},
        "xaxis": time_axis(t, picture, colours, len(panels) + bool(rows)),
        "annotations": [note for panel in panels for note in _notes(t, picture.parts[panel.part], panel, colours)],
    }  # fmt: skip
    inner = total - 42
    top = 1.0
    for panel in panels:
        bottom = top - (panel.height + TOP) / inner
        name = "yaxis" + panel.axis[1:]
        layout[name] = _value_axis(t, picture.parts[panel.part], panel, (max(bottom, 0.0), top - TOP / inner), colours)
        top = bottom
    if rows:
        layout[f"yaxis{len(panels) + 1}"] = _lane_axis(rows, (0.0, max(top - 8 / inner, 0.01)))
    return layout


def time_axis(t: Words, view: Picture, colours: Mapping[str, str], rows: int) -> dict[str, object]:
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


def _value_axis(t: Words, part: Part, panel: Panel, domain: tuple[float, float], colours: Mapping[str, str]) -> dict[str, object]:
    coded = part.states and part.kind != "state"
    names = [t.first(f"state_of.{part.signal}_{state}", f"state_of.{state}") for state in part.states] if coded else []
    said = {"tickmode": "array", "tickvals": list(range(len(names))), "ticktext": names, "ticklabelposition": "inside", "side": "left"}
    return {
        **(said if coded else {"nticks": 5}),
        "domain": list(domain),
        "range": [panel.low, panel.high],
        "fixedrange": True,
        "showgrid": not coded,
        "gridcolor": colours["hair"],
        "gridwidth": 1,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "automargin": False,
    }


def _lane_axis(count: int, domain: tuple[float, float]) -> dict[str, object]:
    return {"domain": list(domain), "range": [count - 0.5, -0.5], "fixedrange": True, "visible": False}


def _notes(t: Words, part: Part, panel: Panel, colours: Mapping[str, str]) -> list[dict[str, object]]:
    """The name above each panel, the target inside its band, "no readings" inside a gap."""
    view = part.trend
    name = t.first("signal." + panel.component, view.label)
    if view.unit and unit(t, view.unit).casefold() != name.casefold():
        name = t("trends.panel_unit", name=name, unit=unit(t, view.unit))
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
