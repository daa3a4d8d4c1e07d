"""This is the place where each sign that needs help at once says what to do, and where what somebody wrote calls up the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.care import emergency
from core.care.emergency_views import HelpView
from core.emergency.flags import CRISIS, RedFlag
from core.emergency.matching import flags_in
from core.ui import help_call
from core.ui.browser import browser_zone
from core.ui.icons import icon
from core.ui.markup import h2, h3, note
from core.ui.session import Visit
from core.ui.words import Words


def view_of(visit: Visit, person_id: str) -> HelpView:
    """Whom to call, by where this device or this person is."""
    zone = visit.preferences.timezone or browser_zone()
    return emergency.help_now(visit.ports, visit.who, person_id, visit.t.language, zone)


def every(t: Words, view: HelpView) -> str:
    """The signs, each to be opened."""
    return h2(t("help.signs"), t("help.signs_aside")) + "".join(_sign(t, view, one) for one in view.flags)


def found(visit: Visit, person_id: str, *texts: str, kept: bool = True) -> bool:
    """Where a text speaks of such a sign: the numbers, at once, above all else. Whether it does. `kept`: whether what was written is kept already."""
    keys = flags_in("\n".join(texts))
    if not keys:
        return False
    view = view_of(visit, person_id)
    with st.container(key="help_found"):
        st.html(told(visit.t, view, keys, kept=kept))
        if "help_now" in visit.pages:
            st.page_link(visit.pages["help_now"], label=visit.t("help.found_open"), icon=":material/emergency:")
    return True


def told(t: Words, view: HelpView, keys: Sequence[str], *, kept: bool = True) -> str:
    """What was read in the text, and the numbers."""
    signs = [one for one in view.flags if one.key in keys]
    names = t("list.comma").join(title(t, one) for one in signs)
    talk = help_call.talk(t, view) if any(one.call == CRISIS for one in signs) else ""
    return (
        f'<section class="help-found" role="alert">{h3(t("help.found"))}<p>{escape(t("help.found_about", signs=names))}</p>'
        f"{help_call.numbers(t, view)}{talk}{note(t('help.found_kept' if kept else 'help.found_unsent'))}</section>"
    )


def title(t: Words, one: RedFlag) -> str:
    return t("flag." + one.key, **dict(one.limits))


def _sign(t: Words, view: HelpView, one: RedFlag) -> str:
    steps = "".join(f"<li>{escape(t(f'flag.{one.key}.do_{at}', **dict(one.limits)))}</li>" for at in range(1, one.steps + 1))
    remark = "" if one.status == "verified" else note(t("help.flag_unchecked"))
    call = help_call.talk(t, view) if one.call == CRISIS else ""
    return (
        f'<details class="help-sign"><summary>{icon("now")}{escape(title(t, one))}</summary>{call}'
        f'<ol class="help-steps">{steps}</ol>{note(t("help.source", source=one.source))}{remark}</details>'
    )
