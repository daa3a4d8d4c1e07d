"""This is the place where bands lie behind the points of a chart: the target, the usual range, and the silence that covers both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.care.views import TrendView
from core.ui.axes import local_ms
from core.ui.words import Words


@dataclass(frozen=True)
class Panel:
    """One stacked part of the picture: its component, its axis name, its value range, its height in pixels, its part's place."""

    component: str
    axis: str
    low: float
    high: float
    height: int = 190
    part: int = 0


def bands(t: Words, view: TrendView, panel: Panel, colours: Mapping[str, str]) -> list[dict[str, object]]:
    """Target and usual range behind the points; a gap covers them, for nothing is known there."""
    found: list[dict[str, object]] = []
    order = {"usual": 0, "target": 1}
    for band in sorted((b for b in view.bands if b.component == panel.component), key=lambda b: order.get(b.kind, 0)):
        low, high = band.low if band.low is not None else panel.low, band.high if band.high is not None else panel.high
        fill = colours["accent"] if band.kind == "target" else colours["muted"]
        found.append(_rect(panel, ("paper", 0, 1), (low, high), fill, 0.11 if band.kind == "target" else 0.09))
        if band.kind == "target":
            found += [_edge(panel, e, colours) for e in (band.low, band.high) if e is not None and panel.low < e < panel.high]
    for gap in (g for g in view.gaps if g.component in (panel.component, "")):
        left, right = (float(ms) for ms in local_ms(np.array([gap.start, gap.end]), t.zone))
        found.append(_rect(panel, ("x", left, right), (panel.low, panel.high), colours["card"], 0.85))
    return found


def _rect(panel: Panel, x: tuple[str, float, float], y: tuple[float, float], fill: str, opacity: float) -> dict[str, object]:
    low, high = max(y[0], panel.low), min(y[1], panel.high)
    return {
        "type": "rect", "layer": "below", "xref": x[0], "x0": x[1], "x1": x[2], "yref": panel.axis, "y0": low, "y1": max(low, high),
        "fillcolor": fill, "opacity": opacity, "line": {"width": 0},
    }  # fmt: skip


def _edge(panel: Panel, at: float, colours: Mapping[str, str]) -> dict[str, object]:
    line = {"color": colours["accent"], "width": 1, "dash": "dot"}
    return {"type": "line", "layer": "below", "xref": "paper", "x0": 0, "x1": 1, "yref": panel.axis, "y0": at, "y1": at, "line": line}
