"""This is the place where a person and the care team write to one another, and where the team sees who waits for an answer."""

from __future__ import annotations

import streamlit as st

from core.care import thread_desk
from core.care.thread_views import FILTERS, InboxQuery
from core.domain.people import Role
from core.ui import address, paging, template_book, thread_compose, thread_list, thread_open, thread_sort, thread_state
from core.ui.changing import refused
from core.ui.markup import box, empty, head, literal, note
from core.ui.session import Visit, here
from core.ui.thread_state import Opened


def page(visit: Visit) -> None:
    one = thread_state.opened()
    if one is None:
        listed(visit)
    elif one.thread_id:
        conversation(visit, one)
    else:
        new(visit, one)


def listed(visit: Visit) -> None:
    t, team = visit.t, visit.role is Role.COORDINATOR
    st.html(head(t("nav.messages"), t("messages.question" if visit.own else "messages.question_other")))
    refused(t)
    query = choose(visit)
    found = thread_desk.inbox(visit.ports, visit.who, InboxQuery(query.only, query.person_id, paging.page_of("messages_page", query)))
    begin(visit)
    if team:
        counts = found.counts
        st.html(note(t("messages.counts", waiting=counts.waiting, late=counts.late, urgent=counts.urgent)))
    if not found.lines:
        st.html(empty(t("messages.none_" + (query.only or "all")), t("messages.none_next_team" if team else "messages.none_next")))
    else:
        thread_list.draw(visit, found)
        paging.pages("messages_page", query, found.pages)
    if team:
        template_book.draw(visit)


def choose(visit: Visit) -> InboxQuery:
    """Which conversations: everybody's, or those of whose record is open."""
    t = visit.t
    filters = FILTERS if visit.role is Role.COORDINATOR else ("", "unread", "closed")
    with st.container(key="tools_messages", horizontal=True, vertical_alignment="bottom"):
        address.before("only", filters, "")
        only = address.after("only", st.selectbox(t("messages.only"), filters, format_func=lambda one: t("messages.only_" + (one or "all")), key="only", width=280), "")
        person = visit.person if visit.role is Role.COORDINATOR else None
        just = person is not None and st.toggle(t("messages.just", name=literal(person.name) or t("person.no_name")), key="messages_just")
    return InboxQuery(only, person.person_id if person is not None and just else "")


def begin(visit: Visit) -> None:
    """The way to a new conversation: of the team only with somebody whose record is open."""
    t = visit.t
    if visit.person is None:
        st.html(note(t("messages.open_first")))
        return
    name = literal(visit.person.name) or t("person.no_name")
    label = t("messages.new") if visit.own else t("messages.new_about" if visit.role is Role.CAREGIVER else "messages.new_to", name=name)
    st.button(label, key="thread_new", type="primary", icon=":material/edit_square:", on_click=thread_state.open_thread, args=(visit.person.person_id,))


def new(visit: Visit, one: Opened) -> None:
    t, person = visit.t, visit.person
    name = (person.name if person else "") or t("person.no_name")
    st.html(head(t("messages.new"), t("messages.question_new") if visit.own else t("messages.question_new_about" if visit.role is Role.CAREGIVER else "messages.question_new_to", name=name)))
    back(visit)
    refused(t)
    thread_compose.draw(visit, one, thread_compose.offices_now(visit), thread_desk.reachable(visit.ports, visit.who, one.person_id))


def conversation(visit: Visit, one: Opened) -> None:
    t = visit.t
    view = thread_desk.opened(visit.ports, visit.who, one.person_id, one.thread_id, t.language)
    fresh = next((each.number for each in view.messages if each.fresh), 0)
    if fresh:
        thread_state.read_up_to(visit, one, fresh, view.messages[-1].number)
        st.rerun()  # the number in the bar was drawn before this page
    name = view.line.person_name or t("person.no_name")
    st.html(head(view.line.thread.subject, t("messages.question_one") if visit.own else t("messages.question_one_of", name=name)))
    back(visit)
    refused(t)
    thread_open.top(visit, view)
    thread_open.messages(visit, one, view)
    if not view.has_team:
        st.html(box("watch", t("error.no_team"), t("error.no_team.next")))
    elif visit.may(thread_compose.writing(visit)):
        thread_compose.draw(visit, one, view.offices, view.reachable)
    thread_sort.draw(visit, one, view)


def back(visit: Visit) -> None:
    st.button(visit.t("messages.back"), key="messages_back", type="tertiary", icon=":material/arrow_back:", on_click=thread_state.close)


page(here())
