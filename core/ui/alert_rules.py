"""This is the place where it is said how alerts are judged, who is told when, and which alerts there were."""

from __future__ import annotations

from datetime import timedelta
from html import escape

import streamlit as st

from core.alerts.chain import CHAIN
from core.alerts.rules import BASELINE, COMBINED, DRIFT, GAIN, HIGH, NEWS, QUESTIONNAIRE, THRESHOLD, Rule
from core.alerts.rules_table import RULES
from core.care import alerts
from core.care.alert_views import PastAlert
from core.domain.signals import SIGNALS
from core.trends.conversion import number_for, shown_as
from core.ui import alert_words as say
from core.ui.markup import Cell, box, chip, dotted, empty, h2, note, row, rows, table
from core.ui.session import Visit
from core.ui.values import unit
from core.ui.words import Words

PAST = timedelta(days=180)
MOST_PAST = 50
POINTS = ("never_silent", "ends", "watch", "seen", "twice", "quiet")


def judged(visit: Visit) -> None:
    """How alerts come and go; for the team every rule with its number, source and status."""
    t, team = visit.t, say.team(visit)
    st.html(h2(t("judged_how.title")))
    points = "".join(f"<li>{escape(t('judged_how.' + one))}</li>" for one in POINTS)
    st.html(f'<ul class="advice">{points}</ul>' + note(t("alert.no_diagnosis")))
    st.html(h2(t("judged_how.chain"), t("judged_how.chain_aside")))
    heads = (
        t("judged_how.severity"),
        *(
            t("alert.to_you") if visit.own and step.to == "patient" else t("alert.to." + step.to)
            for step in next(iter(CHAIN.values())).steps
        ),
    )
    st.html(table(t("judged_how.chain"), heads, (_times(t, int(severity)) for severity in CHAIN)))
    if not team:
        st.html(note(t("judged_how.rules_own")))
        return
    st.html(h2(t("judged_how.rules"), t("judged_how.rules_aside")))
    columns = (
        t("judged_how.what"),
        t("judged_how.limit"),
        t("judged_how.severity"),
        t("alert.source_head"),
        t("alert.status_head"),
    )
    st.html(table(t("judged_how.rules"), columns, (_rule(visit, one) for one in RULES)))


def _times(t: Words, severity: int) -> tuple[Cell, ...]:
    times = next(times for each, times in CHAIN.items() if int(each) == severity)
    return (Cell("", html=chip(t, say.STATES[severity])), *(Cell(span(t, step.after)) for step in times.steps))


def span(t: Words, after: timedelta) -> str:
    """How long after: "at once", "15 minutes", "4 hours", "3 days"."""
    minutes = int(after.total_seconds() // 60)
    if not minutes:
        return t("judged_how.at_once")
    if minutes < 60:
        return t("judged_how.minutes", n=minutes)
    return t("judged_how.hours", n=minutes // 60) if minutes <= 24 * 60 else t("judged_how.days", n=minutes // (24 * 60))


def _rule(visit: Visit, one: Rule) -> tuple[Cell, ...]:
    t = visit.t
    what = t.first("signal." + one.signal, "judged_how.event." + one.signal, "judged_how.event.other")
    status = t("alert.status." + one.status) + ("" if not one.team else t("list.comma") + t("judged_how.team_only"))
    return (
        Cell(t("judged_how.rule", what=what, kind=t("alert.kind." + one.kind))), Cell(_limit(visit, one)), Cell("", html=chip(t, say.STATES[int(one.severity)])),
        Cell(f"{one.source}, {one.year}"), Cell(status),
    )  # fmt: skip


def _limit(visit: Visit, one: Rule) -> str:
    """The limit of a threshold in the reader's unit; what others are held against in a word."""
    t = visit.t
    if one.team:
        return t("limits_of.none_usual")
    if one.kind == THRESHOLD and one.signal in SIGNALS:
        shown = shown_as(one.signal, visit.preferences)
        value = f"{t.number(number_for(one.signal, one.limit, visit.preferences), shown.decimals)} {unit(t, shown.unit)}".strip()
        side = "high" if one.direction == HIGH else "low"
        return t(f"judged_how.{side}{'_strict' if one.strict else ''}", value=value)
    if one.kind == GAIN:
        shown = shown_as(one.signal, visit.preferences)
        value = f"{t.number(number_for(one.signal, one.limit, visit.preferences), shown.decimals)} {unit(t, shown.unit)}".strip()
        return t("judged_how.gain", value=value, n=one.within)
    if one.kind in (NEWS, QUESTIONNAIRE):
        return t("judged_how.points", n=round(one.limit))
    return t("judged_how.own_level") if one.kind in (BASELINE, DRIFT, COMBINED) else "–"


def history(visit: Visit, person_id: str) -> None:
    """The alerts of a person that ended, the newest first."""
    t = visit.t
    found = alerts.alert_history(visit.ports, visit.who, (person_id,), visit.now - PAST)
    st.html(h2(t("alerts.past"), t("alerts.past_aside", n=PAST.days)))
    if found.damaged:
        st.html(box("unknown", t("alerts.past_damaged", n=found.damaged), t("alerts.past_damaged_next")))
    if not found.alerts:
        st.html(empty(t("alerts.past_none"), t("alerts.past_none_next")))
        return
    newest = list(reversed(found.alerts))
    st.html(rows(_past(visit, one) for one in newest[:MOST_PAST]))
    if len(newest) > MOST_PAST:
        st.html(note(t("alerts.past_more", n=len(newest) - MOST_PAST)))


def _past(visit: Visit, one: PastAlert) -> str:
    t, team = visit.t, say.team(visit)
    by = t("alerts.ended_itself") if one.recovered else t("alerts.ended_by", name=one.ended_by if team else t("alert.of_the_team"))
    parts = [t("alerts.raised_at", when=t.moment(one.raised_at))]
    parts += [t("alerts.taken_after", time=_length(t, one.taken_at - one.raised_at))] if one.taken_at else []
    parts += [t("alerts.ended_at", when=t.moment(one.ended_at), by=by), say.why(t, one.why)]
    parts += [t("alerts.passed_on", n=one.escalations)] if one.escalations and team else []
    return row(
        say.rule_title(visit, one.title),
        "",
        dotted(escape(part) for part in parts if part),
        chip(t, say.STATES.get(one.severity, "unknown")),
    )


def _length(t: Words, length: timedelta) -> str:
    minutes = max(1, int(length.total_seconds() // 60))
    return (
        t("judged_how.minutes", n=minutes)
        if minutes < 90
        else t("judged_how.hours", n=round(minutes / 60))
        if minutes < 48 * 60
        else t("judged_how.days", n=minutes // 1440)
    )
