"""This is the place where a questionnaire is filled in: one question after the other, saved with every answer, hidden where it isn't asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import Any

import streamlit as st

from core.care import questionnaires
from core.care.questionnaire_views import Filling
from core.domain.units import convert
from core.questionnaires.answering import Wrong
from core.questionnaires.terms import Answer, Item
from core.ui import help_signs, questionnaire_crisis, shell
from core.ui.icons import icon
from core.ui.markup import box, h2, note
from core.ui.questionnaire_words import wording, wrong
from core.ui.session import Visit
from core.ui.values import unit

OPEN = "hb.check"
EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True)
class Opened:
    """What this browser session has open of one person: the form, whether finishing was tried, and whether it is done (its result is shown)."""

    person_id: str
    key: str
    filling: Filling | None = None
    tried: bool = False
    done: bool = False


def opened(person_id: str) -> Opened | None:
    """What is open of this person, and of nobody else."""
    kept = st.session_state.get(OPEN)
    return kept if isinstance(kept, Opened) and kept.person_id == person_id else None


def begin(visit: Visit, person_id: str, key: str) -> None:
    """Open a form afresh, or go on with its draft."""
    close()
    st.session_state[OPEN] = Opened(person_id, key, questionnaires.open_form(visit.ports, visit.who, person_id, key))
    shell.say(visit.t("check.opened"), focus="check_back")


def look(person_id: str, key: str) -> None:
    """Open the results of a questionnaire."""
    close()
    st.session_state[OPEN] = Opened(person_id, key)


def close() -> None:
    """Back to the list: nothing of a form stays in this session."""
    for key in [key for key in st.session_state if str(key).startswith("ask_")]:
        del st.session_state[key]
    st.session_state.pop(OPEN, None)


def discard(visit: Visit, person_id: str, key: str) -> None:
    """Throw the draft away."""
    questionnaires.discard_draft(visit.ports, visit.who, person_id, key)
    close()
    shell.say(visit.t("check.discarded"))


def draw(visit: Visit, one: Opened, filling: Filling) -> None:
    """The form: progress, questions, what is wrong, one button."""
    t, found = visit.t, filling.state
    wrongs = {each.link_id: each for each in found.wrong} if one.tried else {}
    asked = found.questions
    st.html(_progress(visit, found.answered, len(asked)))
    if filling.questionnaire.lead:
        st.html(h2(wording(t)(filling.questionnaire.lead)))
    numbers = {each.link_id: at for at, each in enumerate(asked, 1)}
    for at, item in enumerate(filling.questionnaire.every()):
        if item in found.shown:
            _line(visit, (one, filling), (at, numbers.get(item.link_id, 0)), item, wrongs.get(item.link_id))
            if item.crisis and found.crisis:
                questionnaire_crisis.show(visit, one.person_id)
    if wrongs:
        places = t("list.comma").join(str(numbers[name]) for name in wrongs if name in numbers)
        st.html(box("soon", t("check.fix", n=len(wrongs)), t("check.fix_next", places=places)))
    st.html(note(t("check.saved")) if filling.saved_at else note(t("check.saves")))
    with st.container(key="tools_check", horizontal=True):
        st.button(t("check.finish"), key="check_finish", type="primary", icon=":material/check:", on_click=finish, args=(visit, one.person_id))
        st.button(t("check.discard"), key="danger_check", on_click=discard, args=(visit, one.person_id, one.key))


def changed(visit: Visit, person_id: str, at: int) -> None:
    """An answer was given, changed or cleared: it is kept at once."""
    one = opened(person_id)
    if one is None or one.filling is None:
        return
    item = list(one.filling.questionnaire.every())[at]
    given = _taken(visit, item, st.session_state.get(_key(one.key, at)))
    was = one.filling.state.crisis
    filling = questionnaires.with_answer(one.filling, item.link_id, given)
    filling = questionnaires.save_draft(visit.ports, visit.who, person_id, filling, wording(visit.t))
    st.session_state[OPEN] = replace(one, filling=filling)
    if filling.state.crisis and not was:
        shell.say(visit.t("crisis.title"))


def clear(visit: Visit, person_id: str, at: int) -> None:
    """Take an answer away."""
    one = opened(person_id)
    if one is not None:
        st.session_state[_key(one.key, at)] = None
        changed(visit, person_id, at)


def finish(visit: Visit, person_id: str) -> None:
    """Finish it, or show what is missing."""
    one = opened(person_id)
    if one is None or one.filling is None:
        return
    found = one.filling.state
    if found.wrong or not found.answers:
        st.session_state[OPEN] = replace(one, tried=True)
        shell.say(visit.t("check.fix", n=len(found.wrong)) if found.wrong else visit.t("error.form_empty"))
        return
    questionnaires.submit(visit.ports, visit.who, person_id, one.filling, wording(visit.t))
    close()
    st.session_state[OPEN] = Opened(person_id, one.key, done=True)
    shell.say(visit.t("check.done"), focus="check_back")


def _line(visit: Visit, of: tuple[Opened, Filling], place: tuple[int, int], item: Item, found: Wrong | None) -> None:
    """One question with its help, its field and what is wrong with its answer."""
    t, (one, filling), (at, number) = visit.t, of, place
    said = wording(t)(item.text)
    if item.kind in ("group", "display") and not item.why_not:
        st.html(h2(said) if item.kind == "group" else note(said))
        return
    with st.container(key=f"card_ask_{at}"):
        if item.why_not:
            st.html(f"<p>{escape(said)}</p>" + note(t("check.cannot." + item.why_not)))
            return
        label = t("check.numbered", number=number, question=said) + ("" if item.required else f" ({t('check.optional')})")
        _field(visit, (one, filling), at, item, label)
        if item.kind in ("text", "string"):
            help_signs.found(visit, one.person_id, str(filling.answers.get(item.link_id, "")))
        if item.help:
            st.html(note(wording(t)(item.help)))
        if found is not None:
            st.html(f'<p class="check-wrong">{icon("soon")}{escape(wrong(t, found))}</p>')
        if not item.required and item.link_id in filling.answers and item.kind in ("choice", "boolean", "integer") and (item.scale or item.kind != "integer"):
            st.button(t("check.clear"), key=f"clear_{at}", type="tertiary", on_click=clear, args=(visit, one.person_id, at))


def _field(visit: Visit, of: tuple[Opened, Filling], at: int, item: Item, label: str) -> None:
    """The input that fits the kind of question; what it holds is what was answered before."""
    t, (one, filling) = visit.t, of
    key = _key(one.key, at)
    st.session_state.setdefault(key, _shown(visit, item, filling.answers.get(item.link_id)))
    kept: dict[str, Any] = {"key": key, "on_change": changed, "args": (visit, one.person_id, at)}
    match item.kind:
        case "choice":
            words = {each.key: wording(t)(each.text) for each in item.options}
            st.radio(label, list(words), index=None, width="stretch", format_func=lambda each: words.get(each, each), **kept)
        case "boolean":
            st.radio(label, [True, False], index=None, horizontal=True, format_func=lambda each: t("check.yes") if each else t("check.no"), **kept)
        case "integer" if item.scale:
            scale = list(range(int(item.low or 0), int(item.high or 0) + 1))
            st.radio(label, scale, index=None, horizontal=True, **kept)
        case "integer":
            st.number_input(_measured(visit, item, label), value=None, step=1, format="%d", **kept)
        case "decimal":
            st.number_input(_measured(visit, item, label), value=None, step=0.1, format="%.1f", **kept)
        case "date":
            st.date_input(label, value=None, min_value=EARLIEST, format="YYYY-MM-DD", **kept)
        case "text":
            st.text_area(label, max_chars=item.longest, **kept)
        case _:
            st.text_input(label, max_chars=item.longest, **kept)


def _measured(visit: Visit, item: Item, label: str) -> str:
    shown = unit(visit.t, _unit(visit, item))
    return f"{label} ({shown})" if shown else label


def _unit(visit: Visit, item: Item) -> str:
    """In which unit a number is typed: a weight in the one that was chosen in the settings."""
    return visit.preferences.weight if item.signal == "weight" else item.unit


def _taken(visit: Visit, item: Item, typed: object) -> Answer | None:
    """What a field holds, as an answer; None where it is empty."""
    if typed is None or typed == "":
        return None
    if isinstance(typed, date):
        return typed.isoformat()
    if item.kind == "decimal" and isinstance(typed, (int, float)) and item.signal:
        return convert(float(typed), _unit(visit, item), item.unit, item.signal)
    return typed if isinstance(typed, (bool, int, float, str)) else None


def _shown(visit: Visit, item: Item, given: Answer | None) -> object:
    """An answer, as its field holds it."""
    if given is None:
        return "" if item.kind in ("text", "string") else None
    if item.kind == "date":
        return date.fromisoformat(str(given))
    if item.kind == "decimal" and item.signal:
        found = convert(float(given), item.unit, _unit(visit, item), item.signal)
        return None if found is None else round(found, 1)
    return float(given) if item.kind == "decimal" else given


def _key(key: str, at: int) -> str:
    return f"ask_{key}_{at}"


def _progress(visit: Visit, done: int, of: int) -> str:
    said = escape(visit.t("check.progress", done=done, of=of))
    return f'<div class="check-progress"><span>{said}</span><progress max="{max(of, 1)}" value="{done}" aria-label="{said}"></progress></div>'
