"""This is the place where small pictures of a value's last months are drawn, as an SVG inside an <img>: about one kilobyte each."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from core.ui.icons import data_uri
from core.ui.tokens import COLOURS

WIDTH, HEIGHT, INSET = 200, 48, 8
GAP_FACTOR = 4.0
"""A step this many times longer than the usual step breaks the line."""


def sparkline(
    points: Sequence[tuple[float, float]],
    band: tuple[float | None, float | None] | None,
    alt: str,
    longest: float | None = None,
) -> str:
    """An <img> of points (unix seconds, value), oldest first, on a true time axis with a band behind; "" below two points. The line is
    broken where the time between two points is unusually long, or `longest` seconds where that is given."""
    points = points if longest else _last_run(points)
    if len(points) < 2:
        return ""
    frame = _Frame.around(points, band)
    marks = _band(frame, band) + _line(frame, points, longest or _longest_step(points)) + _last(frame, points[-1])
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' preserveAspectRatio='none'>"
        f"{_styles()}{marks}</svg>"
    )
    return f'<img class="spark" src="{data_uri(svg)}" alt="{escape(alt)}">'


def _longest_step(points: Sequence[tuple[float, float]]) -> float:
    """From which time between two points on the line is broken."""
    steps = sorted(later[0] - earlier[0] for earlier, later in pairwise(points))
    return steps[len(steps) * 3 // 4] * GAP_FACTOR or float("inf") if steps else float("inf")


def _last_run(points: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    """Without the few points before a long silence, which would press all others into a corner."""
    longest = _longest_step(points)
    cuts = [at for at in range(1, len(points)) if points[at][0] - points[at - 1][0] > longest]
    few = [at for at in cuts if at <= len(points) // 4]
    return points[few[-1] :] if few else points


class _Frame:
    """Where time and value fall on the picture."""

    def __init__(self, first: float, last: float, low: float, high: float) -> None:
        room = (high - low) * 0.18 or abs(high) * 0.05 or 1.0
        self.low, self.high = low - room, high + room
        self.first, self.span = first, (last - first) or 1.0

    @classmethod
    def around(cls, points: Sequence[tuple[float, float]], band: tuple[float | None, float | None] | None) -> _Frame:
        values = [value for _, value in points]
        low, high = min(values), max(values)
        reach = (high - low) or abs(high) * 0.1 or 1.0
        for edge in band or ():
            if edge is not None and low - 1.5 * reach <= edge <= high + 1.5 * reach:  # a far target must not flatten the line
                low, high = min(low, edge), max(high, edge)
        return cls(points[0][0], points[-1][0], low, high)

    def x(self, time: float) -> float:
        return INSET + (time - self.first) / self.span * (WIDTH - 2 * INSET)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - min(max(share, 0.0), 1.0) * HEIGHT


def _band(frame: _Frame, band: tuple[float | None, float | None] | None) -> str:
    if band is None or band == (None, None):
        return ""
    top = 0.0 if band[1] is None else frame.y(band[1])
    bottom = float(HEIGHT) if band[0] is None else frame.y(band[0])
    return f"<rect class='b' width='{WIDTH}' y='{top:.1f}' height='{max(bottom - top, 0):.1f}'/>"


def _line(frame: _Frame, points: Sequence[tuple[float, float]], longest: float) -> str:
    path, before = "", None
    for time, value in points:
        joined = before is not None and time - before <= longest
        path += f"{'L' if joined else 'M'}{frame.x(time):.1f} {frame.y(value):.1f}{'' if joined else 'h.01'}"
        before = time
    return f"<path class='l' d='{path}'/>"


def _last(frame: _Frame, point: tuple[float, float]) -> str:
    return f"<path class='p' d='M{frame.x(point[0]):.1f} {frame.y(point[1]):.1f}h.01'/>"


def _styles() -> str:
    """The picture follows the colour scheme of the page around it."""
    light, dark = (
        f".b{{fill:{COLOURS['muted'][i]};fill-opacity:.13}}.l{{stroke:{COLOURS['muted'][i]}}}.p{{stroke:{COLOURS['accent'][i]}}}" for i in (0, 1)
    )
    both = ".l{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}.p{stroke-width:9;stroke-linecap:round}.l,.p{vector-effect:non-scaling-stroke}"
    return f"<style>{light}{both}@media(prefers-color-scheme:dark){{{dark}}}</style>"
