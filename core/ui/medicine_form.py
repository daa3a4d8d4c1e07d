"""This is the place where a person says how they take a medicine: one form for adding one, for changing it, and for answering what an order leaves open.

The next ten doses are shown before anything is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from core.care import medicine_answers, medicine_book
from core.care.dose_views import AskLine, DosesView
from core.care.medicine_answers import Option
from core.domain.time import PartialTime
from core.medications.book import Dosages, OwnMedicine
from core.medications.book_json import SORTS
from core.medications.entered import Entered, dosages, wanting
from core.medications.reentered import entered_of
from core.medications.terms import Asked
from core.ui.changing import attempt, refused, tried
from core.ui.dose_parts import mark, there
from core.ui.markup import h3, note, tag
from core.ui.medicine_fields import MOST_OFTEN, PREFIX, begin_with, fields
from core.ui.schedule_words import said
from core.ui.session import Reading, Visit, here
from core.ui.words import Words

_OPEN = "hb.medicine_form"
ALL = "all"
_TITLE, _SORT, _FOR = PREFIX + "title", PREFIX + "sort", PREFIX + "for"


@dataclass(frozen=True)
class Opened:
    """What the form is about: of whom, where they are, which medicine ("" a new one), what is asked, the medicine added by hand where it is one, and how the person says they take it now."""

    person_id: str
    zone: str
    medicine_id: str = ""
    title: str = ""
    asked: tuple[Asked, ...] = ()
    own: OwnMedicine | None = None
    now: Dosages = ()


def ask(visit: Visit, reading: Reading, view: DosesView, one: AskLine) -> None:
    """A question that stands in the way of a schedule, with the direct way to answer it."""
    with st.container(key=f"card_question_{mark(one.medicine_id)}"):
        st.html(asked(visit.t, one.title, one.asked, visit.own))
        if view.may_log:
            answer_with(visit, Opened(reading.person_id, view.zone, one.medicine_id, one.title, (one.asked,)))
        else:
            st.html(note(visit.t("form.only_they")))


def answer_with(visit: Visit, opened: Opened) -> None:
    """The button that opens the form; a choice between orders is made in place."""
    t, key = visit.t, mark(opened.medicine_id)
    if all(one.needs != "choice" or not one.options for one in opened.asked):
        st.button(t("form.answer"), key=f"answer_{key}", type="primary", icon=":material/edit:", help=opened.title, on_click=begin, args=(opened,))
        return
    offered = {one.medicine_id: one for one in medicine_answers.options(visit.ports, visit.who, opened.person_id, opened.medicine_id)}
    picked = st.radio(t("form.choose"), (*offered, ALL), index=None, key=f"choose_{key}", format_func=lambda one: _order(t, offered.get(one)))
    chosen = tuple(offered) if picked == ALL else (picked,) if picked else ()
    keep_it = partial(medicine_answers.choose, visit.ports, visit.who, opened.person_id, opened.medicine_id, chosen)
    st.button(t("form.choose_do"), key=f"chosen_{key}", type="primary", disabled=not chosen, on_click=attempt, args=(t("form.kept", title=opened.title), keep_it))


def _order(t: Words, one: Option | None) -> str:
    """One of several orders, as a choice; None is all of them."""
    if one is None:
        return t("form.choose_all")
    since = PartialTime.parse(one.since)
    told = t("list.comma").join(one.written or tuple(said(t, *each) for each in one.how)) or t("medicines.no_dosage")
    return f"{told} ({t('medicines.since', start=since)})" if since else told


def asked(t: Words, title: str, one: Asked, own: bool) -> str:
    """The question in words, with the order's own; to others it is said that there is one."""
    own_words = f'<div class="meta">{escape(t("form.order_says", text=one.text))}</div>' if one.text else ""
    what = escape(t.first("ask." + one.code, "ask.no_dosage") if own else t("form.unclear_other"))
    return f'<div class="at"><div>{tag(t("form.question" if own else "form.question_other"), "unknown", "unknown")}</div><b>{escape(t("form.about", title=title))}</b><div class="mean">{what}</div>{own_words}</div>'


def begin(opened: Opened) -> None:
    """Open the form, with nothing in it but what is known."""
    close()
    st.session_state[_OPEN] = opened
    held = entered_of(opened.now, opened.zone) if opened.now else None
    if held is not None and len(held.times) <= MOST_OFTEN:
        begin_with(held)
    if opened.own is not None:
        st.session_state.update({_TITLE: opened.own.title, _SORT: opened.own.sort, _FOR: opened.own.reason})


def close() -> None:
    for key in [key for key in st.session_state if str(key).startswith(PREFIX)]:
        del st.session_state[key]
    st.session_state.pop(_OPEN, None)


def dialog(visit: Visit, reading: Reading) -> None:
    """The form while it is open, for the person alone."""
    opened = st.session_state.get(_OPEN)
    if isinstance(opened, Opened) and opened.person_id == reading.person_id and visit.own:
        title = visit.t("form.title", title=opened.title) if opened.medicine_id else visit.t("form.add")
        st.dialog(title, width="large", on_dismiss=close)(form)(opened)


def form(opened: Opened) -> None:
    """What it is, how it is taken, what that comes to, and one button."""
    visit = here()
    t = there(visit.t, opened.zone)
    for one in opened.asked:
        st.html(note(t.joined((t.first("ask." + one.code, "ask.no_dosage"), t("form.order_says", text=one.text) if one.text else ""))))
    if not opened.medicine_id or opened.own is not None:
        _what(t)
    now = visit.ports.clock.now().astimezone(ZoneInfo(opened.zone))
    entered = fields(t, now.date())
    made = dosages(entered, opened.zone)
    _preview(visit, t, opened, entered, made)
    refused(t)
    nameless = not opened.medicine_id and not str(st.session_state.get(_TITLE, "")).strip()
    if nameless:
        st.html(note(t("form.name_first")))
    label = t("form.keep" if opened.medicine_id else "form.add_do")
    st.button(
        label, key="form_keep", type="primary", icon=":material/check:", width="stretch", disabled=not made or nameless, on_click=keep,
        args=(visit, opened, entered, made),
    )  # fmt: skip
    st.html(note(t("form.note")))
    if _OPEN not in st.session_state:
        st.rerun()


def _what(t: Words) -> None:
    st.text_input(t("form.name"), key=_TITLE, max_chars=120, placeholder=t("form.name_hint"))
    st.session_state.setdefault(_SORT, SORTS[0])
    st.segmented_control(t("form.sort"), SORTS, key=_SORT, format_func=lambda one: t("form.sort." + one), required=True)
    st.text_input(t("form.for"), key=_FOR, max_chars=200, placeholder=t("form.for_hint"))


def _preview(visit: Visit, t: Words, opened: Opened, entered: Entered, made: Dosages) -> None:
    """The next ten doses, or what is still wanting."""
    st.html(h3(t("form.preview"), t("form.preview_aside", zone=opened.zone)))
    if lacking := wanting(entered):
        st.html(note(t("form.wanting." + lacking)))
        return
    if entered.kind == "needed":
        st.html(note(t("form.needed_note")))
        return
    found = medicine_book.preview(visit.ports, visit.who, opened.person_id, made, entered.start)
    if not found:
        st.html(note(t("form.no_doses")))
        return
    items = "".join(f"<li><b>{escape(t.as_written(one.at, 'time'))}</b> {escape(_day(t, one.at))}</li>" for one in found)
    st.html(f'<ol class="nextdoses">{items}</ol>')


def _day(t: Words, at: datetime) -> str:
    return t.as_written(at, "weekday")


def keep(visit: Visit, opened: Opened, entered: Entered, made: Dosages) -> None:
    """Keep it, or stay open and say why not."""
    told = visit.t("form.kept", title=opened.title or str(st.session_state.get(_TITLE, "")))
    if tried(told, partial(_keep, visit, opened, entered, made)):
        close()


def _keep(visit: Visit, opened: Opened, entered: Entered, made: Dosages) -> None:
    ports, who, person_id, state = visit.ports, visit.who, opened.person_id, st.session_state
    if opened.medicine_id and opened.own is None:
        medicine_answers.say_how(ports, who, person_id, opened.medicine_id, made)
        return
    own = opened.own or OwnMedicine("", "")
    own = replace(own, title=str(state.get(_TITLE, "")), sort=state.get(_SORT) or SORTS[0], reason=str(state.get(_FOR, "")), dosages=made, since=entered.start, until=entered.end)
    if opened.own is None:
        medicine_book.add_own(ports, who, person_id, own)
    else:
        medicine_book.change_own(ports, who, person_id, own)
