"""This is the place where a person sees what might happen and what would change it: published equations, or what is needed for them."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.care import risks
from core.care.risk_views import InputView, RisksView
from core.errors import BadInput
from core.ui import risk_family, risk_region, risk_typing, shell
from core.ui.incident import tell
from core.ui.markup import card, empty, h2, head, note, row, rows
from core.ui.session import Visit, here


def page(visit: Visit) -> None:
    t = visit.t
    reading = visit.reading()
    st.html(head(t("nav.risks"), t("risks.question")) + note(t("risks.lead")) + ("" if visit.own else note(t("risks.you_means"))))
    try:
        shelf = reading.view("risks.shelf", "", lambda: risks.shelf(visit.ports, visit.who, reading.person_id))
    except BadInput as error:  # what was typed in here can't be read: said, never taken for nothing
        tell(t, error)
        risk_typing.over(visit, reading)
        return
    view = reading.view("risks", "", lambda: risks.draw(shelf))
    risk_region.show(visit, reading, view)
    if not view.families:
        st.html(empty(t("risks.no_families"), t("risks.no_families_next")))
    more: tuple[InputView, ...] = ()
    for family in view.families:
        risk_family.show(visit, reading, shelf, family)
        if family.key == "diabetes" and visit.ports.diabetes_model is not None:
            more = risk_family.compare_trained(visit, reading, shelf)
    risk_typing.typed(visit, reading, view)
    if view.elsewhere:
        st.html(reading.prepared("risks.elsewhere", "", lambda: elsewhere(visit, view)))
    with st.container(key="tools_risks", horizontal=True):
        st.button(t("button.print"), key="print_page", icon=":material/print:", on_click=shell.print_page)
    risk_typing.dialog(visit, reading, view, more)


def elsewhere(visit: Visit, view: RisksView) -> str:
    """Scores that are only linked to, each with the reason."""
    t = visit.t
    lines = []
    for key, why, address in view.elsewhere:
        link = f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{escape(t("risks.elsewhere_open"))}</a>'
        lines.append(row(t("risk.elsewhere_name." + key), "", f"{escape(t('risk.elsewhere.' + why))} {link}"))
    return h2(t("risks.elsewhere")) + card(rows(lines))


page(here())
