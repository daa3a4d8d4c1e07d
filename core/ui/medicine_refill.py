"""This is the place where a person asks their team for more of a medicine, and sees what came of it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.care import requests
from core.care.dose_views import MedicineCard
from core.care.requests import About
from core.domain.doses import Request
from core.ui.changing import attempt
from core.ui.dose_parts import mark
from core.ui.medicine_card import receipt
from core.ui.session import Reading, Visit


def draw(visit: Visit, reading: Reading, one: MedicineCard, may_ask: bool) -> None:
    """The receipt of the newest request, and the button that makes one or takes it back."""
    t, key = visit.t, mark(one.medicine_id)
    last = requests.latest(one.requests, "refill", one.medicine_id)
    if last is None and not may_ask:
        return
    with st.container(key=f"tools_refill_{key}", horizontal=True, vertical_alignment="center"):
        st.html(receipt(t, last, visit.now))
        if may_ask:
            _button(visit, reading, one, last)


def _button(visit: Visit, reading: Reading, one: MedicineCard, last: Request | None) -> None:
    t, key = visit.t, mark(one.medicine_id)
    if last is not None and last.state == "requested":
        back = partial(requests.withdraw, visit.ports, visit.who, reading.person_id, last.request_id)
        st.button(t("refill.withdraw"), key=f"refill_back_{key}", icon=":material/undo:", help=one.title, on_click=attempt, args=(t("refill.withdrawn"), back, f"refill_{key}"))
        return
    ask = partial(requests.ask, visit.ports, visit.who, reading.person_id, "refill", About(one.medicine_id, one.title))
    st.button(
        t("refill.ask" if last is None else "refill.ask_again"), key=f"refill_{key}", icon=":material/send:", help=one.title, on_click=attempt,
        args=(lambda made: t("refill.state." + made.state), ask, f"refill_back_{key}"),
    )  # fmt: skip
