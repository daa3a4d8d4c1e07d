"""This is the place where a message is written: big and plain, with what may be attached, when an answer comes, and the numbers to call where words speak of danger."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.care import thread_files, thread_hours, thread_templates, threads
from core.care.access import Action
from core.care.thread_papers import language_of
from core.care.thread_views import Draft, Given, Offices, Sent
from core.domain.people import Role
from core.errors import HealthboardError
from core.ui import help_signs, thread_open, thread_state
from core.ui.changing import tried
from core.ui.incident import tell
from core.ui.markup import box, h2, note
from core.ui.session import Visit
from core.ui.thread_state import Opened

MOST_MB = 20
TYPES = ("jpg", "jpeg", "png", "webp", "pdf", "txt")


def draw(visit: Visit, one: Opened, offices: Offices, reachable: bool) -> None:
    """The composer, for a new conversation or the next message of one."""
    t, new = visit.t, not one.thread_id
    team = visit.role is Role.COORDINATOR
    if not new:
        st.html(h2(t("compose.answer_team" if team else "compose.answer")))
    if not team:
        st.html(before(visit, offices))
    elif not reachable:
        st.html(note(t("compose.no_channel")))
    with st.container(key="card_compose"):
        if team:
            templates(visit, one)
        keys = tuple(f"message_{part}_{one.token}" for part in ("subject", "text"))
        for key, drafted in zip(keys, thread_state.drafted(one.token), strict=True):
            st.session_state.setdefault(key, drafted)
        subject = st.text_input(t("compose.subject"), key=keys[0], max_chars=threads.MOST_SUBJECT) if new else ""
        text = st.text_area(t("compose.text"), key=keys[1], max_chars=threads.MOST_TEXT, height=180, help=t("compose.text_help"))
        thread_state.keep_draft(one.token, subject, text)
        if not team:
            help_signs.found(visit, one.person_id, subject, text, kept=False)
        attach(visit, one)
        with st.container(key="tools_compose", horizontal=True):
            st.button(t("compose.send"), key="message_send", type="primary", icon=":material/send:", on_click=send, args=(visit, one))
    st.html(note(t("compose.kept_team" if team else "compose.kept")))


def writing(visit: Visit) -> Action:
    """Which right writing takes."""
    return Action.ANSWER_MESSAGE if visit.role is Role.COORDINATOR else Action.WRITE_MESSAGE


def before(visit: Visit, offices: Offices) -> str:
    """When somebody answers, and what not to wait with."""
    t = visit.t
    urgent = t("compose.emergency")
    if offices.hours is None:
        return note(t.joined((t("thread.no_promise"), urgent)))
    by = t("compose.promise", when=t.moment(offices.answer_by)) if offices.answer_by is not None else t("thread.no_promise")
    if offices.open_now:
        return note(t.joined((by, urgent)))
    back = t("compose.back", when=t.moment(offices.back_at)) if offices.back_at is not None else t("compose.back_unknown")
    return box("watch", t("compose.closed"), t.joined((back, by, urgent)))


def attach(visit: Visit, one: Opened) -> None:
    """Files and readings, tucked away until they are wanted."""
    t = visit.t
    with st.expander(t("compose.attach"), key=f"message_attach_{one.token}", icon=":material/attach_file:", on_change="rerun") as shown:
        if not shown.open:
            return
        st.file_uploader(t("compose.files"), TYPES, key=f"message_files_{one.token}", accept_multiple_files=True, max_upload_size=MOST_MB)
        st.html(note(t("compose.files_note", n=thread_files.MOST_FILES)))
        found = thread_files.readings(visit.ports, visit.who, one.person_id)
        if found:
            names = {choice.key: thread_open.reading_said(visit, choice.ref) for choice in found}
            st.multiselect(t("compose.readings"), list(names), format_func=names.__getitem__, key=f"message_readings_{one.token}", max_selections=thread_files.MOST_READINGS)


def templates(visit: Visit, one: Opened) -> None:
    """The team's templates: taking one fills the composer, and it can still be changed."""
    t = visit.t
    if not visit.may(Action.EDIT_TEMPLATES):
        return
    try:
        shelf = thread_templates.listed(visit.ports, visit.who)
    except HealthboardError as error:
        tell(t, error)
        return
    names = {each.key: each.subjects.get(t.language, each.key) for each in shelf.templates}
    with st.container(key="tools_template", horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(t("compose.template"), list(names), index=None, format_func=names.__getitem__, key=f"message_template_{one.token}", placeholder=t("compose.template_none"))
        st.button(t("compose.template_use"), key="message_template_use", icon=":material/edit_note:", disabled=chosen is None, on_click=fill, args=(visit, one))


def fill(visit: Visit, one: Opened) -> None:
    """Put the template's words into the composer, in the person's language."""
    key = st.session_state.get(f"message_template_{one.token}")
    if not key:
        return

    def put() -> None:
        found = thread_templates.filled(visit.ports, visit.who, one.person_id, key)
        st.session_state[f"message_text_{one.token}"] = found.text
        if not one.thread_id:
            st.session_state[f"message_subject_{one.token}"] = found.subject

    tried(visit.t("compose.template_filled"), put, f"message_text_{one.token}")


def send(visit: Visit, one: Opened) -> None:
    """Send it; where that is refused, everything that was typed stays."""
    state, t = st.session_state, visit.t
    text, subject = (str(state.get(f"message_{part}_{one.token}", "")) for part in ("text", "subject"))
    uploaded = state.get(f"message_files_{one.token}") or []
    given = tuple(Given(file.name, file.getvalue()) for file in uploaded)
    readings = tuple(state.get(f"message_readings_{one.token}") or ())
    template = str(state.get(f"message_template_{one.token}") or "") if text else ""
    draft = Draft(one.token, text, subject, given, readings, template, language_of(text, t.language))
    kept: list[Sent] = []

    def do() -> None:
        ports, who, person_id = visit.ports, visit.who, one.person_id
        made = threads.reply(ports, who, person_id, one.thread_id, draft) if one.thread_id else threads.begin(ports, who, person_id, draft)
        kept.append(made)

    said = partial(_said, visit, kept)
    if tried(said, do) and kept:
        thread_state.sent(one.person_id, kept[0].thread_id, f"{subject}\n{text}" if kept[0].flags else "")


def _said(visit: Visit, kept: list[Sent], _: object) -> str:
    return visit.t("compose.sent_again" if kept[0].again else "compose.sent_danger" if kept[0].flags else "compose.sent")


def offices_now(visit: Visit) -> Offices:
    """How the team's hours stand at this moment."""
    return thread_hours.now_there(visit.ports, visit.who)
