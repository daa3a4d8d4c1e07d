"""This is the place where a person types a value in: asked in place where it looks like a slip, and able to take it back.

The dialog stays open over reruns of the page, and what was typed stays in it: all of it is in the session's state.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from functools import partial

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

_OPEN, _ASKED, _KEPT, _REFUSED, _BACK, _ZONE = (
    "hb.entry_open", "hb.entry_asked", "hb.entry_kept", "hb.entry_refused", "hb.entry_back", "hb.entry_zone",
)  # fmt: skip
_WHAT, _DAY, _TIME = "entry_what", "entry_day", "entry_time"


@dataclass(frozen=True)
class Asked:
    """What looked like a slip: the very entry, and the questions about it."""

    entry: Entry
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Refused:
    """What cannot be kept, and why."""

    entry: Entry
    error: BadInput | NotFound


def button(visit: Visit, reading: Reading) -> None:
    """ "Add a value", for the person alone; and the dialog while it is open."""
    if not visit.may(Action.EDIT_SERIES):
        return
    st.button(visit.t("entry.add"), key="add_value", icon=":material/add:", on_click=begin, args=(visit, reading.person_id))
    if st.session_state.get(_OPEN) == reading.person_id:
        st.dialog(visit.t("entry.title"), width="small", on_dismiss=close)(dialog)(reading.person_id)


def begin(visit: Visit, person_id: str) -> None:
    """Open the dialog afresh: now, where the person lives."""
    chosen = series_choices.load(visit.ports, visit.who, person_id).zone
    zone = zone_named(chosen) or visit.t.zone
    close()
    st.session_state.update({_OPEN: person_id, _ZONE: zone, **_when(visit.ports.clock.now().astimezone(zone))})


def close() -> None:
    """Nothing of it stays."""
    for key in [key for key in st.session_state if str(key).startswith(("entry_", "hb.entry_"))]:
        del st.session_state[key]


def dialog(person_id: str) -> None:
    """The form, the questions about what was typed, or what was kept."""
    visit, state = here(), st.session_state
    if isinstance(kept := state.get(_KEPT), Entry):
        done(visit, person_id, kept)
        return
    fields(visit)
    entry, asked, refused = typed(visit), state.get(_ASKED), state.get(_REFUSED)
    if isinstance(asked, Asked) and asked.entry == entry:
        questions(visit, person_id, asked)
        return
    if isinstance(refused, Refused) and refused.entry == entry:
        why_not(visit, refused)
    elif state.get(_BACK) == entry:
        st.html(box("unknown", visit.t("entry.taken_back"), ""))
    st.button(
        visit.t("entry.keep"), key="entry_keep", type="primary", icon=":material/check:", on_click=keep, args=(visit, person_id)
    )


def form_of(visit: Visit) -> EntryForm:
    """The form that is chosen; the first where none is yet."""
    offered = {one.key: one for one in entry_forms.forms(visit.preferences)}
    return offered.get(str(st.session_state.get(_WHAT)), next(iter(offered.values())))


def fields(visit: Visit) -> None:
    """What is measured, its numbers, and when: on the clock of where the person lives."""
    t = visit.t
    offered = [one.key for one in entry_forms.forms(visit.preferences)]
    st.selectbox(t("entry.what"), offered, format_func=lambda one: t("signal." + one), key=_WHAT)
    form = form_of(visit)
    if t.has("about." + form.key):
        st.html(note(t("about." + form.key)))
    for one in form.fields:
        label = t("entry.number", name=t("signal." + one.signal), unit=unit(t, one.unit))
        step, digits = 10.0**-one.decimals, f"%.{one.decimals}f"
        st.number_input(label, value=None, step=step, format=digits, key=_key(one), placeholder=t("entry.placeholder"))
    now = visit.ports.clock.now().astimezone(_zone(visit))
    for key, value in _when(now).items():
        st.session_state.setdefault(key, value)
    left, right = st.columns(2)
    left.date_input(t("entry.day"), key=_DAY, max_value=now.date(), format="YYYY-MM-DD")
    right.time_input(t("entry.time"), key=_TIME, step=60)
    st.html(note(t("entry.zone", zone=str(_zone(visit)))))


def typed(visit: Visit) -> Entry:
    """What stands in the fields at this moment."""
    state, form, zone = st.session_state, form_of(visit), _zone(visit)
    now = visit.ports.clock.now().astimezone(zone)
    day: date = state.get(_DAY) or now.date()
    clock: time = state.get(_TIME) or now.time()
    given = {one.signal: state.get(_key(one)) for one in form.fields}
    numbers = {signal: float(number) for signal, number in given.items() if number is not None}
    return Entry(form.key, numbers, datetime.combine(day, clock, zone), {one.signal: one.unit for one in form.fields})


def keep(visit: Visit, person_id: str, *, confirmed: bool = False) -> None:
    """Keep it, ask, or remember why it cannot be kept."""
    state, entry = st.session_state, typed(visit)
    for key in (_ASKED, _REFUSED, _BACK):
        state.pop(key, None)
    try:
        found = manual.keep(visit.ports, visit.who, person_id, entry, confirmed)
    except BadInput as error:
        state[_REFUSED] = Refused(entry, error)
        return
    if found:
        state[_ASKED] = Asked(entry, found)
        return
    state[_KEPT] = entry
    shell.say(visit.t("entry.kept_short"))


def why_not(visit: Visit, refused: Refused) -> None:
    """Why it cannot be kept, with what is possible in the person's unit."""
    t, error = visit.t, refused.error
    if error.code != "number_impossible":
        tell(t, error)
        return
    one = entry_forms.possible(refused.entry.key, str(error.facts.get("place", "")), visit.preferences)
    need = t("entry.between", low=one.low, high=one.high, unit=unit(t, one.unit))
    st.html(box("soon", t("error.number_impossible", need=need), t("error.number_impossible.next")))


def questions(visit: Visit, person_id: str, asked: Asked) -> None:
    """What looks like a slip, with the number as it was typed; the person decides."""
    t = visit.t
    for one in asked.questions:
        st.html(box("watch", t("signal." + one.signal), said(visit, one)))
    with st.container(key="tools_dialog", horizontal=True, horizontal_alignment="right"):
        st.button(t("entry.change"), key="entry_change", on_click=partial(st.session_state.pop, _ASKED, None))
        st.button(t("entry.yes_keep"), key="entry_yes", type="primary", on_click=partial(keep, visit, person_id, confirmed=True))


def said(visit: Visit, question: Question) -> str:
    """A question in words."""
    t, fact = visit.t, entry_forms.asked(question, visit.preferences)
    measured = unit(t, str(fact.facts["unit"]))
    numbers = {name: f"{t.number(float(fact.facts[name]))} {measured}".strip() for name in ("value", "last") if name in fact.facts}
    bare = {name: fact.facts[name] for name in ("upper", "lower") if name in fact.facts}
    return t(fact.code, **numbers, **bare)


def done(visit: Visit, person_id: str, kept: Entry) -> None:
    """It is kept; it can be taken back at once, or the next one typed."""
    t, refused = visit.t, st.session_state.get(_REFUSED)
    st.html(box("fine", t("entry.kept", what=written(t, kept)), t("entry.kept_note", when=t.moment(kept.at))))
    if isinstance(refused, Refused):
        tell(t, refused.error)
    with st.container(key="tools_dialog", horizontal=True, horizontal_alignment="right"):
        st.button(t("entry.take_back"), key="entry_back", icon=":material/undo:", on_click=take_back, args=(visit, person_id, kept))
        st.button(t("entry.another"), key="entry_another", on_click=begin, args=(visit, person_id))
        if st.button(t("entry.close"), key="entry_close", type="primary"):
            close()
            st.rerun()


def take_back(visit: Visit, person_id: str, kept: Entry) -> None:
    """Taken back: the form is there again, with what was typed."""
    state = st.session_state
    try:
        manual.take_back(visit.ports, visit.who, person_id, kept.key, kept.at)
    except NotFound as error:
        state[_REFUSED] = Refused(kept, error)
        return
    del state[_KEPT]
    state.update(
        {
            _BACK: kept,
            _WHAT: kept.key,
            **_when(kept.at),
            **{f"entry_{signal}_{kept.units[signal]}": number for signal, number in kept.numbers.items()},
        }
    )
    shell.say(visit.t("entry.taken_back"))


def written(t: Words, entry: Entry) -> str:
    """What was typed: "Blood pressure 142/88 mmHg"."""
    numbers = "/".join(t.number(value) for value in entry.numbers.values())
    measured = unit(t, next(iter(entry.units.values()), ""))
    return f"{t('signal.' + entry.key)} {numbers} {measured}".strip()


def _when(at: datetime) -> dict[str, date | time]:
    """What stands in the fields of day and time, to the minute."""
    return {_DAY: at.date(), _TIME: at.time().replace(second=0, microsecond=0)}


def _key(one: EntryField) -> str:
    return f"entry_{one.signal}_{one.unit}"


def _zone(visit: Visit) -> tzinfo:
    zone: tzinfo = st.session_state.get(_ZONE) or visit.t.zone
    return zone
