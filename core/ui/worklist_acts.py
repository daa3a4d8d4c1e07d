"""This is the place where what a coordinator does on the worklist is sent back: opened, looked at, with a note, undone, and on to the next."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.care import people, worklist
from core.care.worklist_views import WorkLine, WorklistShelf
from core.ui import worklist_cards as cards
from core.ui import worklist_keys, worklist_message, worklist_plan
from core.ui.changing import refused, tried
from core.ui.session import Visit, choose_person, here

_SHELF, _NOTING, _NOTE = "hb.worklist", "hb.worklist_note", "worklist_note"


def shelf() -> WorklistShelf:
    """What this session has read; it goes with the session."""
    kept = st.session_state.get(_SHELF)
    if not isinstance(kept, WorklistShelf):
        kept = st.session_state[_SHELF] = WorklistShelf()
    return kept


def buttons(visit: Visit, line: WorkLine, lines: Sequence[WorkLine], at: str) -> None:
    """What can be done about one person; on the marked card by a key, too."""
    t, person_id, name = visit.t, line.person_id, line.name or visit.t("person.no_name")
    key = partial(worklist_keys.key_of, person_id=person_id, at=at)
    with st.container(key=f"tools_wl_{person_id}", horizontal=True):
        if st.button(
            t("worklist.open"),
            key=f"wl_open_{person_id}",
            help=name,
            icon=":material/person:",
            disabled=not line.revision,
            shortcut=key("open"),
        ):
            opened = people.open_person(visit.ports, visit.who, person_id)
            choose_person(opened.person_id, opened.name)
            st.switch_page(visit.pages["overview"])
        if not line.revision:
            return
        st.button(
            t("worklist.reviewed"), key=f"wl_seen_{person_id}", help=name, icon=":material/check:", on_click=reviewed, args=(visit, line, lines),
            shortcut=key("seen"),
        )  # fmt: skip
        st.button(
            t("worklist.with_note"), key=f"wl_note_{person_id}", help=name, icon=":material/edit_note:", on_click=begin, args=(person_id,),
            shortcut=key("note"),
        )  # fmt: skip
        st.button(
            t("worklist.plan"), key=f"wl_plan_{person_id}", help=name, icon=":material/assignment:", on_click=worklist_plan.begin, args=(person_id,),
            shortcut=key("plan"),
        )  # fmt: skip
        st.button(
            t("worklist.message"), key=f"wl_message_{person_id}", help=name, icon=":material/forward_to_inbox:", on_click=worklist_message.begin,
            args=(person_id,), shortcut=key("message"),
        )  # fmt: skip
        if line.look is not None:
            st.button(
                t("worklist.undo"), key=f"wl_undo_{person_id}", help=name, type="tertiary", icon=":material/undo:", on_click=undo, args=(visit, line),
                shortcut=key("undo"),
            )  # fmt: skip


def look(visit: Visit, line: WorkLine, note: str) -> bool:
    """Marked as looked at: exactly the reasons that are on the screen."""
    stays = any(one.stays and not one.known for one in line.reasons)
    said = visit.t(
        "worklist.said_reviewed_stays" if stays else "worklist.said_reviewed", name=line.name or visit.t("person.no_name")
    )
    return tried(said, partial(worklist.review, visit.ports, visit.who, line.person_id, [one.mark for one in line.reasons], note))


def reviewed(visit: Visit, line: WorkLine, lines: Sequence[WorkLine]) -> None:
    if look(visit, line, ""):
        worklist_keys.mark(following(line, lines))


def undo(visit: Visit, line: WorkLine) -> None:
    if line.look is not None:
        said = visit.t("worklist.said_undone", name=line.name or visit.t("person.no_name"))
        tried(said, partial(worklist.undo, visit.ports, visit.who, line.person_id, line.look.look_id))


def begin(person_id: str) -> None:
    close()
    worklist_keys.mark(person_id)
    st.session_state[_NOTING] = person_id


def close() -> None:
    for key in (_NOTING, _NOTE):
        st.session_state.pop(key, None)


def dialog(visit: Visit, lines: Sequence[WorkLine]) -> None:
    """The dialog with the note, while it is open."""
    line = next((one for one in lines if one.person_id == st.session_state.get(_NOTING)), None)
    if line is not None:
        st.dialog(line.name or visit.t("person.no_name"), width="medium", on_dismiss=close)(form)(line, tuple(lines))


def form(line: WorkLine, lines: tuple[WorkLine, ...]) -> None:
    """Every reason, a note, and on to the next person of the page."""
    visit = here()
    t = visit.t
    if st.session_state.get(_NOTING) != line.person_id:
        st.rerun()  # saved: the dialog is over, or it is the next person's
    st.html(cards.rules(visit, line) if line.reasons else cards.card(visit, line))
    refused(t)
    with st.form(f"wl_form_{line.person_id}", border=False):  # in a form Ctrl+Enter within the text is the first button
        st.text_area(t("worklist.note"), key=_NOTE, max_chars=1000)
        with st.container(key="tools_wl_note", horizontal=True):
            st.form_submit_button(
                t("worklist.save_next"), key="wl_save_next", type="primary", icon=":material/arrow_forward:", on_click=save,
                args=(visit, line, following(line, lines)),
            )  # fmt: skip
            st.form_submit_button(t("worklist.save"), key="wl_save", icon=":material/check:", on_click=save, args=(visit, line, ""))


def following(line: WorkLine, lines: Sequence[WorkLine]) -> str:
    """Who comes after this person on the page, "" where nobody does."""
    ids = [one.person_id for one in lines]
    at = ids.index(line.person_id)
    return ids[at + 1] if at + 1 < len(ids) else ""


def save(visit: Visit, line: WorkLine, after: str) -> None:
    note = " ".join(str(st.session_state.get(_NOTE, "")).split())
    if look(visit, line, note):
        close()
        if after:
            st.session_state[_NOTING] = after
            worklist_keys.mark(after)
