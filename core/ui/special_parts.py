"""This is the place where the views of one kind of signal are said: time in range as a bar, nights as a table, findings as a list."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from core.care.special_views import AimMet, FindingsView, GlucoseView, Night, PressureView, Share
from core.care.views import Fact
from core.domain.time import PartialTime
from core.ui.cell_marks import STATE_HUES
from core.ui.markup import Cell, box, h3, table
from core.ui.sentences import sentence
from core.ui.trend_parts import bar_mark
from core.ui.values import unit
from core.ui.words import Words

RANGE_ORDER = ("tar2", "tar1", "tir", "tbr1", "tbr2")
"""From the highest down, as it is drawn."""
STACKED = ("deep", "light", "rem", "awake")
MOST_NIGHTS, MOST_FINDINGS = 31, 100


def glucose(t: Words, view: GlucoseView) -> str:
    """The sentences of a sensor's days, and why there is nothing where there is too little."""
    if view.declined:
        return box("unknown", t("glucose.declined"), sentence(t, view.declined))
    head = t("glucose.window", start=view.start, end=view.end)
    inside = next((share.percent for share in view.shares if share.code == "tir"), None)
    first = t("glucose.in_range", percent=inside, low=view.target[0], high=view.target[1], unit=unit(t, view.unit)) if inside is not None and view.target else ""
    facts = "".join(f"<li>{escape(sentence(t, fact))}</li>" for fact in view.numbers)
    return f'<div class="chart-said"><p class="sentence">{escape(t.joined((first, head)))}</p>{tir_bar(t, view.shares, view.unit)}<ul class="plain">{facts}</ul>{_aims(t, view.aims)}</div>'


def tir_bar(t: Words, shares: Sequence[Share], measured: str) -> str:
    """Time in range as one bar with a row of words for each part; a part of nothing has words and no bar."""
    known = {share.code: share for share in shares}
    ordered = [known[code] for code in RANGE_ORDER if code in known]
    parts = "".join(f'<span class="tr r-{one.code}" style="flex-grow:{one.percent:g}"></span>' for one in reversed(ordered) if one.percent > 0)
    rows = "".join(
        f'<li><span class="tr r-{one.code}" aria-hidden="true"></span><b>{t.number(one.percent, 1)} %</b> {escape(t("glucose.range_" + one.code))} '
        f"<small>{escape(_reach(t, one, measured))}</small></li>"
        for one in ordered
    )
    return f'<div class="tirbar" aria-hidden="true">{parts}</div><ul class="tirlist">{rows}</ul>'


def nights_table(t: Words, nights: Sequence[Night]) -> str:
    """The nights, newest first."""
    columns = [t("sleep.night"), t("sleep.asleep"), t("state_of.deep"), t("state_of.light"), t("state_of.rem"), t("sleep.awake"), t("sleep.awakenings")]
    rows = []
    for one in nights[:MOST_NIGHTS]:
        stages = [_hours(t, minutes) if one.staged else "–" for minutes in (one.deep, one.light, one.rem)]
        when = PartialTime.parse(one.day)
        rows.append([Cell(t.day(when) if when else one.day), *(Cell(text, number=True) for text in (_hours(t, one.asleep), *stages, _hours(t, one.awake), t.number(one.awakenings)))])
    return table(t("sleep.table"), columns, rows, [1, 2, 3, 4, 5, 6])


def stages(t: Words) -> str:
    """The colours of the stages."""
    items = "".join(f'<li><img src="{bar_mark(*STATE_HUES[name])}" alt="">{escape(t("state_of." + name))}</li>' for name in STACKED)
    return f'<ul class="legend">{items}</ul>'


def pressure(t: Words, view: PressureView) -> str:
    """The home average first, then mornings and evenings, then how weeks differ."""
    halves = "".join(f"<li>{escape(sentence(t, fact))}</li>" for fact in view.halves)
    more = "".join(f'<p class="note">{escape(sentence(t, fact))}</p>' for fact in (*view.notes, view.weeks))
    return f'<div class="chart-said"><p class="sentence">{escape(sentence(t, view.average))}</p><ul class="plain">{halves}</ul>{more}<p class="note">{escape(t("pressure.protocol"))}</p></div>'


def findings(t: Words, view: FindingsView) -> str:
    """What the device said, always as its own words."""
    caution = box("watch", t("caution.vendor_finding"), t("findings.next"))
    if not view.findings:
        return caution + f'<p class="note">{escape(t("findings.none"))}</p>'
    rows = []
    for one in view.findings[:MOST_FINDINGS]:
        when = PartialTime.parse(one.when)
        lasted = t("findings.seconds", n=one.seconds) if one.seconds else ""
        rows.append([Cell(t.moment(when) if when else one.when), Cell(t("state_of." + one.state)), Cell(lasted), Cell(one.device or t("trends.no_device"))])
    columns = [t("table.when"), t("findings.said"), t("findings.lasted"), t("findings.device")]
    counts = t("list.comma").join(t("findings.count", state=t("state_of." + state), n=n) for state, n in view.counts)
    return caution + h3(t("findings.title"), counts) + table(t("findings.title"), columns, rows)


def facts(t: Words, told: Sequence[Fact | None]) -> str:
    """Sentences below one another."""
    return "".join(f'<p class="sentence">{escape(sentence(t, fact))}</p>' for fact in told if fact)


def _aims(t: Words, aims: Sequence[AimMet]) -> str:
    if not aims:
        return f'<p class="note">{escape(t("glucose.no_aims"))}</p>'
    lines = []
    for aim in aims:
        limit = t("glucose.aim_below" if aim.below else "glucose.aim_above", limit=aim.limit)
        word = t("glucose.met" if aim.met else "glucose.not_met")
        lines.append(f"<li>{escape(t('glucose.aim', what=t('glucose.measure_' + aim.measure), value=aim.value, limit=limit, met=word))}</li>")
    return f'<p class="note">{escape(t("glucose.aims", basis=t("basis.cgm_2019")))}</p><ul class="plain">{"".join(lines)}</ul>'


def _reach(t: Words, share: Share, measured: str) -> str:
    said = unit(t, measured)
    if share.low is None:
        return t("limits.below", high=f"{t.number(share.high or 0)} {said}") if share.high is not None else ""
    if share.high is None:
        return t("limits.above", low=f"{t.number(share.low)} {said}")
    return f"{t('limits.between', low=share.low, high=share.high)} {said}"


def _hours(t: Words, minutes: float) -> str:
    """Hours and minutes, as people say them."""
    whole = round(minutes)
    return t("sleep.hours_minutes", hours=whole // 60, minutes=f"{whole % 60:02d}")
