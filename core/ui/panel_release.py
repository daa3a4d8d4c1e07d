"""This is the place where counts that leave the team are asked for and shown: what a release costs, its tables, and the ledger of all that left."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.care import panel_outside
from core.care.panel_views import OutsideView, SpendingView
from core.panel.noise import within
from core.panel.privacy import Release
from core.panel.terms import OUTSIDE
from core.ui import panel_tables
from core.ui.changing import tried
from core.ui.markup import Cell, h2, note, table
from core.ui.session import Visit

CHOICES = (0.5, 1.0, 2.0)
_SHOWN = "hb.panel_release"


def chosen(view: SpendingView) -> Release | None:
    """The release that was picked or just made, else the newest."""
    return next((one for one in view.releases if one.release_id == st.session_state.get(_SHOWN)), next(iter(view.releases), None))


def ask(visit: Visit, view: SpendingView) -> None:
    """Choose whom and how much; what it costs stands in the button."""
    t = visit.t
    names = {"": t("panel_counts.everybody"), **dict(view.panels)}
    with st.container(key="card_panel_ask"):
        panel_id = st.selectbox(
            t("panel_counts.who"), list(names), format_func=names.__getitem__, key="panel_counts_who", width=360
        )
        epsilon = st.segmented_control(
            t("panel_counts.epsilon"),
            CHOICES,
            default=1.0,
            format_func=lambda one: t("panel_counts.choice", epsilon=one, within=_within(one)),
            key="panel_counts_epsilon",
            required=True,
        )
        st.button(
            t("panel_counts.release", epsilon=epsilon or 1.0),
            key="panel_counts_release",
            type="primary",
            on_click=_release,
            args=(visit, panel_id or "", epsilon or 1.0),
        )


def counts(visit: Visit, view: SpendingView, shown: Release) -> str:
    """One release: what it is, and its tables."""
    t, each = visit.t, shown.each / 1000
    said = t(
        "panel_counts.of", who=_who(visit, view, shown), when=t.moment(shown.at), within=within(each), epsilon=shown.cost / 1000
    )
    return (
        h2(t("panel_counts.shown"))
        + note(said)
        + note(t("panel_counts.below_nought"))
        + panel_tables.tables(t, shown.counts, within(each))
    )


def ledger(visit: Visit, view: SpendingView, shown: Release) -> None:
    """Everything that left, with what it cost; any of it can be looked at again for nothing."""
    t = visit.t
    heads = tuple(t("panel_counts." + one) for one in ("when", "by", "about_whom", "cost", "quarter"))
    rows = [
        (
            Cell(t.moment(one.at)),
            Cell(one.by),
            Cell(_who(visit, view, one)),
            Cell(t.number(one.cost / 1000), number=True),
            Cell(one.quarter),
        )
        for one in view.releases
    ]
    st.html(
        h2(t("panel_counts.ledger"), t.number(len(view.releases)))
        + note(t("panel_counts.ledger_about"))
        + table(t("panel_counts.ledger"), heads, rows, (3,))
    )
    if len(view.releases) > 1:
        known = {one.release_id: t("panel_counts.one", when=t.moment(one.at), who=_who(visit, view, one)) for one in view.releases}
        st.selectbox(
            t("panel_counts.look_again"),
            list(known),
            list(known).index(shown.release_id),
            format_func=known.__getitem__,
            key="panel_counts_again",
            on_change=_again,
        )


def _who(visit: Visit, view: SpendingView, one: Release) -> str:
    return visit.t("panel_counts.everybody") if not one.scope else dict(view.panels).get(one.scope, visit.t("panel_counts.gone"))


def _within(epsilon: float) -> int:
    return within(epsilon / len(OUTSIDE))


def _again() -> None:
    st.session_state[_SHOWN] = st.session_state["panel_counts_again"]


def _release(visit: Visit, panel_id: str, epsilon: float) -> None:
    def said(view: OutsideView) -> str:
        st.session_state[_SHOWN] = view.release.release_id
        return visit.t("panel_counts.again" if view.again else "panel_counts.released")

    tried(said, partial(panel_outside.release, visit.ports, visit.who, panel_id, epsilon), "panel_counts_release")
