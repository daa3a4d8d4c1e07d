"""This is the place where an error reaches a person: what happened, what to do now, and a reference; never a traceback."""

from __future__ import annotations

import streamlit as st

from core.errors import HealthboardError
from core.incidents import note
from core.ui.markup import box
from core.ui.sentences import error_words
from core.ui.session import Visit
from core.ui.words import FIRST, Words, words

EXPECTED = frozenset({"not_permitted", "not_found", "sign_in_refused", "bad_input", "file_refused", "conflict", "cancelled"})
"""Errors that are answers rather than incidents: they are said, not logged."""


def tell(t: Words, error: HealthboardError) -> None:
    """Say an error of ours in place. Incidents get a reference by which support finds them in the log."""
    happened, do_now = error_words(t, error)
    expected = bool({cls.__dict__.get("code") for cls in type(error).__mro__} & EXPECTED)
    reference = "" if expected else t("error.reference", code=note(error))
    st.html(box("unknown" if expected else "soon", happened, do_now, reference))


def show(error: Exception) -> bool:
    """Say an error of the program itself (the hook of st.App). True: it has been dealt with."""
    visit = st.session_state.get("hb.visit")
    t = visit.t if isinstance(visit, Visit) else words(FIRST)
    if isinstance(error, HealthboardError):
        tell(t, error)
    else:
        st.html(box("soon", t("error.internal"), t("error.internal.next"), t("error.reference", code=note(error))))
    return True
