"""This is the place where people set language, units and size, change the password, see who looked, and sign out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from core.care import log, sessions, settings_of
from core.care.access import Action
from core.care.desk_views import DayOfLooks, Look
from core.errors import BadInput, SignInRefused
from core.ui import contact_ways, shell
from core.ui.incident import tell
from core.ui.markup import Cell, h2, h3, head, note, table
from core.ui.session import Visit, here, leave, preferences_changed
from core.ui.words import languages, own_names

UNITS = ("labs", "hba1c", "weight", "temperature")
MOST_DAYS = 30


def page(visit: Visit) -> None:
    t = visit.t
    st.html(head(t("nav.settings"), t("settings.question")))
    choices(visit)
    if visit.may(Action.OWN_CONTACTS):
        contact_ways.draw(visit)
    if visit.landing and not visit.landing.account.demo:
        password(visit)
    if visit.own and visit.may(Action.VIEW_ACCESS_LOG):
        looks(visit)
    st.html(h2(t("settings.leave")) + note(t("settings.leave_note")))
    st.button(t("button.sign_out"), key="sign_out", icon=":material/logout:", on_click=leave, args=(visit,))


def choices(visit: Visit) -> None:
    """Language, text size and units; each choice counts at once."""
    t, kept = visit.t, visit.preferences
    names = own_names()
    chosen: dict[str, str] = {}
    st.html(h2(t("settings.look")))
    with st.container(key="tools_look", horizontal=True, gap="large"):
        chosen["language"] = choice(visit, "language", languages(), lambda one: names[one], t.language)
        chosen["text_size"] = choice(visit, "text_size", settings_of.CHOICES["text_size"], lambda one: t("text_size." + one), kept.text_size)
    if visit.may(Action.VIEW_RECORD):
        st.html(h2(t("settings.units"), t("settings.units_aside")))
        with st.container(key="tools_units", horizontal=True, gap="large"):
            for name in UNITS:
                chosen[name] = choice(visit, name, settings_of.CHOICES[name], lambda one: t.first("unit_choice." + one, "unit_choice.other", unit=one), getattr(kept, name))
    changed = {name: value for name, value in chosen.items() if value and value != (t.language if name == "language" else getattr(kept, name))}
    if changed:
        settings_of.save(visit.ports, visit.who, replace(kept, **changed))
        preferences_changed()
        shell.say(t("settings.saved"))
        st.rerun()


def choice(visit: Visit, name: str, options: Sequence[str], written: Callable[[str], str], current: str) -> str:
    return st.segmented_control(visit.t("settings." + name), options, format_func=written, default=current, key="set_" + name, required=True) or current


def password(visit: Visit) -> None:
    t = visit.t
    st.html(h2(t("settings.password")))
    with st.expander(t("settings.password_change")), st.form("password", border=False, clear_on_submit=True):
        old = st.text_input(t("settings.password_old"), type="password", key="password_old", autocomplete="current-password")
        new = st.text_input(t("settings.password_new"), type="password", key="password_new", autocomplete="new-password", help=t("settings.password_help", n=sessions.SHORTEST_PASSWORD))
        if st.form_submit_button(t("settings.password_set"), type="primary"):
            try:
                sessions.change_password(visit.ports, visit.who, old, new)
            except (SignInRefused, BadInput) as error:
                tell(t, error)
            else:
                st.success(t("settings.password_done"))


def looks(visit: Visit) -> None:
    """Who looked at my record, when, what for."""
    t = visit.t
    st.html(h2(t("settings.looks"), t("settings.looks_aside")))
    with st.expander(t("settings.looks_show"), key="looks", on_change="rerun") as shown:
        if not shown.open or visit.person is None:
            return
        others = st.toggle(t("settings.looks_others"), value=True, key="looks_others")
        days = log.who_looked(visit.ports, visit.who, visit.person.person_id)
        drawn = "".join(day_of(visit, day, others_only=others) for day in days[:MOST_DAYS])
        st.html(drawn or note(t("settings.looks_none")))


def day_of(visit: Visit, day: DayOfLooks, *, others_only: bool) -> str:
    t = visit.t
    found = [look for look in day.looks if not (others_only and look.own)]
    if not found:
        return ""
    columns = [t("table.time"), t("table.who"), t("table.did"), t("table.purpose")]
    return h3(t.day(day.day)) + table(t("settings.looks_caption", day=day.day), columns, (look_cells(visit, look) for look in found))


def look_cells(visit: Visit, look: Look) -> list[Cell]:
    t = visit.t
    who = t("look.you") if look.own else f"{look.who} ({t('role.' + look.role)})" if look.who and t.has("role." + look.role) else look.who or t.first("role." + look.role, "role.system")
    did = t.first("audit." + look.action, "audit.other", code=look.action)
    if look.refused:
        did = t("look.refused", what=did)
    if look.times > 1:
        did += t("look.times", n=look.times)
    return [Cell(t.as_written(look.until, "time")), Cell(who), Cell(did), Cell(t.first("purpose." + look.purpose, "purpose.other"))]


page(here())
