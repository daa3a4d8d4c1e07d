"""This is the place where the keyboard knows whom it works on: one marked person of the page, and the keys for what can be done about them.

Streamlit gives the letters R and C to itself; the others are ours. In a field of text they are letters again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.care.worklist_views import WorkLine
from core.ui import shell
from core.ui.markup import note
from core.ui.session import Visit

_AT, _PLACE = "hb.worklist_at", "hb.worklist_place"
KEYS: Mapping[str, str] = {
    "next": "j",
    "previous": "k",
    "open": "o",
    "seen": "v",
    "note": "n",
    "plan": "t",
    "message": "m",
    "undo": "u",
}


def marked(lines: Sequence[WorkLine]) -> str:
    """Whose card the keys work on: the one that was marked last, else whoever stands in that one's place now."""
    ids = [one.person_id for one in lines]
    if not ids:
        return ""
    at = st.session_state.get(_AT, "")
    if at not in ids:
        at = ids[min(int(st.session_state.get(_PLACE, 0)), len(ids) - 1)]
    st.session_state[_AT], st.session_state[_PLACE] = at, ids.index(at)
    return str(at)


def mark(person_id: str) -> None:
    if person_id:
        st.session_state[_AT] = person_id


def key_of(act: str, person_id: str, at: str) -> str | None:
    """The key of an act, on the marked card alone: a key does one thing."""
    return KEYS[act] if person_id == at else None


def tools(visit: Visit, lines: Sequence[WorkLine], at: str) -> None:
    """On to the next person and back, and what the keys are."""
    t, ids = visit.t, [one.person_id for one in lines]
    place = ids.index(at)
    with st.container(key="tools_wl_keys", horizontal=True, vertical_alignment="center"):
        st.button(
            t("worklist.next"), key="wl_next", icon=":material/keyboard_arrow_down:", shortcut=KEYS["next"], disabled=place + 1 >= len(ids),
            on_click=_go, args=(visit, lines, min(place + 1, len(ids) - 1)),
        )  # fmt: skip
        st.button(
            t("worklist.previous"), key="wl_previous", icon=":material/keyboard_arrow_up:", shortcut=KEYS["previous"], disabled=not place,
            on_click=_go, args=(visit, lines, max(place - 1, 0)),
        )  # fmt: skip
        with st.popover(t("worklist.keys_title"), icon=":material/keyboard:", key="wl_keys"):
            st.html(note(t("worklist.keys_at", name=lines[place].name or t("person.no_name"))) + note(t("worklist.keys_list")))


def _go(visit: Visit, lines: Sequence[WorkLine], place: int) -> None:
    line = lines[place]
    mark(line.person_id)
    shell.say(line.name or visit.t("person.no_name"), f"wl_open_{line.person_id}")
