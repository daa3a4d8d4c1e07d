"""This is the place where a person types a value in: asked in place where it looks like a slip, and able to take it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

import streamlit as st

from core.care import entry_forms, manual, series_choices
from core.care.access import Action
from core.care.entry_forms import EntryField, EntryForm
from core.care.manual import Entry, Question
from core.care.series import zone_named
from core.errors import BadInput, NotFound
from core.ui import shell
from core.ui.incident import tell
from core.ui.markup import box, note
from core.ui.session import Reading, Visit, here
from core.ui.values import unit
from core.ui.words import Words

_ASKED, _KEPT, _ZONE = "hb.entry_asked", "hb.entry_kept", "hb.entry_zone"
_WHEN = ("entry_day", "entry_time")


@dataclass(frozen=True)
class Asked:
    """What looked like a slip: the very entry, and the questions about it."""

    entry: Entry
    questions: tuple[Question, ...]


def button(visit: Visit, reading: Reading) -> None:
    """ "Add a value", for the person alone."""
    if visit.may(Action.EDIT_SERIES) and st.button(visit.t("entry.add"), key="add_value", icon=":material/add:"):
        begin(visit, reading)


def begin(visit: Visit, reading: Reading) -> None:
    """Open the dialog afresh: now, where the person lives."""
    chosen = series_choices.load(visit.ports, visit.who, reading.person_id).zone
    st.session_state[_ZONE] = zone_named(chosen) or visit.t.zone
    for key in (_ASKED, _KEPT, *_WHEN):
        st.session_state.pop(key, None)
    st.dialog(visit.t("entry.title"), width="small", on_dismiss="rerun")(dialog)(reading.person_id)


def dialog(person_id: str) -> None:
    """The form, the questions about what was typed, or what was kept."""
    visit = here()
    kept = st.session_state.get(_KEPT)
    if isinstance(kept, Entry):
        done(visit, person_id, kept)
        return
    form, entry = typed(visit)
    asked = st.session_state.get(_ASKED)
    if isinstance(asked, Asked) and asked.entry == entry:
        questions(visit, person_id, asked)
        return
    st.session_state.pop(_ASKED, None)
    if st.button(visit.t("entry.keep"), key="entry_keep", type="primary", icon=":material/check:"):
        keep(visit, person_id, form, entry)


def typed(visit: Visit) -> tuple[EntryForm, Entry]:
    """The fields, and what stands in them."""
    t = visit.t
    offered = {one.key: one for one in entry_forms.forms(visit.preferences)}
    key = st.selectbox(t("entry.what"), list(offered), format_func=lambda one: t("signal." + one), key="entry_what") or next(
        iter(offered)
    )
    form = offered[key]
    if t.has("about." + key):
        st.html(note(t("about." + key)))
    numbers = {one.signal: field(t, one) for one in form.fields}
    at = moment(visit)
    given = {signal: number for signal, number in numbers.items() if number is not None}
    return form, Entry(key, given, at, {one.signal: one.unit for one in form.fields})


def field(t: Words, one: EntryField) -> float | None:
    """One number, in the person's unit; empty until typed."""
    step = 10.0**-one.decimals
    label = t("entry.number", name=t("signal." + one.signal), unit=unit(t, one.unit))
    return st.number_input(
        label,
        value=None,
        step=step,
        format=f"%.{one.decimals}f",
        key=f"entry_{one.signal}_{one.unit}",
        placeholder=t("entry.placeholder"),
    )


def moment(visit: Visit) -> datetime:
    """When it was measured: now, unless the person says otherwise, on the clock of where they live."""
    t = visit.t
    zone: tzinfo = st.session_state.get(_ZONE) or t.zone
    now = visit.ports.clock.now().astimezone(zone)
    for key, value in zip(_WHEN, (now.date(), now.time().replace(second=0, microsecond=0)), strict=True):
        st.session_state.setdefault(key, value)
    left, right = st.columns(2)
    day: date = left.date_input(t("entry.day"), key=_WHEN[0], max_value=now.date(), format="YYYY-MM-DD") or now.date()
    clock: time = right.time_input(t("entry.time"), key=_WHEN[1], step=60) or now.time()
    st.html(note(t("entry.zone", zone=str(zone))))
    return datetime.combine(day, clock, zone)


def keep(visit: Visit, person_id: str, form: EntryForm, entry: Entry, *, confirmed: bool = False) -> None:
    """Keep it, ask, or say in place why it cannot be kept."""
    try:
        found = manual.keep(visit.ports, visit.who, person_id, entry, confirmed)
    except BadInput as error:
        refused(visit, form, error)
        return
    st.session_state[_ASKED if found else _KEPT] = Asked(entry, found) if found else entry
    if not found:
        for one in form.fields:
            st.session_state.pop(f"entry_{one.signal}_{one.unit}", None)
        shell.say(visit.t("entry.kept_short"))
    st.rerun(scope="fragment")


def refused(visit: Visit, form: EntryForm, error: BadInput) -> None:
    """Why it cannot be kept, with what is possible in the person's unit."""
    t = visit.t
    place = str(error.facts.get("place", ""))
    if error.code == "number_impossible":
        one = entry_forms.possible(form.key, place, visit.preferences)
        need = t("entry.between", low=one.low, high=one.high, unit=unit(t, one.unit))
        st.html(box("soon", t("error.number_impossible", need=need), t("error.number_impossible.next")))
        return
    tell(t, error)


def questions(visit: Visit, person_id: str, asked: Asked) -> None:
    """What looks like a slip, with the number as it was typed; the person decides."""
    t = visit.t
    for one in asked.questions:
        st.html(box("watch", t("signal." + one.signal), said(visit, one)))
    with st.container(key="tools_dialog", horizontal=True, horizontal_alignment="right"):
        if st.button(t("entry.change"), key="entry_change"):
            st.session_state.pop(_ASKED, None)
            st.rerun(scope="fragment")
        if st.button(t("entry.yes_keep"), key="entry_yes", type="primary"):
            form = next(one for one in entry_forms.forms(visit.preferences) if one.key == asked.entry.key)
            keep(visit, person_id, form, asked.entry, confirmed=True)


def said(visit: Visit, question: Question) -> str:
    """A question in words."""
    t, fact = visit.t, entry_forms.asked(question, visit.preferences)
    measured = unit(t, str(fact.facts["unit"]))
    numbers = {name: f"{t.number(float(fact.facts[name]))} {measured}".strip() for name in ("value", "last") if name in fact.facts}
    bare = {name: fact.facts[name] for name in ("upper", "lower") if name in fact.facts}
    return t(fact.code, **numbers, **bare)


def done(visit: Visit, person_id: str, kept: Entry) -> None:
    """It is kept; it can be taken back at once, or the next one typed."""
    t = visit.t
    st.html(box("fine", t("entry.kept", what=written(t, kept)), t("entry.kept_note", when=t.moment(kept.at))))
    with st.container(key="tools_dialog", horizontal=True, horizontal_alignment="right"):
        if st.button(t("entry.take_back"), key="entry_back", icon=":material/undo:"):
            take_back(visit, person_id, kept)
        if st.button(t("entry.another"), key="entry_another"):
            st.session_state.pop(_KEPT, None)
            st.rerun(scope="fragment")
        if st.button(t("entry.close"), key="entry_close", type="primary"):
            st.session_state.pop(_KEPT, None)
            st.rerun()


def take_back(visit: Visit, person_id: str, kept: Entry) -> None:
    try:
        manual.take_back(visit.ports, visit.who, person_id, kept.key, kept.at)
    except NotFound as error:
        tell(visit.t, error)
        return
    st.session_state.pop(_KEPT, None)
    shell.say(visit.t("entry.taken_back"))
    st.rerun(scope="fragment")


def written(t: Words, entry: Entry) -> str:
    """What was typed: "Blood pressure 142/88 mmHg"."""
    numbers = "/".join(t.number(value) for value in entry.numbers.values())
    measured = unit(t, next(iter(entry.units.values()), ""))
    return f"{t('signal.' + entry.key)} {numbers} {measured}".strip()
