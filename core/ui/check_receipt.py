"""This is the place where it is said what became of a photo or a recording: received or kept, what the check hints at, its limits, what comes next."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.care.check_views import ChecksView, KindOffered
from core.domain.checks import CheckKind, KeptCheck
from core.ui.check_sending import close
from core.ui.check_words import hint, size
from core.ui.markup import box, card, note, tag
from core.ui.session import Visit
from core.ui.words import Words


def offered(visit: Visit, view: ChecksView, kind: CheckKind) -> None:
    """What this kind of check is: research, switched off, without a model."""
    one = next((each for each in view.offered if each.kind == kind), None)
    said = marks(visit, one) if one is not None else ""
    if said:
        st.html(said)
    if not view.has_team:
        st.html(box("watch", visit.t("photo.no_team"), visit.t("photo.no_team_next")))


def marks(visit: Visit, one: KindOffered) -> str:
    """The research mark, and why no computer looks at it."""
    t = visit.t
    found = ""
    if one.research and one.available:
        found += f'<div class="marks">{tag(t("photo.research"), "demo", "watch")}</div>' + note(t("photo.research_note"))
    if not one.available and one.why:
        found += note(t("check_declined." + one.why)) + note(t("photo.team_anyway"))
    return found


def receipt(visit: Visit, view: ChecksView, kept: KeptCheck) -> None:
    """What happened, what the check hints at, its limits, and what comes next."""
    t = visit.t
    st.html(box("fine" if view.has_team else "watch", t("photo.sent" if view.has_team else "photo.kept"), t("photo.sent_next" if view.has_team else "photo.no_team_next")))
    research = next((one.research for one in view.offered if one.kind == kept.kind), False)
    st.html(card(hint_words(t, kept, research=research)))
    with st.container(key="tools_photo", horizontal=True):
        st.button(t("photo.done"), key="photo_done", type="primary", icon=":material/check:", on_click=close)


def hint_words(t: Words, kept: KeptCheck, *, research: bool) -> str:
    """The check's hint with its size, its limits and its marks."""
    measured = size(t, kept.result)
    parts = [f'<h3 class="hb-h3">{escape(t("photo.hint"))}</h3>', f'<p class="sentence">{escape(hint(t, kept.result))}</p>']
    if measured:
        parts.append(f'<p class="mean"><b>{escape(measured)}</b></p>')
    if kept.kind is CheckKind.SKIN and (kept.facts is None or kept.facts.skin_type is None or kept.facts.skin_type > 4):
        parts.append(note(t("photo.limit_skin_type")))
    parts.append(note(t("photo.limits." + kept.kind)))
    if research and kept.result.model is not None:
        parts.append(f'<div class="marks">{tag(t("photo.research"), "demo", "watch")}</div>')
    return "".join(parts)
