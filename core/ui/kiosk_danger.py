"""This is the place where a kiosk asks for signs that need help at once, and where the emergency screen stands: the desk is called before it is drawn."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.emergency.flags import BY_KEY, CRISIS
from core.emergency.numbers import NUMBERS
from core.questionnaires.crisis import lines
from core.ui import kiosk_acts as acts
from core.ui.icons import icon
from core.ui.kiosk_frame import Forward, bottom, heading, main, token
from core.ui.kiosk_house import KioskHouse
from core.ui.kiosk_stay import Stay, stay
from core.ui.words import Words

ASKED = ("chest_pain", "breathing", "stroke", "fainting", "bleeding", "allergy", "seizure", "poisoning", "suicide")
"""The signs one can be asked for; the others are measured."""


def draw(house: KioskHouse, one: Stay) -> None:
    t = house.t
    with main(one, t):
        heading(token(one), t("kiosk.danger"), t("kiosk.danger_lead"))
        with st.container(key="kiosk_signs"):
            for key in ASKED:
                on = key in one.ticked
                st.button(_title(t, key), key=f"kq_sign_{key}", type="primary" if on else "secondary", icon=":material/check:" if on else None,
                          on_click=tick, args=(key,), width="stretch")  # fmt: skip
    if one.ticked:
        bottom(house, one, Forward("kiosk.danger_yes", confirm, (house,)))
    else:
        bottom(house, one, Forward("kiosk.danger_none", acts.forward, ({"danger": ()},)))


def tick(key: str) -> None:
    one = stay()
    one.ticked = tuple(each for each in one.ticked if each != key) if key in one.ticked else (*one.ticked, key)


def confirm(house: KioskHouse) -> None:
    """What was ticked is a sign that needs help now."""
    one = stay()
    signs, one.ticked = one.ticked, ()
    acts.forward({"danger": signs})
    acts.alarm(house, signs)


def emergency(house: KioskHouse, one: Stay) -> None:
    """Over everything else: who has been called, whom to call, what to do until then."""
    t = house.t
    signs = [BY_KEY[key] for key in one.state.alarm if key in BY_KEY]
    reached = one.called == "called"
    desk = one.clinic.desk if one.clinic else ""
    said = t("kiosk.alarm_called") if reached else t("kiosk.alarm_failed")
    where = f" {escape(t('kiosk.desk_is', desk=desk))}" if desk and not reached else ""
    numbers = NUMBERS.get(house.country, ())
    call = t("kiosk.alarm_number", number=numbers[0]) if numbers else t("kiosk.alarm_number_unknown")
    steps = "".join(_steps(t, one_.key, one_.steps, dict(one_.limits)) for one_ in signs[:2])
    crisis = (
        "".join(_line(t, each.number, each.key) for each in lines(t.language)[:3])
        if any(one_.call == CRISIS for one_ in signs)
        else ""
    )
    with main(one, t):
        heading(token(one), t("kiosk.alarm"), "")
        st.html(
            f'<section class="kq-alarm" role="alert"><p class="kq-called">{icon("fine" if reached else "now")}<span>{escape(said)}{where}</span></p>'
            f"<p>{escape(call)}</p></section>{f'<ul class=kq-list>{crisis}</ul>' if crisis else ''}<div class='kq-steps'>{steps}</div>"
        )
        with st.container(key="kiosk_choice", horizontal=True, horizontal_alignment="center"):
            if not reached:
                st.button(
                    t("kiosk.call_again"),
                    key="kq_call_again",
                    type="primary",
                    on_click=again,
                    args=(house,),
                    width="content",
                )
    bottom(house, one, Forward("kiosk.alarm_go_on", acts.calm, primary=False))


def _title(t: Words, key: str) -> str:
    return t("flag." + key, **dict(BY_KEY[key].limits))


def _steps(t: Words, key: str, count: int, limits: dict[str, float]) -> str:
    rows = "".join(f"<li>{escape(t(f'flag.{key}.do_{at}', **limits))}</li>" for at in range(1, count + 1))
    return f"<section><h2>{escape(t('flag.' + key, **limits))}</h2><ol>{rows}</ol></section>"


def _line(t: Words, number: str, key: str) -> str:
    return f"<li><b>{escape(number)}</b> {escape(t('crisis.line.' + key))}</li>"


def again(house: KioskHouse) -> None:
    """Call the desk once more; what came of it stands on the screen."""
    acts.call(house, "danger")
