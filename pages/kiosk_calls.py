"""This is the place where a coordinator answers who calls from a kiosk, and says whose visits are that came in without a name."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.care import kiosk_desk, kiosk_unmatched
from core.care.kiosk_desk import CallLine
from core.errors import HealthboardError
from core.ui import kiosk_sorting
from core.ui.changing import attempt, refused
from core.ui.incident import tell
from core.ui.markup import box, dotted, empty, h2, head, note
from core.ui.session import Visit, choose_person, here

LOOK_EVERY = "20s"


def page(visit: Visit) -> None:
    t = visit.t
    st.html(head(t("nav.kiosk_calls"), t("kiosk_calls.question")))
    refused(t)
    calls(visit)
    st.html(h2(t("desk.unmatched")) + note(t("desk.unmatched_about")))
    try:
        waiting = kiosk_unmatched.listed(visit.ports, visit.who)
    except HealthboardError as error:
        tell(t, error)
        return
    if not waiting:
        st.html(empty(t("desk.unmatched_none"), t("desk.unmatched_none_next")))
    for one in waiting:
        kiosk_sorting.draw(visit, one)


@st.fragment(run_every=LOOK_EVERY)
def watch(drawn: int) -> None:
    """The page is drawn anew where somebody calls, or a colleague answered."""
    visit = here()
    if kiosk_desk.waiting(visit.ports, visit.who)[0] != drawn:
        st.rerun()


def calls(visit: Visit) -> None:
    t = visit.t
    desk = kiosk_desk.desk(visit.ports, visit.who)
    st.html(h2(t("desk.open")))
    watch(len(desk.open))
    if desk.damaged:
        st.html(box("now", t("desk.damaged"), t("desk.damaged_next")))
        st.button(
            t("desk.start_over"),
            key="desk_over",
            on_click=attempt,
            args=(t("desk.started_over"), lambda: kiosk_desk.start_over(visit.ports, visit.who)),
        )
        return
    if not desk.open:
        st.html(empty(t("desk.none"), t("desk.none_next")))
    for line in desk.open:
        one(visit, line)
    if desk.answered:
        with st.expander(t("desk.answered", n=len(desk.answered))):
            for line in desk.answered:
                said = t("desk.answered_by", name=line.call.by_name, when=t.moment(line.call.answered_at or line.call.at))
                st.html(
                    f'<div class="line"><b class="row-t">{escape(title(visit, line))}</b><span class="row-d">{escape(said)}</span></div>'
                )


def one(visit: Visit, line: CallLine) -> None:
    t, call = visit.t, line.call
    state = "now" if call.why == "danger" else "soon"
    with st.container(key=f"card_call_{call.call_id.replace(':', '_')}"):
        st.html(box(state, title(visit, line), t("desk.do." + ("danger" if call.why == "danger" else "other"))))
        again = escape(t("desk.times", n=call.times)) if call.times > 1 else ""
        told = escape(t("desk.told", n=call.told)) if call.told else ""
        st.html(f'<p class="note">{dotted((escape(t("desk.since", n=line.minutes)), again, told))}</p>')
        with st.container(key=f"tools_call_{call.call_id.replace(':', '_')}", horizontal=True):
            do = (t("desk.on_my_way_said"), lambda: kiosk_desk.answer(visit.ports, visit.who, call.call_id))
            st.button(
                t("desk.on_my_way"),
                key=f"answer_{call.call_id}",
                type="primary",
                icon=":material/directions_walk:",
                on_click=attempt,
                args=do,
            )
            if line.person_id and st.button(t("review.record"), key=f"record_{call.call_id}", icon=":material/person:"):
                choose_person(line.person_id, line.person_name)
                st.switch_page(visit.pages["overview"])


def title(visit: Visit, line: CallLine) -> str:
    """Who, where and why; somebody of another panel is somebody."""
    t = visit.t
    who = line.person_name or t("desk.somebody")
    return t("desk.why." + line.call.why, who=who, kiosk=line.call.kiosk)


page(here())
