"""This is the place where a person sees their devices and decides: count it or not, which one first, may it still send, where do I live."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo, available_timezones

import streamlit as st

from core.care import devices, series_choices
from core.care.access import Action
from core.care.device_views import DeviceLine, DevicesView
from core.ui import device_parts, shell
from core.ui.browser import browser_zone
from core.ui.markup import box, empty, h2, note
from core.ui.session import Reading, Visit, here

MOST_SHOWN = 12
_USUAL = "\x00"
"""The choice that is no device."""
_DONE = "hb.disconnected"
_ASKS_LEAVE = ("device",)
"""Kinds of source that send by themselves: consent can be taken back."""


def listed(visit: Visit, reading: Reading, view: DevicesView) -> None:
    """Every device, what asks for the eye first."""
    t = visit.t
    st.html(h2(t("device.title"), t("device.aside")))
    if not view.lines:
        st.html(empty(t("device.empty"), t("device.empty_next")))
        return
    if letters := device_parts.legend(t, view.lines):
        st.html(letters)
    with st.container(key="list_devices"):
        for at, line in enumerate(view.lines[:MOST_SHOWN]):
            one(visit, reading, at, line)
    more = view.lines[MOST_SHOWN:]
    if more:
        with st.expander(t("device.further", n=len(more))), st.container(key="list_devices_more"):
            for at, line in enumerate(more, start=MOST_SHOWN):
                one(visit, reading, at, line)
    if view.rivals and visit.may(Action.EDIT_SERIES):
        trust(visit, reading, view)


def one(visit: Visit, reading: Reading, at: int, line: DeviceLine) -> None:
    with st.container(key=f"line_device_{at}", horizontal=True):
        st.html(reading.prepared("device", (at, line.source_id, line.device), lambda: device_parts.device(visit, line)))
        if visit.may(Action.EDIT_SERIES):
            choices(visit, reading, at, line)


def choices(visit: Visit, reading: Reading, at: int, line: DeviceLine) -> None:
    """What can be done about one device."""
    t = visit.t
    with st.popover(t("device.choices"), key=f"choices_{at}", help=line.name):
        if line.signals:
            st.toggle(
                t("device.count_it"), value=not line.off, key=f"count_{at}_{line.off}", help=t("device.count_help"),
                on_change=partial(count, visit, reading, line),
            )  # fmt: skip
        if line.kind in _ASKS_LEAVE and visit.may(Action.MANAGE_DEVICES):
            st.html(note(t("device.consent_note" if line.consent else "device.no_consent_note")))
            label = t("device.consent_withdraw" if line.consent else "device.consent_give")
            st.button(label, key=f"consent_{at}", on_click=consent, args=(visit, reading, line))
        living = line.token is not None and line.token.revoked_at is None and visit.may(Action.MANAGE_DEVICES)
        if living and st.button(t("device.disconnect"), key=f"danger_disconnect_{at}", icon=":material/link_off:"):
            st.dialog(t("device.disconnect_title"), width="small")(confirm_disconnect)(line)


def count(visit: Visit, reading: Reading, line: DeviceLine) -> None:
    """Leave a device out of charts and counts, or take it in again."""
    series_choices.switch(visit.ports, visit.who, reading.person_id, line.name, line.off)
    shell.say(visit.t("device.counted" if line.off else "device.left_out", name=line.name))


def consent(visit: Visit, reading: Reading, line: DeviceLine) -> None:
    devices.consent(visit.ports, visit.who, reading.person_id, line.source_id, not line.consent)
    shell.say(visit.t("device.consent_gone" if line.consent else "device.consent_back", name=line.name))


def confirm_disconnect(line: DeviceLine) -> None:
    """What is asked before a device is disconnected."""
    if st.session_state.pop(_DONE, False):
        st.rerun()
    visit = here()
    t = visit.t
    st.html(note(t("device.disconnect_text", name=line.name)))
    with st.container(key="tools_dialog", horizontal=True, horizontal_alignment="right"):
        if st.button(t("device.stay"), key="stay_connected"):
            st.rerun()
        st.button(
            t("device.disconnect_confirm"),
            key="danger_disconnect",
            icon=":material/link_off:",
            on_click=disconnect,
            args=(visit, line),
        )


def disconnect(visit: Visit, line: DeviceLine) -> None:
    if visit.person and line.token:
        devices.disconnect(visit.ports, visit.who, visit.person.person_id, line.token.token_id)
    st.session_state[_DONE] = True
    shell.say(visit.t("device.disconnected", name=line.name))


def trust(visit: Visit, reading: Reading, view: DevicesView) -> None:
    """Which device counts first where several tell of the same time."""
    t = visit.t

    def said(device: str) -> str:
        return view.names.get(device, device) or t("device.unnamed") if device != _USUAL else t("device.as_usual")

    with st.expander(t("device.trust"), icon=":material/low_priority:"):
        st.html(note(t("device.trust_note")))
        for rivals in view.rivals:
            options = [_USUAL, *rivals.devices]
            chosen = rivals.chosen if rivals.chosen in rivals.devices else _USUAL
            key = f"first_{rivals.signal}"
            picked = st.selectbox(
                t("device.first_for", name=t("signal." + rivals.signal)),
                options,
                index=options.index(chosen),
                format_func=said,
                key=key,
            )
            if picked != chosen:
                order = () if picked == _USUAL else (picked,)
                series_choices.set_order(visit.ports, visit.who, reading.person_id, rivals.signal, order)
                shell.say(t("device.trusted", name=t("signal." + rivals.signal)))
                st.rerun()


def home_clock(visit: Visit, reading: Reading, view: DevicesView) -> None:
    """The person's time zone: what it is for, and a choice of all there are, the browser's first."""
    t = visit.t
    st.html(h2(t("zone.title")))
    if not visit.may(Action.EDIT_SERIES):
        st.html(note(t("zone.is", zone=view.zone) if view.zone else t("zone.unknown")))
        return
    if not view.zone:
        st.html(box("unknown", t("zone.unknown"), t("zone.why")))
    else:
        st.html(note(t("zone.why")))
    near = browser_zone()
    names = zones(near, view.zone)
    picked = st.selectbox(
        t("zone.choose"), names, index=names.index(view.zone) if view.zone else None, key=f"zone_{view.zone}", placeholder=t("zone.placeholder"),
        format_func=lambda name: zone_words(visit, name, near),
    )  # fmt: skip
    if picked and picked != view.zone:
        series_choices.set_zone(visit.ports, visit.who, reading.person_id, picked)
        shell.say(t("zone.saved", zone=picked))
        st.rerun()


def zones(near: str, chosen: str) -> list[str]:
    """Every zone there is: the browser's and the chosen one first, then by name."""
    known = sorted(
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix", "right", "SystemV", "US/"))
    )
    first = [name for name in dict.fromkeys((near, chosen)) if name]
    return [*first, *(name for name in ("UTC", *known) if name not in first)]


def zone_words(visit: Visit, name: str, near: str) -> str:
    """A zone with what its clock shows now."""
    clock = clock_there(visit.now, name)
    said = f"{name.replace('_', ' ')} · {clock}"
    return f"{said} · {visit.t('zone.of_browser')}" if name == near else said


def clock_there(now: datetime, name: str) -> str:
    return f"{now.astimezone(ZoneInfo(name)):%H:%M}"
