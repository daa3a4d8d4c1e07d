"""This is the place where one alert is shown whole: what was seen and by which rule, what to do, who was told by what and when, and every step since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from types import MappingProxyType

import streamlit as st

from core.care.access import Action
from core.care.alert_views import AlertsView, AlertView, Line, Shown, Told
from core.care.letters import NOT_REACHED, Sending
from core.domain.people import Role
from core.trends.published import OUR_CHOICE, VERIFIED
from core.ui import alert_acts, alert_list
from core.ui import alert_words as say
from core.ui.markup import Cell, box, chip, h2, note, table, tag
from core.ui.session import Visit
from core.ui.values import unit

PLACES: Mapping[str, str] = MappingProxyType({
    "help": "help_now", "now": "help_now", "dose": "medicines", "stock": "medicines", "medicines": "medicines", "channel": "reminders",
    "channel_helper": "settings",
})  # fmt: skip
"""What to do -> the page where it is done."""
SHOWN = 20
"""Steps of the timeline that are shown at first: the newest."""


def draw(visit: Visit, view: AlertsView, one: AlertView) -> None:
    """The whole of it."""
    t, team = visit.t, say.team(visit)
    alert_list.running(visit, view.worker_seen_at)
    alert_list.trouble(visit, view)
    st.html(
        f'<p class="al-m">{say.marks(visit, one)}</p>'
        + note(" · ".join(filter(None, (say.waited(visit, one), say.comes_next(visit, one.next)))))
    )
    if one.unreached and team:
        st.html(box("now", say.unreached(visit, one), t("alert.not_reached_next")))
    if team:
        alert_acts.draw(visit, one)
    else:
        to_do(visit, one)
    seen(visit, one)
    for mute in view.mutes:
        st.html(
            note(
                t(
                    "alert.mute",
                    what=alert_acts.held(t, mute.direction, mute.signal),
                    when=t.moment(mute.until),
                    name=mute.who if team else t("alert.of_the_team"),
                    why=say.why(t, mute.why),
                )
            )
        )
    timeline(visit, one)


def to_do(visit: Visit, one: AlertView) -> None:
    """What the person or who helps them can do, and that they have seen it."""
    t, code = visit.t, say.do(one)
    urgent = say.severity(one) == "now"
    st.html(
        h2(t("alert.what_to_do"))
        + box(say.severity(one) if urgent else "plain", t("alert.do." + code), t("alert.team_told") if urgent else "")
    )
    place = PLACES.get(code, "")
    if place in visit.pages and place:
        st.page_link(visit.pages[place], label=t("nav." + place), icon=":material/arrow_forward:")
    mine = [at for who, at in one.seen if who == visit.who.display_name]
    if mine:
        st.html(note(t("alert.you_saw", when=t.moment(mine[-1]))))
    elif visit.may(Action.SEE_ALERT) and "see" in one.may:
        st.button(
            t("alert.i_saw"),
            key="alert_see",
            type="primary",
            icon=":material/visibility:",
            on_click=alert_acts.saw,
            args=(visit, one),
        )
        st.html(note(t("alert.i_saw_means")))


def seen(visit: Visit, one: AlertView) -> None:
    """The evidence: when, what, by which rule, and how sure the rule is."""
    t = visit.t
    st.html(h2(t("alert.what_was_seen")))
    if not one.evidence:
        st.html(note(t("alert.no_evidence")))
        return
    if say.team(visit):
        heads = (t("table.time"), t("alert.found"), t("alert.rule_head"), t("alert.source_head"), t("alert.status_head"))
        st.html(table(t("alert.what_was_seen"), heads, (_row(visit, each) for each in one.evidence)))
        return
    lines = [
        t("alert.seen_line", when=t.moment(each.at), what=what) for each in one.evidence if (what := say.evidence(visit, each))
    ]
    listed = "".join(f"<li>{escape(each)}</li>" for each in lines)
    unsure = note(t("alert.unsure")) if any(each.status != VERIFIED for each in one.evidence) else ""
    st.html((f'<ul class="advice">{listed}</ul>' if lines else "") + note(t("alert.no_diagnosis")) + unsure)


def _row(visit: Visit, each: Shown) -> tuple[Cell, ...]:
    t = visit.t
    waits = "" if each.confirmed else " " + tag(t("alert.unconfirmed"), "clock")
    source = f"{each.source}, {each.year}" if each.source and each.year else each.source or t("alert.source_none")
    return (
        Cell(t.moment(each.at)), Cell("", html=f"{escape(say.evidence(visit, each))}{waits}"), Cell("", html=f"{chip(t, say.STATES.get(each.severity, 'unknown'))} {escape(t('alert.kind.' + each.kind))}"),
        Cell(source), Cell(t("alert.status." + (each.status or OUR_CHOICE))),
    )  # fmt: skip


def timeline(visit: Visit, one: AlertView) -> None:
    """Every step, the newest first: an old one is never lost, only folded away."""
    t = visit.t
    st.html(h2(t("alert.timeline"), t("alert.timeline_aside")))
    steps = list(reversed(one.timeline))
    st.html(_steps(visit, one, steps[:SHOWN]))
    if steps[SHOWN:]:
        with st.expander(t("alert.earlier", n=len(steps) - SHOWN), key="alert_earlier"):
            st.html(_steps(visit, one, steps[SHOWN:]))


def _steps(visit: Visit, one: AlertView, steps: Sequence[Line]) -> str:
    return '<ol class="al-line">' + "".join(f"<li>{_step(visit, one, each)}</li>" for each in steps) + "</ol>"


def _step(visit: Visit, one: AlertView, each: Line) -> str:
    t = visit.t
    did = t("alert.entry." + each.kind)
    what = t("alert.step_to", what=did, who=say.audience(visit, each.to)) if each.to else did
    value = (
        f"{t.number(each.value, one.decimals)} {unit(t, one.unit)}".strip()
        if each.value is not None and one.worst is not None
        else ""
    )
    who = _who(visit, each)
    reason = say.why(t, each.why)
    told = _told(visit, each.told) if each.told is not None else ""
    return f"<small>{escape(t.moment(each.at))}</small> <b>{escape(what)}</b> {say.line(who, value, reason)}{told}"


def _who(visit: Visit, each: Line) -> str:
    """Who did it. Whom of the team is for the team to know."""
    if not each.who or say.team(visit) or each.kind == "notified" or each.who == visit.who.display_name:
        return each.who
    return visit.t("alert.of_the_team")


def _told(visit: Visit, told: Told) -> str:
    """What became of telling them: by what, to whom, when, and whether it may have come twice."""
    t = visit.t
    bad = told.state in NOT_REACHED and (told.urgent or told.state != "in_app")
    state = tag(t("letter.state." + told.state), "now" if bad else "check" if told.reached else "info", "now" if bad else "plain")
    sendings = "".join(f"<li>{escape(_sending(visit, one))}</li>" for one in told.sendings)
    return f"<div>{state}</div>" + (f"<ul>{sendings}</ul>" if sendings else "")


def _sending(visit: Visit, one: Sending) -> str:
    t = visit.t
    name = one.name or (t("alert.to_you") if visit.own else t("alert.to.patient"))
    parts = [
        name,
        t.first("channel." + one.channel, "channel.other"),
        t("letter.sending." + one.state) if one.channel != "in_app" else t("letter.state.in_app"),
    ]
    parts += [t.moment(one.at)] if one.at else []
    parts += (
        [t.first("error." + one.why, "alert.why_unknown")]
        if one.why and one.state in ("failed", "given_up") and visit.role is Role.COORDINATOR
        else []
    )
    parts += [t("alert.maybe_twice")] if one.maybe_twice else []
    return " · ".join(parts)
