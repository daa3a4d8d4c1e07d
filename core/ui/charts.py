"""This is the place where a trend becomes a picture: the facts of its view on a true time axis, nothing added.

Points stand where something was measured. A line joins points of one source only where they are dense (median step of at
most three days) and never across a gap. Sources differ by shape and colour, "below what can be measured" is an open marker.
Several signals stand below one another on one time axis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.care.picture_views import Part, Picture, PictureQuery
from core.care.views import TrendView
from core.ui import cell_marks, event_marks
from core.ui.bands import Panel, bands
from core.ui.chart_frame import layout_of, panels_of, time_axis
from core.ui.lanes import lane_marks, lanes
from core.ui.point_marks import traces
from core.ui.tokens import palette
from core.ui.words import Words

CONFIG = {
    "displayModeBar": True, "modeBarButtons": [["toImage"]], "displaylogo": False, "scrollZoom": False, "doubleClick": False,
    "toImageButtonOptions": {"format": "png", "filename": "healthboard-chart", "scale": 2},
}  # fmt: skip
"""The only button of the bar makes the picture file; the bar itself is hidden and pressed by ours (core/ui/chart_tools.py)."""

def chart(t: Words, view: TrendView, theme: str) -> go.Figure:
    """The figure of one signal of the record, in the reader's language and units, for the light or the dark theme."""
    query = PictureQuery((view.signal,), view.query.range)
    part = Part(view.signal, "event", view)
    return stack(t, Picture(view.revision, view.made_at, query, view.start, view.end, "", (part,), view.medicines), theme)


def stack(t: Words, picture: Picture, theme: str, *, zoom: bool = False) -> go.Figure:
    """The figure of a picture; with `zoom` a stretch of time can be chosen by dragging."""
    colours = palette(theme)
    panels = panels_of(picture)
    shown = lanes(t, picture)
    events = event_marks.shown(picture)
    layout = layout_of(t, picture, panels, shown, colours)
    if zoom:
        layout["dragmode"] = "zoom"
        layout["xaxis"] = {**time_axis(t, picture, colours, len(panels) + bool(shown or events)), "fixedrange": False}
    layout["shapes"] = [*_shapes(t, picture, panels, colours), *event_marks.lines(picture, colours)]
    figure = go.Figure(layout=layout)
    for panel in panels:
        part = picture.parts[panel.part]
        for trace in (*_points(t, part, panel, colours), *cell_marks.marks(t, part, panel, colours)):
            figure.add_trace(trace)
        for trace in event_marks.silences(t, part, panel):
            figure.add_trace(trace)
    axis = f"y{len(panels) + 1}"
    for trace in (*event_marks.marks(t, picture, axis, colours), *lane_marks(shown, axis, colours, int(events))):
        figure.add_trace(trace)
    return figure


def _points(t: Words, part: Part, panel: Panel, colours: Mapping[str, str]) -> list[go.Scatter]:
    columns = [column for column in part.trend.columns if column.component == panel.component]
    return [trace for column in columns for trace in traces(t, part.trend, panel, column, colours)]


def _shapes(t: Words, picture: Picture, panels: Sequence[Panel], colours: Mapping[str, str]) -> list[dict[str, object]]:
    return [shape for panel in panels for shape in bands(t, picture.parts[panel.part].trend, panel, colours)]
