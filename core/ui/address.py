"""This is the place where choices on a page and its address agree: as stable codes, so that a bookmark survives a translation.

(Streamlit's own binding writes the visible labels into the address.) An address holds codes only, nothing of a person.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

_SEEN, _KEPT = "hb.address.", "hb.choice."


def before(name: str, options: Sequence[str], default: str) -> None:
    """Give the widget with this key its value before it is drawn: what the address newly says, else what was chosen last."""
    state, asked = st.session_state, st.query_params.get(name, "")
    if name not in state:
        state[name] = asked or state.get(_KEPT + name, default)
    elif asked != state.get(_SEEN + name, ""):
        state[name] = asked or default  # somebody went back, or typed another address
    if state[name] not in options:
        state[name] = default


def after(name: str, chosen: str | None, default: str) -> str:
    """Write the choice into the address (the default needs no mention) and remember it for the next visit of the page."""
    value = default if chosen is None else chosen
    wanted = "" if value == default else value
    if st.query_params.get(name, "") != wanted:
        if wanted:
            st.query_params[name] = wanted
        else:
            del st.query_params[name]
    st.session_state[_SEEN + name] = wanted
    st.session_state[_KEPT + name] = value
    return value
