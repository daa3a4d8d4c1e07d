"""This is the place where a photo is sent step by step: where it is, the photo with advice at once, a few questions, a receipt."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.care.check_views import ChecksView
from core.ui import check_about, check_photo, check_place, check_receipt
from core.ui.changing import refused
from core.ui.check_sending import STEPS, Sending
from core.ui.session import Visit


def draw(visit: Visit, view: ChecksView, sending: Sending) -> None:
    """The step that is open."""
    t = visit.t
    if sending.kept is not None:
        check_receipt.receipt(visit, view, sending.kept)
        return
    at = STEPS.index(sending.step) + 1
    said = escape(t("photo.step", n=at, of=len(STEPS)))
    st.html(f'<div class="check-progress"><span>{said}</span><progress value="{at}" max="{len(STEPS)}" aria-label="{said}"></progress></div>')
    check_receipt.offered(visit, view, sending.kind)
    refused(t)
    if sending.step == "where":
        check_place.choose(visit, view, sending)
    elif sending.step == "photo":
        check_photo.draw(visit, sending)
    else:
        check_about.draw(visit, view, sending)
