"""This is the place where a coordinator sees which photos and recordings wait for a look, the most pressing first, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from html import escape
from types import MappingProxyType

import streamlit as st

from core.care import reviews
from core.care.access import Action
from core.care.check_views import ReviewLine
from core.ui.check_words import label
from core.ui.icons import icon
from core.ui.markup import tag
from core.ui.session import Visit

OPEN, COUNT = "hb.review", "hb.review_count"
RANKS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "danger_words": ("now", "now"), "show_soon": ("soon", "soon"), "waiting_model": ("unknown", "unknown"), "declined": ("unknown", "unknown"),
    "retake_late": ("watch", "watch"), "routine": ("clock", "plain"),
})  # fmt: skip
"""Icon and tone of the reason for which a check stands where it does."""
COUNTED_FOR = timedelta(seconds=60)


def waiting(visit: Visit) -> int:
    """How many wait, for the bar: counted anew at most once a minute."""
    if not visit.may(Action.REVIEW_CHECK):
        return 0
    kept = st.session_state.get(COUNT)
    if isinstance(kept, tuple) and timedelta(0) <= visit.now - kept[0] < COUNTED_FOR:
        return int(kept[1])
    number = len(reviews.queue(visit.ports, visit.who))
    st.session_state[COUNT] = (visit.now, number)
    return number


def draw(visit: Visit, lines: Sequence[ReviewLine]) -> None:
    """The queue as rows with one button each."""
    t = visit.t
    with st.container(key="list_reviews"):
        for line in lines:
            check = line.check
            with st.container(key=f"line_review_{check.check_id}", horizontal=True):
                st.html(as_line(visit, line))
                st.button(t("review.look"), key=f"review_open_{check.check_id}", help=line.person_name, on_click=open_one, args=(check.person_id, check.check_id))


def as_line(visit: Visit, line: ReviewLine) -> str:
    """Why it stands here, whose it is, what kind, what the check said, how long it waits."""
    t, check = visit.t, line.check
    look, tone = RANKS.get(line.rank, ("info", "plain"))
    reason = tag(t("review.rank." + line.rank), look, tone)
    name = escape(line.person_name or t("person.no_name"))
    kind = escape(t("check_kind." + check.kind))
    note_ = f"{icon('pen')}{escape(check.note)}" if check.note else ""
    return (
        f'<div class="rev"><span>{reason}</span><span><b>{name}</b><br><small>{kind}</small></span><span>{label(t, check.result)}</span>'
        f'<span class="row-d">{note_}</span><span>{escape(waited(visit, line))}</span></div>'
    )


def waited(visit: Visit, line: ReviewLine) -> str:
    t = visit.t
    if not line.hours:
        return t("review.waits_new")
    return t("review.waits_days", n=line.hours // 24) if line.hours >= 48 else t("review.waits_hours", n=line.hours)


def open_one(person_id: str, check_id: str) -> None:
    close()
    st.session_state[OPEN] = (person_id, check_id)


def close() -> None:
    for key in [key for key in st.session_state if str(key).startswith("decide_")]:
        del st.session_state[key]
    st.session_state.pop(OPEN, None)


def opened() -> tuple[str, str] | None:
    found = st.session_state.get(OPEN)
    return found if isinstance(found, tuple) and len(found) == 2 else None


def counted_anew() -> None:
    """Something was decided: the number in the bar is old."""
    st.session_state.pop(COUNT, None)
