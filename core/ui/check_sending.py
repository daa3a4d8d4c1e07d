"""This is the place where it is held what a person is about to send: for this browser session only, of one person, nothing kept before it is sent."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from core.care.check_views import Looked
from core.domain.checks import CheckKind, KeptCheck
from core.ui import shell
from core.ui.check_body import Where
from core.ui.session import Visit

OPEN, TURN = "hb.photo", "hb.checks_turn"
STEPS = ("where", "photo", "about")
_PARTS = ("photo_", "ask_symptom_")
"""How the keys of the fields begin."""


@dataclass(frozen=True)
class Sending:
    """What is about to be sent. `spot_id` "": a new place, `where`. `answers`: the check that asked for another photo; `kept`: it was sent."""

    person_id: str
    kind: CheckKind
    step: str = "where"
    spot_id: str = ""
    where: Where | None = None
    label: str = ""
    looked: Looked | None = None
    answers: str = ""
    kept: KeptCheck | None = None


def opened(person_id: str) -> Sending | None:
    """What is open of this person, and of nobody else."""
    found = st.session_state.get(OPEN)
    return found if isinstance(found, Sending) and found.person_id == person_id else None


def begin(visit: Visit, sending: Sending) -> None:
    """Start; a photo of a spot that is known begins with the photo."""
    close()
    st.session_state[OPEN] = replace(sending, step="photo" if sending.spot_id else "where")
    shell.say(visit.t("photo.begun"), focus="photo_back")


def close() -> None:
    """Nothing of what was begun stays in this session."""
    for key in [key for key in st.session_state if str(key).startswith(_PARTS)]:
        del st.session_state[key]
    st.session_state.pop(OPEN, None)


def change(**fields: object) -> None:
    """Change what is open, if anything is."""
    found = st.session_state.get(OPEN)
    if isinstance(found, Sending):
        st.session_state[OPEN] = replace(found, **fields)  # type: ignore[arg-type]


def back(sending: Sending) -> None:
    """One step back, or out."""
    at = STEPS.index(sending.step)
    if sending.kept is not None or at == 0 or (at == 1 and sending.answers):
        close()
    else:
        change(step=STEPS[at - 1])


def bump() -> None:
    """Something about checks changed: what this session holds of them is old."""
    st.session_state[TURN] = int(st.session_state.get(TURN, 0)) + 1


def turn() -> int:
    return int(st.session_state.get(TURN, 0))
