"""This is the place where it stands side by side what the record says and what the person takes, with one way to settle each difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from html import escape

import streamlit as st

from core.care import medicine_book, requests
from core.care.dose_views import Difference, ReconciliationView
from core.care.requests import About
from core.care.views import Fact
from core.medications.book import Book, Choices
from core.ui.changing import attempt
from core.ui.dose_parts import mark, worded
from core.ui.markup import note, tag
from core.ui.medicine_card import receipt
from core.ui.schedule_words import said as said_how
from core.ui.session import Reading, Visit
from core.ui.words import Words

LOOK: Mapping[str, tuple[str, str]] = {
    "same": ("fine", "fine"), "not_taking": ("info", "watch"), "differently": ("info", "watch"), "not_on_record": ("pen", "watch"),
    "unclear": ("unknown", "unknown"), "stopped_but_taken": ("soon", "soon"), "two_orders": ("unknown", "unknown"),
}  # fmt: skip
TAKING = ("yes", "differently", "no")


def line(visit: Visit, reading: Reading, view: ReconciliationView, one: Difference, book: Book) -> None:
    """One medicine: both sides, what the person says, and "ask my team" where they differ."""
    t, key = visit.t, mark(one.medicine_id)
    with st.container(key=f"card_rec_{key}"):
        st.html(both(t, one, visit.own))
        if view.may_edit and one.kind not in ("not_on_record", "two_orders"):
            _taking(visit, reading, one, book.choices.get(one.medicine_id, Choices()))
        if one.kind != "same" or one.asked is not None:
            _ask(visit, reading, view, one)


def both(t: Words, one: Difference, own: bool) -> str:
    """What differs in a word, then the two sides."""
    look, tone = LOOK.get(one.kind, LOOK["unclear"])
    head = f'<h3 class="hb-h3 med-n">{escape(one.title)} {tag(t("reconcile.kind." + one.kind), look, tone)}</h3>'
    return head + f'<div class="sides">{_side(t, "reconcile.record", one.record_how, one.record)}{_side(t, "reconcile.person" if own else "reconcile.other", one.person_how, one.person)}</div>'


def _side(t: Words, title: str, hows: Sequence[Fact], texts: Sequence[str]) -> str:
    """What one side says: in plain language, then in its own words."""
    plain = [said_how(t, each.code, worded(t, each.facts)) for each in hows if each.code != "how.from"]
    said = "".join(f"<p>{escape(each)}</p>" for each in plain)
    said += "".join(f'<p class="quiet">“{escape(each)}”</p>' for each in texts if each not in plain)
    said = said or f'<p class="quiet">{escape(t("reconcile.nothing"))}</p>'
    return f"<div><h4>{escape(t(title))}</h4>{said}</div>"


def _taking(visit: Visit, reading: Reading, one: Difference, chosen: Choices) -> None:
    t, key = visit.t, mark(one.medicine_id)
    name = f"taking_{key}"
    st.session_state[name] = chosen.taking or None
    st.segmented_control(
        t("reconcile.taking"), TAKING, key=name, format_func=lambda code: t("reconcile.taking." + code), on_change=_keep,
        args=(visit, reading, one, chosen, name),
    )  # fmt: skip


def _keep(visit: Visit, reading: Reading, one: Difference, chosen: Choices, name: str) -> None:
    made = replace(chosen, taking=str(st.session_state.get(name) or ""))
    keep = partial(medicine_book.choose, visit.ports, visit.who, reading.person_id, one.medicine_id, made)
    attempt(visit.t("reconcile.kept", title=one.title), keep)


def _ask(visit: Visit, reading: Reading, view: ReconciliationView, one: Difference) -> None:
    """The receipt of what was asked; else the way to ask, and whether anybody would see it."""
    t, key = visit.t, mark(one.medicine_id)
    if one.asked is not None:
        st.html(receipt(t, one.asked, visit.now))
    if not view.may_edit or (one.asked is not None and one.asked.state == "requested"):
        return
    if not view.team:
        st.html(note(t("reconcile.no_team")))
        return
    about = About(one.medicine_id, one.title)
    ask = partial(requests.ask, visit.ports, visit.who, reading.person_id, "question", about, t("reconcile.to_team", title=one.title))
    st.button(t("reconcile.ask"), key=f"ask_team_{key}", icon=":material/send:", help=one.title, on_click=attempt, args=(lambda made: t("refill.state." + made.state), ask))
