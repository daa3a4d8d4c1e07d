"""This is the place where one piece of advice is drawn: what it means, what to do, why, and what the person says to it."""

from __future__ import annotations

from datetime import timedelta
from html import escape

import streamlit as st

from core.advice.table import EVENTS
from core.advice.terms import REASONS, Outcome, Severity
from core.care import advice, advice_urgent
from core.care.advice_views import AdviceView
from core.ui import advice_words
from core.ui.changing import attempt
from core.ui.markup import box, chip, dotted, h3, note, row, rows, tag
from core.ui.session import Reading, Visit

LATER = (7, 30, 90)
"""In how many days advice can come back."""


def card(visit: Visit, reading: Reading, view: AdviceView, one: Outcome) -> None:
    """A card with its buttons, where whoever is here may answer."""
    t, rule = visit.t, view.row(one)
    state = advice_words.STATES.get(int(one.severity), "")
    marks = chip(t, state) if state else tag(t("advice.good_to_know"))
    if not rule.for_patients:
        marks += " " + tag(t("advice.for_clinicians"))
    if rule.status in ("digest", "memory"):
        marks += " " + tag(t("safety.status." + rule.status), "unknown")
    elsewhere = note(t("advice.us_elsewhere")) if rule.region == "us" and view.region not in ("", "us") else ""
    with st.container(key=f"card_advice_{one.rule}"):
        st.html(h3(t("advice.title." + one.rule)) + f"<p>{marks}</p><p>{escape(t('advice.now.' + one.rule))}</p>" + elsewhere)
        with st.expander(t("advice.why"), icon=":material/help:", key=f"advice_why_{one.rule}"):
            st.html(advice_words.because(t, view, one))
        if view.may_answer and one.severity < Severity.URGENT:
            _buttons(visit, reading, one.rule)


def _buttons(visit: Visit, reading: Reading, rule: str) -> None:
    t, ports, who, person = visit.t, visit.ports, visit.who, reading.person_id
    with st.container(key=f"tools_advice_{rule}", horizontal=True):
        st.button(
            t("advice.done"), key=f"advice_done_{rule}", icon=":material/check:", on_click=attempt,
            args=(t("advice.kept"), lambda: advice.answer(ports, who, person, rule, "done")),
        )  # fmt: skip
        with st.popover(t("advice.later"), icon=":material/schedule:", key=f"advice_later_{rule}"):
            st.html(note(t("advice.later_ask")))
            for days in LATER:
                until = (visit.now + timedelta(days=days)).date()
                st.button(
                    t("advice.later." + str(days)), key=f"advice_later_{days}_{rule}", on_click=attempt,
                    args=(t("advice.kept"), lambda until=until: advice.answer(ports, who, person, rule, "later", until=until)),
                )  # fmt: skip
        with st.popover(t("advice.not_for_me"), icon=":material/close:", key=f"advice_not_{rule}"):
            st.html(note(t("advice.reason_ask")))
            for why in REASONS:
                st.button(
                    t("advice.reason." + why), key=f"advice_not_{why}_{rule}", on_click=attempt,
                    args=(t("advice.kept"), lambda why=why: advice.answer(ports, who, person, rule, "not_for_me", why)),
                )  # fmt: skip


def aside(visit: Visit, reading: Reading, one: Outcome, why: str) -> None:
    """One that was put aside, with the way back; `why` is the reason that was given, in words."""
    t, ports, who, person = visit.t, visit.ports, visit.who, reading.person_id
    day = t.day(one.until) if one.until is not None else ""
    said = t("advice.aside." + one.why, day=day, why=why)
    st.html(rows([row(t("advice.title." + one.rule), "", escape(said))]))
    if visit.own:
        st.button(
            t("advice.back"), key=f"advice_back_{one.rule}", icon=":material/undo:", on_click=attempt,
            args=(t("advice.back_done"), lambda: advice.take_back(ports, who, person, one.rule)),
        )  # fmt: skip


def on_today(visit: Visit, reading: Reading) -> None:
    """On Today: urgent advice by name, with the way to it."""
    t = visit.t
    minutes = int(visit.now.timestamp() // 300)
    found = reading.view("advice_urgent", minutes, lambda: advice_urgent.urgent(visit.ports, visit.who, reading.person_id))
    for rule in found or ():
        st.html(box("now", t("advice.urgent_today", title=t("advice.title." + rule)), t("advice.urgent_next")))
    if found and "advice" in visit.pages:
        st.page_link(visit.pages["advice"], label=t("nav.advice"), icon=":material/lightbulb:")


def lacking(visit: Visit, view: AdviceView) -> tuple[str, str, int]:
    """(what the person can do something about, what only a care team may know, how many the latter are); HTML."""
    t = visit.t
    judged = [one for one in view.advice.needs if view.row(one).kind not in EVENTS]
    mine: list[str] = []
    theirs: list[str] = []
    for key, (lack, waits) in advice_words.by_lack(judged).items():
        how = t("risk.how." + lack.how) if t.has("risk.how." + lack.how) else ""
        more = t("message.between").join(advice_words.graph_names(t, view.opens.get(key, ())))
        opens = t("connects.opens", names=more) if more else ""
        detail = dotted(escape(text) for text in (t("advice.lack." + lack.why), how, t("advice.waits", n=waits), opens) if text)
        line = row(advice_words.fact_name(t, key), "", detail)
        (theirs if lack.how == "ask_clinician" else mine).append(line)
    return rows(mine) if mine else "", rows(theirs) if theirs else "", len(theirs)


def considered(visit: Visit, view: AdviceView) -> tuple[str, int]:
    """What was looked at and has no card: HTML, and how many."""
    t = visit.t
    silent = [one for one in view.advice.needs if view.row(one).kind in EVENTS]
    shown = [*silent, *view.advice.not_for]
    return rows(row(t("advice.title." + one.rule), "", advice_words.not_shown(t, one)) for one in shown), len(shown)
