"""This is the place where one run of the kiosk draws the screen somebody is at. The app's page and the edge process call `run` alike."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.errors import HealthboardError
from core.kiosk.terms import Clinic, Step
from core.ui import kiosk_acts as acts
from core.ui import kiosk_ask, kiosk_danger, kiosk_end, kiosk_form, kiosk_measure, kiosk_photo, kiosk_who
from core.ui.icons import icon
from core.ui.kiosk_frame import Forward, bottom, heading, main, token, top
from core.ui.kiosk_house import KioskHouse
from core.ui.kiosk_stay import Stay, say, stay
from core.ui.words import closest, own_names

_STEPS = {
    Step.WHO: kiosk_who.draw, Step.CONTACT: kiosk_ask.draw, Step.MEDICINES: kiosk_ask.draw, Step.ALLERGIES: kiosk_ask.draw, Step.MEASURE: kiosk_measure.draw,
    Step.QUESTIONS: kiosk_form.draw, Step.PHOTO: kiosk_photo.draw, Step.DANGER: kiosk_danger.draw, Step.SUMMARY: kiosk_end.draw,
}  # fmt: skip


def run(house: KioskHouse) -> None:
    """One run. `house.t` speaks the language that was chosen."""
    one = stay()
    if one.on:
        one.held = kiosk_measure.still(house, one)
        acts.alive()
    top(house, one, token(one))
    if not one.on:
        _welcome(house, one)
    elif one.state.alarm:
        kiosk_danger.emergency(house, one)
    elif one.screen == "help":
        _help(house, one)
    elif one.screen == "over":
        _over(house, one)
    elif one.screen == "offline":
        kiosk_who.offline(house, one)
    elif one.step is Step.CONSENT:
        _consent(house, one)
    else:
        _STEPS[one.step](house, one)


def try_code(house: KioskHouse, language: str) -> None:
    """A code to try the demo with."""
    if house.demo_code is None:
        return
    one = stay()
    try:
        one.code = house.demo_code(language)
    except HealthboardError:
        say(one, "soon", "kiosk.no_demo_code")


def _welcome(house: KioskHouse, one: Stay) -> None:
    t = house.t
    clinic = acts.clinic(house)
    with main(one, t):
        if one.state.ended:
            st.html(
                f'<p class="kq-notice s-fine" role="status">{icon("fine")}<span>{escape(t("kiosk.ended_" + one.state.ended))}</span></p>'
            )
        heading(token(one), t("kiosk.welcome"), clinic.name if clinic and clinic.name else house.name)
        if clinic is None:
            st.html(f'<p class="kq-notice s-soon">{icon("soon")}<span>{escape(t("kiosk.closed"))}</span></p>')
            return
        st.html(f'<p class="kq-lead">{escape(t("kiosk.welcome_lead"))}</p>')
        with st.container(key="kiosk_languages"):
            for language, name in _languages(clinic):
                st.button(
                    name,
                    key=f"kq_language_{language}",
                    type="primary",
                    on_click=acts.begin,
                    args=(house, language),
                    width="stretch",
                )
        st.html(f'<p class="kq-lead">{escape(t("kiosk.welcome_private"))}</p>')
        if house.demo_code is not None:
            with st.container(key="kiosk_choice", horizontal=True, horizontal_alignment="center", vertical_alignment="center"):
                st.button(t("kiosk.demo_code"), key="kq_demo", on_click=try_code, args=(house, t.language), width="content")
                if one.code:
                    st.html(f'<p class="kq-code">{escape(t("kiosk.try", code=one.code))}</p>', width="content")
    with st.container(key="kiosk_bottom", horizontal=True, vertical_alignment="center"):
        st.button(t("kiosk.person"), key="kq_person", on_click=acts.person, args=(house,), icon=":material/support_agent:")
        st.space("stretch")
        st.html(f'<p class="kfoot">{escape(house.name)} · {escape(t("kiosk.foot"))}</p>', width="content")


def _languages(clinic: Clinic) -> list[tuple[str, str]]:
    """Each language by its own name, those the clinic wants first in front."""
    names = own_names()
    wanted = [closest([one]) for one in clinic.languages]
    return sorted(names.items(), key=lambda pair: wanted.index(pair[0]) if pair[0] in wanted else len(wanted))


def _consent(house: KioskHouse, one: Stay) -> None:
    t = house.t
    lead = t("kiosk.is_this_you", name=one.welcomed.greeting) if one.welcomed else t("kiosk.consent_offline")
    rows = "".join(f"<li>{escape(t(f'kiosk.consent_{at}'))}</li>" for at in (1, 2, 3))
    with main(one, t):
        heading(token(one), t("kiosk.consent"), lead)
        st.html(f'<ul class="kq-list">{rows}</ul>')
        with st.container(key="kiosk_choice", horizontal=True, horizontal_alignment="center"):
            if one.welcomed:
                st.button(t("kiosk.not_me"), key="kq_not_me", on_click=acts.start_over, width="content")
            st.button(t("kiosk.refuse"), key="kq_refuse", on_click=acts.refuse, width="content")
    bottom(house, one, Forward("kiosk.agree", acts.consent, (house,)))


def _help(house: KioskHouse, one: Stay) -> None:
    t = house.t
    desk = one.clinic.desk if one.clinic else ""
    rows = [t("kiosk.help_text." + one.step.value), t("kiosk.help_person"), t("kiosk.help_private")]
    if desk:
        rows.append(t("kiosk.desk_is", desk=desk))
    with main(one, t):
        heading(token(one), t("kiosk.help"))
        st.html(f'<ul class="kq-list">{"".join(f"<li>{escape(row)}</li>" for row in rows)}</ul>')
    bottom(house, one, Forward("kiosk.help_close", acts.show, ("",)))


def _over(house: KioskHouse, one: Stay) -> None:
    t = house.t
    with main(one, t):
        heading(token(one), t("kiosk.over_ask"), t("kiosk.over_lead_sent" if one.state.outcome else "kiosk.over_lead"))
        with st.container(key="kiosk_choice", horizontal=True, horizontal_alignment="center"):
            st.button(t("kiosk.over_yes"), key="kq_over_yes", type="primary", on_click=acts.start_over, width="content")
    bottom(house, one, Forward("kiosk.over_no", acts.show, ("",), primary=False))
