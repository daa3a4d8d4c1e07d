"""This is the place where a questionnaire that is due is filled in at a kiosk: one question on the screen, big answers, kept with every touch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from core.questionnaires.answering import crisis_value, misfit, state
from core.questionnaires.known import of_key
from core.questionnaires.terms import Answer, Item, Questionnaire
from core.ui import kiosk_acts as acts
from core.ui.kiosk_frame import Forward, bottom, fields_row, heading, keys, main, token
from core.ui.kiosk_house import KioskHouse
from core.ui.kiosk_stay import Stay, forget_widgets, say, stay, turn
from core.ui.questionnaire_words import wording
from core.ui.values import unit
from core.ui.words import Words

CRISIS = "suicide"
_DATE_SIGNS = 10


def draw(house: KioskHouse, one: Stay) -> None:
    """The question of this page; behind the last one, on to the next step."""
    asked = questions(one)
    if one.page >= len(asked):
        _done(house, one)
        return
    form, item = asked[one.page]
    t, given = house.t, answers(one, form.key)
    lead = f"{wording(t)(form.lead or form.title)} · {t('kiosk.page_of', n=one.page + 1, of=len(asked))}"
    with main(one, t):
        heading(token(one), wording(t)(item.text), lead)
        _field(house, one, form, item)
    has = item.link_id in given
    bottom(house, one, Forward("kiosk.next" if has else "kiosk.no_answer", acts.page, (1,), primary=has), "kiosk.skip_all")


def questions(one: Stay) -> list[tuple[Questionnaire, Item]]:
    """What is asked now, in order; an answer may open or close what comes after it."""
    forms = [form for key in one.state.due.questionnaires if (form := of_key(key)) is not None]
    return [(form, item) for form in forms for item in state(form, answers(one, form.key)).questions]


def answers(one: Stay, key: str) -> Mapping[str, Answer]:
    return one.state.collected.questionnaires.get(key, {}) if one.state.collected else {}  # type: ignore[return-value]


def give(house: KioskHouse, key: str, item: Item, given: Answer) -> None:
    """One answer; an answer that tells of thoughts of suicide is answered at once, before anything else."""
    one = stay()
    if misfit(item, given):
        say(one, "watch", "kiosk.no_number" if item.kind in ("integer", "decimal") else "kiosk.add_empty")
        return
    acts.answer("questionnaires", key, {**answers(one, key), item.link_id: given})
    forget_widgets()
    one.page, one.notice = one.page + 1, ("", "")
    if item.crisis and crisis_value(item, {item.link_id: given}) > 0:
        acts.alarm(house, (CRISIS,))


def typed(house: KioskHouse, key: str, item: Item) -> None:
    text = str(st.session_state.get(f"kq_answer_{turn()}", "")).strip()
    if item.kind in ("integer", "decimal"):
        plain = text.replace(",", ".")
        number = float(plain) if plain.isascii() and plain.replace(".", "", 1).isdigit() else None
        if number is None:
            say(stay(), "watch", "kiosk.no_number")
            return
        give(house, key, item, int(number) if item.kind == "integer" and number == int(number) else number)
    else:
        give(house, key, item, text)


def _field(house: KioskHouse, one: Stay, form: Questionnaire, item: Item) -> None:
    t, given = house.t, answers(one, form.key).get(item.link_id)
    choices = _choices(t, item)
    if choices:
        columns = 2 if len(choices) > 5 else 1
        with st.container(key=f"kiosk_options_{columns}"):
            for at, (value, said) in enumerate(choices):
                look: Literal["primary", "secondary"] = "primary" if given == value and type(given) is type(value) else "secondary"
                st.button(
                    said,
                    key=f"kq_option_{one.page}_{at}",
                    type=look,
                    on_click=give,
                    args=(house, form.key, item, value),
                    width="stretch",
                )
        return
    key = f"kq_answer_{turn()}"
    kind, most = {"integer": ("digits", 4), "decimal": ("decimal", 6), "date": ("digits", _DATE_SIGNS)}.get(
        item.kind, ("letters", min(item.longest, 200))
    )
    measured = unit(t, item.unit)
    with st.form("kq_form_answer", border=False), fields_row():
        label = t("kiosk.answer") + (f" ({measured})" if measured else "")
        st.text_input(label, key=key, max_chars=most, autocomplete="off", width=520 if kind == "letters" else 260)
        st.form_submit_button(
            t("kiosk.take"), type="primary", on_click=typed, args=(house, form.key, item), key="kq_go", width="content"
        )
    keys(t, ((key, kind, most),), jump=False)


def _choices(t: Words, item: Item) -> list[tuple[Answer, str]]:
    if item.kind == "choice":
        return [(each.key, wording(t)(each.text)) for each in item.options]
    if item.kind == "boolean":
        return [(True, t("check.yes")), (False, t("check.no"))]
    if item.kind == "integer" and item.scale:
        return [(at, t.number(at)) for at in range(int(item.low or 0), int(item.high or 0) + 1)]
    return []


def _done(house: KioskHouse, one: Stay) -> None:
    t = house.t
    with main(one, t):
        heading(token(one), t("kiosk.questions_done"), t("kiosk.questions_done_lead"))
    bottom(house, one, Forward("kiosk.next", acts.forward))
