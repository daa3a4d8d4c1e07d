"""This is the place where the parts of the administrator's page about kiosks are drawn: one kiosk, the form for a new one with its key, how kiosks work."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import streamlit as st

from core.care import kiosk_clinic, kiosk_registry
from core.care.kiosk_clinic import FACTORS, LIMITS, MOST_DESK, Settings
from core.care.kiosk_registry import MOST_NAME, KioskLine, NewKiosk
from core.errors import HealthboardError
from core.kiosk.terms import Measure
from core.questionnaires.instruments import INSTRUMENTS
from core.ui import shell
from core.ui.browser import address
from core.ui.changing import attempt
from core.ui.incident import tell
from core.ui.markup import box, dotted, facts, h3, note, tag
from core.ui.questionnaire_words import wording
from core.ui.session import Visit

_NEW = "hb.new_kiosk"


def add(visit: Visit) -> None:
    """The form; once added the key, this once, and how to use it."""
    t, new = visit.t, st.session_state.get(_NEW)
    with st.expander(t("kiosks.add"), expanded=isinstance(new, NewKiosk), icon=":material/add_to_queue:"):
        if isinstance(new, NewKiosk):
            st.html(box("watch", t("kiosks.key_once"), t("kiosks.key_note", name=new.kiosk.name)))
            st.code(new.key, language=None, wrap_lines=True)
            st.html(note(t("kiosks.start_note")))
            st.code(f"healthboard kiosk --server {address()} --key-file kiosk.key --home kiosk", language="bash", wrap_lines=True)
            st.button(t("kiosks.key_copied"), key="kiosk_copied", type="primary", icon=":material/check:", on_click=_forget)
            return
        with st.form("add_kiosk", border=False):
            name = st.text_input(
                t("kiosks.name"), key="kiosk_name", max_chars=MOST_NAME, placeholder=t("kiosks.name_example"), autocomplete="off"
            )
            place = st.text_input(
                t("kiosks.place"), key="kiosk_place", max_chars=MOST_NAME, placeholder=t("kiosks.place_example"), autocomplete="off"
            )
            sent = st.form_submit_button(t("kiosks.add_do"), type="primary")
        if sent:
            try:
                st.session_state[_NEW] = kiosk_registry.add(visit.ports, visit.who, name, place)
            except HealthboardError as error:
                tell(t, error)
                return
            st.rerun()


def one(visit: Visit, line: KioskLine) -> None:
    """One kiosk: how it stands, what it says of itself, a way to revoke it."""
    t, kiosk, beat = visit.t, line.kiosk, line.kiosk.beat
    if kiosk.revoked_at is not None:
        state = tag(t("kiosks.revoked", when=t.moment(kiosk.revoked_at)), "now", "unknown")
    elif line.late:
        state = tag(t("kiosks.late") if kiosk.seen_at else t("kiosks.never"), "soon", "soon")
    else:
        state = tag(
            t("kiosks.account") if kiosk.is_account else t("kiosks.alive"),
            "fine" if not kiosk.is_account else "info",
            "fine" if not kiosk.is_account else "plain",
        )
    with st.container(key=f"card_kiosk_{kiosk.kiosk_id.replace(':', '_')}"):
        where = f"<span>{escape(kiosk.place)}</span>" if kiosk.place else ""
        st.html(
            f'<div class="line"><b class="row-t">{escape(kiosk.name)} {state}</b><span class="row-d">{dotted((where, escape(kiosk.kiosk_id)))}</span></div>'
        )
        pairs = [(t("kiosks.seen"), t.age(kiosk.seen_at, visit.now) if kiosk.seen_at else t("kiosks.never"))]
        if beat is not None:
            waits = t("kiosks.queued", n=beat.queued) + (
                f" ({t('kiosks.oldest', when=t.moment(beat.oldest_at))})" if beat.oldest_at else ""
            )
            pairs += [(t("kiosks.waiting"), waits), (t("kiosks.version"), beat.version)]
            pairs += [(t("kiosks.bluetooth"), _part(visit, beat.bluetooth)), (t("kiosks.camera"), _part(visit, beat.camera))]
        st.html(facts(pairs))
        if kiosk.revoked_at is None and not kiosk.is_account:
            with st.popover(t("kiosks.revoke"), icon=":material/key_off:"):
                st.html(note(t("kiosks.revoke_about")))
                do = (t("kiosks.revoked_said"), lambda: kiosk_registry.revoke(visit.ports, visit.who, kiosk.kiosk_id))
                st.button(t("kiosks.revoke_do"), key=f"revoke_{kiosk.kiosk_id}", type="primary", on_click=attempt, args=do)


def settings(visit: Visit, kept: Settings) -> None:
    """How kiosks work here."""
    t = visit.t
    with st.form("kiosk_settings", border=False):
        name = st.text_input(t("kiosks.clinic"), kept.name, key="ks_name", max_chars=MOST_NAME, autocomplete="off")
        desk = st.text_input(
            t("kiosks.desk"), kept.desk, key="ks_desk", max_chars=MOST_DESK, help=t("kiosks.desk_help"), autocomplete="off"
        )
        st.html(h3(t("kiosks.who")))
        factor = st.radio(
            t("kiosks.factor"),
            FACTORS,
            FACTORS.index(kept.factor),
            format_func=lambda one: t("kiosks.factor." + one),
            key="ks_factor",
            help=t("kiosks.factor_help"),
        )
        st.html(h3(t("kiosks.what")))
        measures = st.multiselect(
            t("kiosks.measures"),
            list(Measure),
            list(kept.measures),
            format_func=lambda one: t("kiosks.measure." + one.value),
            key="ks_measures",
        )
        titles = {one.key: wording(t)(one.title) for one in INSTRUMENTS}
        forms = st.multiselect(
            t("kiosks.forms"),
            list(titles),
            list(kept.forms),
            format_func=titles.__getitem__,
            key="ks_forms",
            help=t("kiosks.forms_help"),
        )
        numbers = {}
        st.html(h3(t("kiosks.times")))
        for field, (least, most) in LIMITS.items():
            numbers[field] = int(st.number_input(t("kiosks." + field), least, most, getattr(kept, field), key=f"ks_{field}"))
        sent = st.form_submit_button(t("kiosks.save"), type="primary")
    if not sent:
        return
    try:
        made = replace(kept, name=name, desk=desk, factor=factor, measures=tuple(measures), forms=tuple(forms))
        times = {field: numbers[field] for field in LIMITS}
        kiosk_clinic.save(visit.ports, visit.who, made.with_numbers(times))
    except HealthboardError as error:
        tell(t, error)
        return
    shell.say(t("settings.saved"))
    st.rerun()


def _part(visit: Visit, said: str) -> str:
    return visit.t.first("kiosks.part." + said, "kiosks.part.unknown")


def _forget() -> None:
    """The key is shown no more."""
    st.session_state.pop(_NEW, None)
