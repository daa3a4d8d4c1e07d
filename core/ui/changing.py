"""This is the place where a change that a person asks for is tried: made and said, or refused with a reason that the next drawing shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.errors import HealthboardError
from core.ui import shell
from core.ui.incident import tell
from core.ui.words import Words

_REFUSED = "hb.refused"


def tried(said: str | Callable[[Any], str], do: Callable[[], object], focus: str = "") -> bool:
    """Make the change; whether it was made. `said` may depend on what came of it; `focus` is the key of the control that has the focus afterwards."""
    st.session_state.pop(_REFUSED, None)
    try:
        done = do()
    except HealthboardError as error:
        st.session_state[_REFUSED] = error
        return False
    shell.say(said if isinstance(said, str) else said(done), focus)
    return True


def attempt(said: str | Callable[[Any], str], do: Callable[[], object], focus: str = "") -> None:
    """The same as what a button does."""
    tried(said, do, focus)


def refused(t: Words) -> None:
    """Why the last change was not made, once."""
    if isinstance(error := st.session_state.pop(_REFUSED, None), HealthboardError):
        tell(t, error)
