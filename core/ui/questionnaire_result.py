"""This is the place where the result of a questionnaire is read: what it means, the score, what to do, and how it changed."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import plotly.graph_objects as go
import streamlit as st

from core.care import questionnaires
from core.care.questionnaire_views import HistoryView, Past
from core.domain.time import PartialTime
from core.risk.terms import Band, Thresholds
from core.ui import charts, questionnaire_crisis
from core.ui.axes import one_ms, ticks
from core.ui.chart_frame import FONT
from core.ui.markup import Cell, box, card, chip, empty, h2, note, table, tag
from core.ui.questionnaire_form import Opened
from core.ui.questionnaire_words import answer, band, checked, points, when, why_none, wording
from core.ui.session import Reading, Visit
from core.ui.tokens import palette
from core.ui.values import source_marks
from core.ui.words import Words

HEIGHT = 260
SYMBOLS = ("circle", "diamond", "square", "triangle-up")
HUES = ("accent", "second", "ink", "muted")
"""Colours without a meaning of their own: which number is which is told by the shape too."""


def draw(visit: Visit, reading: Reading, one: Opened) -> None:
    """The newest result, then how it changed, then every one of them."""
    t = visit.t
    view = reading.view("check.history", one.key, lambda: questionnaires.history(visit.ports, visit.who, reading.person_id, one.key))
    if not view.past:
        st.html(empty(t("check.no_results"), t("check.no_results_next")))
        return
    newest = view.past[0]
    if newest.answered.crisis and visit.own:
        questionnaire_crisis.show(visit, reading.person_id)
    st.html(card(newest_words(t, view, newest)))
    lines = dict(series(t, view))
    if any(len(found) > 1 for found in lines.values()):
        st.html(h2(t("check.trend")))
        theme = st.context.theme.type or "light"
        drawn = reading.prepared("check.chart", (one.key, theme), lambda: figure(t, lines, theme, reach(view)))
        st.plotly_chart(drawn, theme=None, config=charts.CONFIG, key="check_chart", alt=t("check.trend_alt", n=len(view.past)))
    st.html(h2(t("check.history")) + past_table(t, view))


def newest_words(t: Words, view: HistoryView, newest: Past) -> str:
    """What it means first, then the number, what to do, and where it comes from."""
    form, scored = view.questionnaire, newest.scored
    parts = [f'<div class="meta"><span>{escape(when(t, newest))}</span>{source_marks(t, newest.sources)}</div>']
    if scored is not None and scored.value is not None:
        if newest.answered.crisis:  # whatever the points say, and never in their shadow
            parts.append(f'<div class="check-band">{chip(t, "now")}</div><p class="mean">{escape(t("check.means.crisis"))}</p>')
        else:
            parts += [_band(t, form.family, thresholds_band) for thresholds_band in scored.bands]
        parts.append(f'<div class="big">{escape(points(t, scored.value))}</div>')
        parts += [note(t("check.read_by", guideline=thresholds.guideline)) for thresholds, _ in scored.bands]
        parts.append(note(t("check.not_a_diagnosis")))
    elif scored is not None:
        parts.append(box("unknown", t("check.no_score"), t.joined(why_none(t, form, fault) for fault in scored.faults)))
    parts.append(_answers(t, view, newest))
    if form.source:
        parts.append(note(wording(t)(form.source)))
    return "".join(parts)


def series(t: Words, view: HistoryView) -> Iterator[tuple[str, list[tuple[PartialTime, float]]]]:
    """What is drawn over time, oldest first: the score; or, where there is none, every number that was asked for."""
    form = view.questionnaire
    parsed = [(PartialTime.parse(one.when), one) for one in reversed(view.past)]
    dated = [(at, one) for at, one in parsed if at is not None]
    if form.equation:
        yield wording(t)(form.title), [(at, one.scored.value) for at, one in dated if one.scored and one.scored.value is not None]
        return
    for item in form.every():
        if item.kind in ("integer", "decimal") and not item.why_not:
            found = [(at, float(one.answered.answers[item.link_id])) for at, one in dated if item.link_id in one.answered.answers]
            yield wording(t)(item.text), found


def reach(view: HistoryView) -> tuple[float, float] | None:
    """From where to where a form's own scales reach; None where it has none."""
    scales = [one for one in view.questionnaire.every() if one.scale and one.low is not None and one.high is not None]
    return (min(one.low or 0.0 for one in scales), max(one.high or 0.0 for one in scales)) if scales else None


def figure(t: Words, lines: dict[str, list[tuple[PartialTime, float]]], theme: str, limits: tuple[float, float] | None = None) -> go.Figure:
    """Points on a true time axis, joined by nothing: between two questionnaires nobody asked."""
    colours = palette(theme)
    moments = sorted(at.earliest for found in lines.values() for at, _ in found)
    marks = ticks(t, moments[0], moments[-1])
    left, right = one_ms(moments[0], t.zone), one_ms(moments[-1], t.zone)
    room = max((right - left) * 0.04, 43_200_000.0)
    drawn = go.Figure()
    for number, (name, found) in enumerate(lines.items()):
        look = {"symbol": SYMBOLS[number % len(SYMBOLS)], "size": 10, "color": colours[HUES[number % len(HUES)]]}
        x = [one_ms(at.earliest, t.zone) for at, _ in found]
        said = [f"{t.number(value)} · {t.day(at)}" for at, value in found]
        drawn.add_trace(go.Scatter(x=x, y=[value for _, value in found], mode="markers", name=name, marker=look, text=said, hovertemplate="%{text}<extra></extra>"))
    hover = {"bgcolor": colours["card"], "bordercolor": colours["edge"], "font": {"color": colours["ink"], "size": 14}}
    drawn.update_layout(
        template="none", height=HEIGHT, margin={"l": 44, "r": 20, "t": 14, "b": 34}, paper_bgcolor=colours["card"], plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 14, "color": colours["muted"]}, showlegend=len(lines) > 1, dragmode=False, hoverlabel=hover,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={"type": "date", "tickmode": "array", "tickvals": list(marks.at), "ticktext": list(marks.text), "tickangle": 0, "fixedrange": True,
               "showgrid": False, "zeroline": False, "range": [left - room, right + room]},
        yaxis={"gridcolor": colours["hair"], "zeroline": False, "nticks": 6, "fixedrange": True, **_reaching(limits)},
    )  # fmt: skip
    return drawn


def _reaching(limits: tuple[float, float] | None) -> dict[str, object]:
    return {"rangemode": "tozero"} if limits is None else {"range": [limits[0] - 0.4, limits[1] + 0.4]}


def past_table(t: Words, view: HistoryView) -> str:
    """Every result, the newest first."""
    form = view.questionnaire
    if form.equation:
        head = (t("check.when"), t("check.score"), t("check.band"))
        rows = [(Cell(when(t, one)), Cell(_score(t, one), True), Cell(_bands(t, one))) for one in view.past]
        return table(t("check.history"), head, rows, (1,))
    items = [one for one in form.every() if one.asks]
    columns = (t("check.when"), *(wording(t)(one.text) for one in items))
    rows_of_items = [(Cell(when(t, one)), *(Cell(_said(t, view, one, item.link_id)) for item in items)) for one in view.past]
    return table(t("check.history"), columns, rows_of_items)


def _score(t: Words, one: Past) -> str:
    return "–" if one.scored is None or one.scored.value is None else t.number(one.scored.value)


def _bands(t: Words, one: Past) -> str:
    return t("list.comma").join(band(t, found) for _, found in one.scored.bands) if one.scored else ""


def _band(t: Words, family: str, read: tuple[Thresholds, Band]) -> str:
    """A guideline's word for the score with its state, what it means and what to do. One that wasn't checked against its source has no colour."""
    thresholds, found = read
    state = found.state if checked(thresholds) else "unknown"
    mark = chip(t, state) if checked(thresholds) else tag(t("check.unchecked"), "info", "unknown")
    means = t.first(f"check.means.{family}.{found.state}", "check.means.unknown")
    remark = "" if checked(thresholds) else note(t("check.unchecked_note"))
    return f'<div class="check-band">{mark} <b>{escape(band(t, found))}</b></div><p class="mean">{escape(means)}</p>{remark}'


def _answers(t: Words, view: HistoryView, newest: Past) -> str:
    """What was answered, question by question."""
    rows = [
        (Cell(wording(t)(item.text)), Cell(answer(t, item, newest.answered.answers[item.link_id])))
        for item in newest.answered.questions
        if item.link_id in newest.answered.answers
    ]
    shown = table(t("check.answers"), (t("check.question_column"), t("check.answer_column")), rows)
    if not rows or not view.questionnaire.equation:  # without a score the answers are what came of it
        return shown if rows else ""
    return f"<details><summary>{escape(t('check.answers'))}</summary>{shown}</details>"


def _said(t: Words, view: HistoryView, one: Past, link_id: str) -> str:
    item = view.questionnaire.item(link_id)
    given = one.answered.answers.get(link_id)
    return "" if item is None or given is None else answer(t, item, given)
