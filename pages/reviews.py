"""This is the place where a coordinator looks through what people sent, the most pressing first, and answers."""

import streamlit as st

from core.care import reviews
from core.care.check_views import ReviewLine
from core.ui import check_decide, check_queue, check_review
from core.ui.changing import refused
from core.ui.markup import empty, head, note
from core.ui.session import Visit, choose_person, here


def page(visit: Visit) -> None:
    t = visit.t
    lines = reviews.queue(visit.ports, visit.who)
    chosen = check_queue.opened()
    if chosen is not None:
        one(visit, lines, *chosen)
        return
    st.html(head(t("nav.reviews"), t("reviews.question"), t("review.count", n=len(lines)) if lines else ""))
    refused(t)
    if not lines:
        st.html(empty(t("review.none"), t("review.none_next")))
        return
    check_queue.draw(visit, lines)
    st.html(note(t("review.order")))


def one(visit: Visit, lines: tuple[ReviewLine, ...], person_id: str, check_id: str) -> None:
    t = visit.t
    view = reviews.opened(visit.ports, visit.who, person_id, check_id)
    name = view.line.person_name or t("person.no_name")
    st.html(head(t("review.title", name=name, kind=t("check_kind." + view.line.check.kind)), t("review.question_one"), t.age(view.line.check.submitted_at, visit.now)))
    with st.container(key="tools_review", horizontal=True):
        st.button(t("review.back"), key="review_back", type="tertiary", icon=":material/arrow_back:", on_click=check_queue.close)
        if st.button(t("review.record"), key="review_record", type="tertiary", icon=":material/person:"):
            choose_person(person_id, view.line.person_name)
            st.switch_page(visit.pages["today"])
    refused(t)
    with st.container(key="review_both", horizontal=True):
        with st.container(key="review_picture"):
            check_review.picture(visit, view)
            check_review.history(visit, view)
        with st.container(key="review_facts"):
            st.html(check_review.said(visit, view))
            check_decide.draw(visit, view, lines)
            with st.expander(t("review.more"), key="review_more"):
                st.html(check_review.classes(visit, view.line.check.result) + check_review.quality(visit, view.line.check.result))
            check_review.model(visit, view)


page(here())
