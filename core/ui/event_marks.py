"""This is the place where what happened lies on a chart: visits, symptoms, notes, and why there is silence."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from core.care.picture_views import Happening, Part, Picture
from core.ui.axes import local_ms
from core.ui.bands import Panel
from core.ui.words import Words

SYMBOLS: Mapping[str, str] = {"visit": "square", "note": "circle", "symptom": "cross"}
MOST_LINES = 40
_LONGEST = 90


def shown(picture: Picture) -> bool:
    """Whether there is a row of happenings below the panels."""
    return bool(picture.happenings)


def marks(t: Words, picture: Picture, axis: str, colours: Mapping[str, str]) -> list[go.Scatter]:
    """One mark for each happening, its words on hover; the kinds differ by shape and colour."""
    hues = {"visit": colours["fourth"], "note": colours["accent"], "symptom": colours["soon"]}
    found = []
    for kind, symbol in SYMBOLS.items():
        mine = [one for one in picture.happenings if one.kind == kind]
        if mine:
            marker = {"symbol": symbol, "size": 11, "color": hues[kind]}
            hover = {"text": [_said(t, one) for one in mine], "hovertemplate": "%{text}<extra></extra>"}
            x, y = [one.at / 1e6 for one in mine], [0.0] * len(mine)
            found.append(go.Scatter(x=x, y=y, mode="markers", marker=marker, yaxis=axis, cliponaxis=False, **hover))
    return found


def lines(picture: Picture, colours: Mapping[str, str]) -> list[dict[str, object]]:
    """A thin line through all panels at each happening, where they are not too many."""
    if len(picture.happenings) > MOST_LINES:
        return []
    line = {"color": colours["edge"], "width": 1, "dash": "dot"}
    return [
        {"type": "line", "layer": "below", "xref": "x", "x0": one.at / 1e6, "x1": one.at / 1e6, "yref": "paper", "y0": 0, "y1": 1, "line": line}
        for one in picture.happenings
    ]


def silences(t: Words, part: Part, panel: Panel) -> list[go.Scatter]:
    """The reason of a gap where it is pointed at."""
    gaps = [gap for gap in part.trend.gaps if gap.component in (panel.component, "") and gap.why and t.has(gap.why)]
    if not gaps:
        return []
    middle = local_ms(np.array([(gap.start + gap.end) // 2 for gap in gaps], dtype="int64"), t.zone)
    marker = {"size": 26, "opacity": 0}
    height = [(panel.low + panel.high) / 2] * len(gaps)
    words = [t(gap.why) for gap in gaps]
    return [go.Scatter(x=middle, y=height, mode="markers", marker=marker, yaxis=panel.axis, text=words, hovertemplate="%{text}<extra></extra>")]


def _said(t: Words, one: Happening) -> str:
    clean = one.text.replace("<", "‹").replace(">", "›").replace("%{", "% {")
    short = clean if len(clean) <= _LONGEST else clean[: _LONGEST - 1] + "…"
    return t("trends.event", kind=t("trends.event_" + one.kind), text=short)
