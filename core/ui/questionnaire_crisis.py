"""This is the place where somebody who may be in a crisis reads whom to call, calmly and at once."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.care import questionnaires
from core.care.questionnaire_views import CrisisHelp
from core.questionnaires.crisis import CrisisLine
from core.ui.markup import h3
from core.ui.session import Visit
from core.ui.words import Words


def show(visit: Visit, person_id: str) -> None:
    """The part of the screen that opens with the answer, before the form is finished and after."""
    view = questionnaires.crisis_help(visit.ports, visit.who, person_id, visit.t.language)
    with st.container(key="crisis"):
        st.html(text(visit.t, view))


def text(t: Words, view: CrisisHelp) -> str:
    """You are not alone; if it is now, call; the numbers; what happens with the answer."""
    own = f'<p class="crisis-own"><b>{escape(t("crisis.own"))}</b> {_number(view.own_line)}</p>' if view.own_line else ""
    rows = "".join(f"<li>{_line(t, one)}</li>" for one in view.lines)
    remark = f'<p class="note">{escape(t("crisis.unchecked"))}</p>' if any(one.status != "verified" for one in view.lines) else ""
    seen = t("crisis.seen") if view.seen_by_team else t("crisis.not_seen")
    return (
        f'<section class="crisis" role="alert" aria-label="{escape(t("crisis.title"))}">{h3(t("crisis.title"))}'
        f"<p>{escape(t('crisis.first'))}</p><p><b>{escape(t('crisis.now'))}</b></p>{own}<ul>{rows}</ul>{remark}"
        f"<p>{escape(t('crisis.also'))}</p><p>{escape(seen)}</p></section>"
    )


def _line(t: Words, one: CrisisLine) -> str:
    return f"{_number(one.number)} <span>{escape(t('crisis.line.' + one.key))}</span>"


def _number(said: str) -> str:
    """A number to tap where it is nothing but a number."""
    bare = said.replace(" ", "").replace("-", "")
    if bare.removeprefix("+").isdigit():
        return f'<a href="tel:{escape(bare)}"><b>{escape(said)}</b></a>'
    return f"<b>{escape(said)}</b>"
