"""This is the place where a person's part of the graph is drawn: what is known on the left, what uses it on the right, and the lines between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go

from core.care.connect_views import ConnectsView, Thing
from core.knowledge.personal import SPEAKS, WATCHES, RuleHere
from core.ui import connect_words
from core.ui.chart_frame import FONT
from core.ui.tokens import palette
from core.ui.words import Words

MOST = 12
"""Of each side that are drawn at most: more can't be told apart on a telephone."""
ROW, EDGE, LETTERS = 46, 24, 26
"""Pixels of a row and above the first; letters of a name, the rest stands in the list."""
_EVERYBODY = frozenset({"fact:age", "fact:sex"})


@dataclass(frozen=True)
class Drawn:
    """What is in the picture, from top to bottom, and how many things and rules are left out."""

    things: tuple[Thing, ...]
    rules: tuple[RuleHere, ...]
    lines: tuple[tuple[str, str, bool], ...]
    left_out: int

    @property
    def height(self) -> int:
        return EDGE * 2 + ROW * self.rows

    @property
    def rows(self) -> int:
        return max(len(self.things), len(self.rules), 1)


def chosen(view: ConnectsView, thing: str = "") -> Drawn:
    """`thing` "": all that says something now; else what one thing is joined to. Alerts only watch, and stand in the list; age and sex join nearly everything to
    everything, and are drawn only where they are asked for or where a rule rests on nothing else."""
    rules = [
        one
        for one in view.rules
        if one.state != WATCHES and (any(link.thing == thing for link in one.links) if thing else one.state == SPEAKS)
    ]
    rules.sort(key=lambda one: {link.thing for link in one.links} <= _EVERYBODY)
    shown = rules[:MOST]
    touched = {thing} if thing else set()
    for one in shown:
        every = {link.thing for link in one.links}
        touched |= every - _EVERYBODY or every
    things = sorted((one for one in view.things if one.node_id in touched), key=lambda one: one.node_id != thing)
    kept = {one.node_id for one in things[:MOST]}
    lines: dict[tuple[str, str], bool] = {}
    for one in shown:
        for link in one.links:
            if link.thing in kept:
                pair = (link.thing, one.rule.node_id)
                lines[pair] = lines.get(pair, False) or link.status == "verified"
    joined = {rule for _, rule in lines}
    drawn = tuple(one for one in shown if one.rule.node_id in joined)
    out = len(rules) - len(drawn) + len(things) - len(kept)
    return Drawn(tuple(things[:MOST]), drawn, tuple((a, b, sure) for (a, b), sure in lines.items()), out)


def figure(t: Words, view: ConnectsView, drawn: Drawn, theme: str) -> go.Figure:
    colours = palette(theme)
    left = {one.node_id: _height(at, len(drawn.things), drawn) for at, one in enumerate(drawn.things)}
    right = {one.rule.node_id: _height(at, len(drawn.rules), drawn) + ROW / 2 for at, one in enumerate(drawn.rules)}
    traces = [_lines(drawn, left, right, colours, sure=sure) for sure in (True, False)]
    traces.append(_dots([connect_words.thing_name(t, one) for one in drawn.things], (0.0, list(left.values())), "circle", colours))
    traces.append(
        _dots([connect_words.rule_name(t, one.rule, view) for one in drawn.rules], (1.0, list(right.values())), "square", colours)
    )
    layout = {
        "template": "none", "height": drawn.height, "margin": {"l": 8, "r": 8, "t": 4, "b": 4}, "showlegend": False, "dragmode": False,
        "paper_bgcolor": colours["card"], "plot_bgcolor": "rgba(0,0,0,0)", "font": {"family": FONT, "size": 13, "color": colours["ink"]},
        "hoverlabel": {"bgcolor": colours["card"], "bordercolor": colours["edge"], "font": {"color": colours["ink"], "size": 14}},
        "hovermode": "closest", "xaxis": {"visible": False, "range": [-0.03, 1.03], "fixedrange": True},
        "yaxis": {"visible": False, "range": [drawn.height, 0], "fixedrange": True},
    }  # fmt: skip
    return go.Figure(data=traces, layout=layout)


def _height(at: int, n: int, drawn: Drawn) -> float:
    """The shorter side is spread over the rows of the longer; the right side stands half a row lower, so that no name runs into another's."""
    return EDGE + ROW * (at * drawn.rows // max(n, 1))


def _lines(
    drawn: Drawn, left: Mapping[str, float], right: Mapping[str, float], colours: Mapping[str, str], *, sure: bool
) -> go.Scatter:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for thing, rule, verified in drawn.lines:
        if verified is sure:
            xs += [0.0, 1.0, None]
            ys += [left[thing], right[rule], None]
    return go.Scatter(
        x=xs,
        y=ys,
        mode="lines",
        hoverinfo="skip",
        opacity=0.5,
        line={"color": colours["accent"] if sure else colours["muted"], "width": 1.5, "dash": "solid" if sure else "dot"},
    )


def _dots(names: list[str], at: tuple[float, list[float]], symbol: str, colours: Mapping[str, str]) -> go.Scatter:
    x, heights = at
    side = "top right" if x == 0.0 else "top left"
    return go.Scatter(
        x=[x] * len(names), y=heights, mode="markers+text", text=[escape(_short(one)) for one in names], textposition=side, hovertext=[escape(one) for one in names],
        hoverinfo="text", cliponaxis=False, textfont={"color": colours["ink"], "size": 13},
        marker={"color": colours["accent"], "size": 10, "symbol": symbol, "line": {"color": colours["card"], "width": 1}},
    )  # fmt: skip


def _short(name: str) -> str:
    """Cut to what fits beside the other side on a telephone; wide letters count twice."""
    room = LETTERS
    for at, letter in enumerate(name):
        room -= 2 if ord(letter) > 0x2E80 else 1
        if room < 0:
            return name[:at].rstrip() + "…"
    return name
