"""This is the place where a person says where they live, so that they are compared with people like them."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.care import risks
from core.care.risk_views import RisksView
from core.errors import HealthboardError
from core.ui import shell
from core.ui.incident import tell
from core.ui.markup import h2, note
from core.ui.session import Reading, Visit

_CHOSEN, _REFUSED = "risk_region", "hb.risk_region_refused"


def show(visit: Visit, reading: Reading, view: RisksView) -> None:
    """The first question while it is unanswered; afterwards one line, with the choice behind it."""
    t = visit.t
    if not view.may_edit:
        text = t("risks.region_now", region=t("risk.region." + view.region)) if view.region else t("risks.region_not_yours")
        st.html(note(text))
    elif not view.region:
        with st.container(key="card_risk_region"):
            st.html(h2(t("risks.region_ask")) + note(t("risks.region_why")))
            _choose(visit, reading, view)
    else:
        with st.expander(t("risks.region_now", region=t("risk.region." + view.region)), icon=":material/public:", key="risk_region_more"):
            st.html(note(t("risks.region_why")))
            _choose(visit, reading, view)
    if isinstance(refused := st.session_state.pop(_REFUSED, None), HealthboardError):
        tell(t, refused)


def _choose(visit: Visit, reading: Reading, view: RisksView) -> None:
    t = visit.t
    if st.session_state.get(_CHOSEN) not in view.regions:
        st.session_state[_CHOSEN] = view.region or None
    st.selectbox(
        t("risks.region"), view.regions, format_func=lambda code: t("risk.region." + code), key=_CHOSEN, placeholder=t("risks.region_none"),
        on_change=_set, args=(visit, reading.person_id),
    )  # fmt: skip
    st.html(f'<p class="note">{escape(t("risks.region_check"))}</p>')


def _set(visit: Visit, person_id: str) -> None:
    region = st.session_state.get(_CHOSEN)
    if not region:
        return
    try:
        risks.set_region(visit.ports, visit.who, person_id, str(region))
    except HealthboardError as error:
        st.session_state[_REFUSED] = error
        return
    shell.say(visit.t("risks.region_kept"))
