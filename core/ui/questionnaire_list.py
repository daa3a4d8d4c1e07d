"""This is the place where the questionnaires are offered: what each is for, how long it takes, what came of it last."""

from __future__ import annotations

from html import escape
from itertools import groupby

import streamlit as st

from core.care.questionnaire_views import ChecksView, Offer
from core.domain.time import PartialTime
from core.ui import questionnaire_form as form
from core.ui.markup import h2, note
from core.ui.questionnaire_words import band, points, wording
from core.ui.session import Reading, Visit
from core.ui.words import Words


def draw(visit: Visit, reading: Reading, view: ChecksView) -> None:
    """Those begun first, then by what they are about."""
    t = visit.t
    begun = [one for one in view.offers if one.draft_at is not None]
    if begun:
        st.html(h2(t("check.begun")))
        for one in begun:
            _offer(visit, reading.person_id, one, view.may_answer)
    for family, found in groupby((one for one in view.offers if one.draft_at is None), key=lambda one: one.questionnaire.family):
        st.html(h2(t("check.family." + family)))
        for one in found:
            _offer(visit, reading.person_id, one, view.may_answer)
    if view.refused:
        st.html(note(t("check.refused", n=len(view.refused))))
    if view.strange:
        st.html(note(t("check.strange", n=view.strange)))


def _offer(visit: Visit, person_id: str, one: Offer, may: bool) -> None:
    t, key = visit.t, one.questionnaire.key
    with st.container(key=f"card_check_{key}"):
        st.html(words(t, visit, one))
        with st.container(key=f"tools_check_{key}", horizontal=True):
            if may:
                label = t("check.resume") if one.draft_at else t("check.again") if one.times else t("check.start")
                st.button(label, key=f"begin_{key}", on_click=form.begin, args=(visit, person_id, key))
            if one.times:
                st.button(t("check.results", n=one.times), key=f"look_{key}", type="tertiary", on_click=form.look, args=(person_id, key))


def words(t: Words, visit: Visit, one: Offer) -> str:
    """Name, what for, how long, last result with its age, and how far a draft is."""
    asked = one.questionnaire
    details = [t("check.minutes", n=asked.minutes)] if asked.minutes else []
    if one.draft_at is not None:
        details.append(t("check.draft", done=one.draft_answered, of=one.draft_questions, age=t.age(one.draft_at, visit.now)))
    about = wording(t)(asked.about)
    said = f"<p>{escape(about)}</p>" if about else ""
    return f'<h3 class="hb-h3">{escape(wording(t)(asked.title))}</h3>{said}{_last(t, visit, one)}{note(" · ".join(details)) if details else ""}'


def _last(t: Words, visit: Visit, one: Offer) -> str:
    last = one.last
    if last is None:
        return ""
    moment = PartialTime.parse(last.when)
    age = t.age(moment, visit.now) if moment else t("record.no_time")
    if last.scored is None:
        return note(t("check.last_time", age=age))
    if last.scored.value is None:
        return note(t("check.last_none", age=age))
    named = t("list.comma").join(band(t, found) for _, found in last.scored.bands)
    return f'<p class="mean"><b>{escape(points(t, last.scored.value))}</b> {escape(named)} · {escape(age)}</p>'
