"""This is the place where a clinician says what they think of a check: right, otherwise, or another photo; with words to the person, and on to the next."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.care import reviews
from core.care.check_entries import LABELS, Said
from core.care.check_views import ReviewLine, ReviewView
from core.domain.checks import CHECK_MOVES, OVERRULE_REASONS, RETAKE_REASONS, CheckKind, CheckState, Declined, KeptCheck
from core.ui import check_queue, shell
from core.ui.changing import tried
from core.ui.check_words import class_name
from core.ui.markup import h2, note
from core.ui.session import Visit
from core.ui.words import Words, languages, own_names, words

DOING = ("confirm", "overrule", "retake")
STATES = {"confirm": CheckState.CONFIRMED, "overrule": CheckState.OVERRULED, "retake": CheckState.RETAKE_ASKED}
SAYINGS = {
    CheckKind.SKIN: ("book", "watch", "harmless", "urgent", "retake"),
    CheckKind.WOUND: ("healing", "visit", "dressing", "urgent", "retake"),
    CheckKind.RHYTHM: ("ecg", "none_needed", "repeat", "urgent"),
}
"""Ready sentences to the person (review_say.<kind>.<code>), to be changed as needed."""


def key(check: KeptCheck, name: str) -> str:
    """The key of a field. It names the check, so that a browser never carries words meant for one person over to the next."""
    return f"decide_{name}_{check.check_id}"


def draw(visit: Visit, view: ReviewView, queue: Sequence[ReviewLine]) -> None:
    """What may be done now, one of three; what it needs; the words; one button."""
    t, check = visit.t, view.line.check
    may = [one for one in DOING if STATES[one] in CHECK_MOVES[check.state]]
    if not may:
        st.html(note(t("review.closed", state=t("check_state." + check.state))))
        return
    with st.container(key="card_decide"):
        st.html(h2(t("review.decide")))
        silent = isinstance(check.result.answer, Declined)
        names = {one: t("review.do_answer" if one == "confirm" and silent else "review.do_" + one) for one in may}
        doing = st.segmented_control(
            t("review.decide"), may, format_func=lambda one: names[one], default=may[0], required=True, key=key(check, "doing"), label_visibility="collapsed",
        )  # fmt: skip
        doing = doing if doing in may else may[0]
        st.html(note(t("review.means_answer" if doing == "confirm" and silent else "review.means_" + doing)))
        ready = needs(visit, check, doing, silent=silent)
        message(visit, check)
        with st.container(key="tools_decide", horizontal=True):
            after = following(queue, check.check_id)
            label = t("review.save_next" if after else "review.save")  # a letter is a key only outside of fields, where what was typed has arrived
            st.button(
                label, key=key(check, "save"), type="primary", icon=":material/check:", shortcut="S", disabled=not ready, on_click=save, args=(visit, view, doing, after),
            )  # fmt: skip
            if after:
                st.button(t("review.skip"), key=key(check, "skip"), icon=":material/arrow_forward:", shortcut="N", on_click=check_queue.open_one, args=after)


def needs(visit: Visit, check: KeptCheck, doing: str, *, silent: bool) -> bool:
    """What the decision needs beside the words: a reason, and what it is. Whether all of it is there."""
    t = visit.t
    if doing == "retake":
        return _reason(visit, check, "retake", RETAKE_REASONS)
    ready = doing != "overrule" or _reason(visit, check, "overrule", OVERRULE_REASONS)
    kind, options = check.kind, LABELS[check.kind]
    if options and (doing == "overrule" or silent):
        names = {code: class_name(t, kind, code) for code in options}
        st.selectbox(
            t("review.label"), (*options, "other"), format_func=lambda one: names.get(one) or t("review.label_other"), index=None, key=key(check, "label"),
            placeholder=t("review.label_none"), help=t("review.label_help"),
        )  # fmt: skip
    return ready


def _reason(visit: Visit, check: KeptCheck, family: str, codes: Sequence[str]) -> bool:
    """The choice of a reason; whether one is chosen."""
    t = visit.t
    names = {code: t.first(f"{family}.{code}") for code in codes}
    label = t("review.reason_retake" if family == "retake" else "review.reason")
    picked = st.selectbox(label, codes, format_func=lambda one: names[one], index=None, key=key(check, family), placeholder=t("review.choose"))
    if picked is None:
        st.html(note(t("review.reason_first")))
    return picked is not None


def message(visit: Visit, check: KeptCheck) -> None:
    """The words to the person: a ready sentence in their language, then free."""
    t, names, kind = visit.t, own_names(), check.kind
    with st.container(key="decide_message", horizontal=True, vertical_alignment="bottom"):
        language = st.selectbox(t("review.language"), languages(), format_func=lambda one: names[one], key=key(check, "language"), index=languages().index(t.language), width=170)
        said = words(str(language), t.zone)
        st.selectbox(
            t("review.ready"), SAYINGS[kind], format_func=lambda one: said(f"review_say.{kind}.{one}"), index=None, key=key(check, "ready"), placeholder=t("review.ready_none"),
            on_change=_fill, args=(said, check),
        )  # fmt: skip
    st.text_area(t("review.words"), key=key(check, "words"), max_chars=1000, help=t("review.words_help"))


def _fill(said: Words, check: KeptCheck) -> None:
    """Put the ready sentence after what is there already."""
    code, field = st.session_state.get(key(check, "ready")), key(check, "words")
    if code in SAYINGS[check.kind]:
        text, there = said(f"review_say.{check.kind}.{code}"), str(st.session_state.get(field, "")).strip()
        st.session_state[field] = text if not there else there if text in there else said.joined((there, text))


def following(queue: Sequence[ReviewLine], check_id: str) -> tuple[str, str] | None:
    """Which one comes next in the queue; None where this was the last."""
    ids = [one.check.check_id for one in queue]
    at = ids.index(check_id) + 1 if check_id in ids else 0
    rest = [one for one in (*queue[at:], *queue[:at]) if one.check.check_id != check_id]
    return (rest[0].check.person_id, rest[0].check.check_id) if rest else None


def save(visit: Visit, view: ReviewView, doing: str, after: tuple[str, str] | None) -> None:
    """Write the decision down and go on; where it is refused, everything that was typed stays."""
    check, state = view.line.check, st.session_state
    text = str(state.get(key(check, "words"), "")).strip()
    asked = (visit.ports, visit.who, check.person_id, check.check_id)
    if doing == "confirm":
        do = partial(reviews.confirm, *asked, label=state.get(key(check, "label")) or "", text=text)
    elif doing == "overrule":
        do = partial(reviews.overrule, *asked, Said(state.get(key(check, "label")) or "", state.get(key(check, "overrule")) or "", text))
    else:
        do = partial(reviews.ask_retake, *asked, reason=state.get(key(check, "retake")) or "", text=text)
    if not tried(visit.t("review.saved"), do):
        return
    check_queue.counted_anew()
    if after is not None:
        check_queue.open_one(*after)
        shell.say(visit.t("review.saved_next"))
    else:
        check_queue.close()


