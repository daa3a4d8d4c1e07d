"""This is the place where visits are drawn for whoever they are about: the next one big, with how to prepare and what can be done, the others below."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from html import escape

import streamlit as st

from core.care import visit_calendar, visit_room, visits
from core.care.access import Action
from core.care.visit_views import Acted, Brought, VisitLine
from core.domain.people import Role
from core.domain.time import PartialTime
from core.domain.visits import AHEAD, DAMAGED, LEADS, PROPOSED, STANDING, VIDEO, room_open
from core.ui import help_signs, lines, questionnaire_form, values, visit_words
from core.ui.changing import tried
from core.ui.files import offer
from core.ui.icons import icon
from core.ui.markup import box, card, dotted, facts, note, row, rows
from core.ui.questionnaire_words import wording
from core.ui.session import Reading, Visit
from core.ui.words import Words

_DANGER = "hb.visit_danger"
MOST_PAST = 20
CORRECTED_FOR = timedelta(days=14)
"""How long what was said of one that is over is offered to be taken back."""


def draw(visit: Visit, reading: Reading, line: VisitLine, *, video: bool) -> None:
    """One visit with everything about it."""
    if line.visit.state == DAMAGED:
        st.html(box("now", visit.t("visits.damaged"), visit.t("visits.damaged_next")))
        return
    with st.container(key=f"card_visit_{line.visit_id}"):
        st.html(head(visit, line))
        danger(visit, reading, line)
        if line.visit.kind == VIDEO and line.visit.state in STANDING:
            way_in(visit, reading, line, video=video)
        prepare(visit, reading, line)
        buttons(visit, reading, line)
        with st.expander(visit.t("visits.history")):
            st.html(visit_words.history(visit, line))


def head(visit: Visit, line: VisitLine) -> str:
    """When, how, where, why, what to bring."""
    t, one = visit.t, line.visit
    where = "" if one.kind == VIDEO and not one.where else one.where
    known = facts(
        [
            (t("visits.number" if one.kind == "phone" else "visits.where"), where),
            (t("visits.reason"), visit_words.reason(t, one)),
            (t("visits.bring"), one.bring),
            (t("visits.wish_words"), one.wish),
            (t("visits.also"), also(visit, line)),
        ]
    )
    far = visit_words.distance(t, one, visit.now) if one.state in STANDING else ""
    other = visit_words.elsewhere(t, one)
    return (
        f'<div class="visit">{visit_words.state(t, line, visit.role)}<h3 class="hb-h3">{escape(visit_words.how(t, one))}</h3>'
        f'<p class="visit-when">{escape(visit_words.when(t, one))}{f" <span>{escape(far)}</span>" if far else ""}</p>'
        f"{note(other) if other else ''}{known}</div>"
    )


def also(visit: Visit, line: VisitLine) -> str:
    """Where it came from, too, and what is said there where that differs."""
    if not line.also:
        return ""
    t = visit.t
    names = t("list.comma").join(dict.fromkeys(one.label for one in line.also))
    if line.also_status:
        return t("visits.also_over", names=names, state=lines.status(t, line.also_status))
    return (
        t("visits.also_other", names=names, when=_moment(t, line.also_at)) if line.also_at else t("visits.also_same", names=names)
    )


def _moment(t: Words, when: str) -> str:
    at = PartialTime.parse(when)
    return t.moment(at) if at is not None else when


def way_in(visit: Visit, reading: Reading, line: VisitLine, *, video: bool) -> None:
    """The way into the video room while it is open, else why there is none."""
    t, one = visit.t, line.visit
    if not video:
        if visit.role is Role.COORDINATOR:
            st.html(box("unknown", t("visits.no_video_team"), t("visits.no_video_team_next")))
        else:
            st.html(box("unknown", t("visits.no_video"), t("visits.no_video_next")))
    elif visit.role is Role.COORDINATOR and one.with_account != visit.who.account_id:
        st.html(note(t("visits.video_not_yours")))
    elif not room_open(one, visit.now):
        st.html(note(t("visits.video_unconfirmed" if one.state == PROPOSED else "visits.video_early")))
    else:
        mark = (line.visit_id, one.told, int(visit.now.timestamp() // 300))
        room = reading.view("visit.room", mark, lambda: visit_room.room(visit.ports, visit.who, line.person_id, line.visit_id))
        if room.address:
            st.html(
                f'<a class="join" href="{escape(room.address)}" target="_blank" rel="noopener noreferrer">{icon("screen")}{escape(t("visits.join"))}</a>'
                + note(t("visits.join_about"))
            )


def prepare(visit: Visit, reading: Reading, line: VisitLine) -> None:
    """What is to be done before it, each with the way there."""
    t, one = visit.t, line.visit
    if not (line.prepared or one.medicines) or one.state not in STANDING:
        return
    st.html(f'<h4 class="hb-h4">{escape(t("visits.prepare"))}</h4>')
    for form in line.prepared:
        title = wording(t)(form.title) if form.title else t("visits.form_gone")
        with st.container(key=f"line_prep_{line.visit_id}_{form.key}", horizontal=True):
            told = filled(t, form.filled) if form.filled else t("visits.not_filled")
            st.html(f'<div class="line"><b>{escape(title)}</b><span class="row-d">{escape(told)}</span></div>')
            may = not form.filled and bool(form.title) and visit.may(Action.ANSWER_QUESTIONNAIRE) and "checks" in visit.pages
            if may and st.button(t("visits.fill"), key=f"visit_fill_{line.visit_id}_{form.key}", icon=":material/edit:"):
                questionnaire_form.begin(visit, reading.person_id, form.key)
                st.switch_page(visit.pages["checks"])
    if one.medicines:
        with st.container(key=f"line_prep_{line.visit_id}_medicines", horizontal=True):
            told = t("visits.medicines_about" if visit.own else "visits.medicines_about_team")
            st.html(f'<div class="line"><b>{escape(t("visits.medicines"))}</b><span class="row-d">{escape(told)}</span></div>')
            if "reconcile" in visit.pages:
                st.page_link(visit.pages["reconcile"], label=t("visits.medicines_open"), icon=":material/pill:")


def filled(t: Words, when: str) -> str:
    return t("visits.filled", when=_moment(t, when))


def buttons(visit: Visit, reading: Reading, line: VisitLine) -> None:
    """What whoever looks can do with it."""
    t, key = visit.t, line.visit_id
    with st.container(key=f"tools_visit_{key}", horizontal=True, vertical_alignment="bottom"):
        for what in (one for one in ("confirm", "book", "arrive", "done", "missed") if one in line.moves):
            st.button(
                t("visit.do." + what), key=f"visit_{what}_{key}", type="primary" if what in ("confirm", "book", "arrive") else "secondary",
                on_click=acted, args=(visit, line, what),
            )  # fmt: skip
        for wordy in (one for one in ("ask", "cancel", "correct") if one in line.moves):
            with_words(visit, line, wordy)
        if line.visit.state in AHEAD and visit.now < line.at:
            make = partial(visit_calendar.file, visit.ports, visit.who, line.person_id, key, t, t.language)
            offer(visit, reading, f"visit_{key}_{line.visit.told}", t("visits.to_calendar"), make)


def with_words(visit: Visit, line: VisitLine, what: str) -> None:
    """What needs a few words: another time, a reason."""
    t, key = visit.t, line.visit_id
    with st.popover(t("visit.do." + what), key=f"visit_more_{what}_{key}"):
        st.html(note(t("visits.about_" + what)))
        st.text_area(t("visits.words_" + what), key=f"visit_why_{what}_{key}", max_chars=300, height=100)
        if what == "ask":
            st.html(note(t("compose.emergency")))
        mark = "danger_" if what == "cancel" else ""
        st.button(t("visits.send_" + what), key=f"{mark}visit_{what}_{key}", on_click=acted, args=(visit, line, what))


def acted(visit: Visit, line: VisitLine, what: str) -> None:
    """Do it; where the words speak of danger, the numbers are shown with the next drawing."""
    t, why = visit.t, str(st.session_state.get(f"visit_why_{what}_{line.visit_id}") or "")
    kept: list[Acted] = []
    do = partial(visits.act, visit.ports, visit.who, line.person_id, line.visit_id, (what, line.visit.told), why)

    def said(found: Acted) -> str:
        kept.append(found)
        return t("visit.done." + what)

    if tried(said, do) and kept and kept[0].flags:
        st.session_state[_DANGER] = (line.visit_id, why, kept[0].alarm_failed)


def danger(visit: Visit, reading: Reading, line: VisitLine) -> None:
    """The numbers to call, where the words that were sent last about this visit speak of danger."""
    found = st.session_state.get(_DANGER)
    if isinstance(found, tuple) and found[0] == line.visit_id and visit.role is not Role.COORDINATOR:
        help_signs.found(visit, reading.person_id, str(found[1]))
        if found[2]:
            st.html(box("soon", visit.t("visits.alarm_failed"), visit.t("visits.alarm_failed_next")))


def brought(visit: Visit, one: Brought) -> str:
    """An appointment of the record, as it stands there: its time of day, too, where that is known."""
    t, line = visit.t, one.line
    start = PartialTime.parse(line.when)
    said = t.moment(start) if start is not None else ""
    named = [text for key, text in line.detail if key in ("location", "participant")]
    who = t("list.comma").join(dict.fromkeys(named))
    return row(
        lines.title(t, line), "", dotted((escape(said), escape(who), values.source_marks(t, line.sources))), lines.chips(t, line)
    )


def listed(visit: Visit, found: Iterable[VisitLine | Brought]) -> str:
    """As short lines."""
    shown = [brought(visit, one) if isinstance(one, Brought) else short(visit, one) for one in found]
    return card(rows(shown)) if shown else ""


def short(visit: Visit, line: VisitLine) -> str:
    t, one = visit.t, line.visit
    if one.state == DAMAGED:
        return f'<span class="row-t">{escape(t("visits.damaged"))}</span>'
    why = next((step.why for step in reversed(one.steps) if step.why), "")
    detail = f"{escape(visit_words.when(t, one))} · {escape(visit_words.reason(t, one))}{f' · {escape(why)}' if why else ''}"
    name = f"{line.person_name} · " if line.person_name else ""
    return f'<span class="row-t">{escape(name + visit_words.how(t, one))} {visit_words.state(t, line, visit.role)}</span><span></span><span class="row-d">{detail}</span>'


def reminders(visit: Visit) -> str:
    """When one is reminded."""
    return note(visit.t("visits.reminders", days=LEADS[0].days, hours=int(LEADS[2].total_seconds() // 3600)))
