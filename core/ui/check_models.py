"""This is the place where a model is shown as it works here: on or off, how often clinicians agree with it, and whether what it is sent has changed."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.care import check_models
from core.care.check_views import Agreement, Drift, ModelLine
from core.ui import check_card
from core.ui.changing import attempt
from core.ui.markup import Cell, h2, h3, note, table, tag
from core.ui.session import Visit
from core.ui.words import Words

STABLE, MOVED = 0.1, 0.25
"""Population stability index: under the first stable, above the second moved (Siddiqi 2006)."""


def draw(visit: Visit, line: ModelLine) -> None:
    """One model."""
    t = visit.t
    with st.container(key=f"card_model_{line.kind}"):
        st.html(h2(t("check_kind." + line.kind), check_card.text(t, line.card.name) if line.card else "") + f'<div class="marks">{status(t, line)}</div>')
        if line.card is None:
            st.html(note(t("models.no_card")))
            switch(visit, line)
            return
        switch(visit, line)
        st.html(report(t, line))
        with st.expander(t("models.card"), key=f"model_card_{line.kind}"):
            st.html(check_card.whole(t, line.card))
            if line.card.attributes:
                st.html(h3(t("model_card.attributes")) + check_card.statements(t, line.card))


def status(t: Words, line: ModelLine) -> str:
    """On, off, or without an answer; research or not."""
    on = tag(t("models.on"), "check", "accent") if line.on else tag(t("models.off"), "unknown", "unknown")
    broken = tag(t("check_none." + line.why), "soon", "soon") if line.why == "model_unavailable" else ""
    research = tag(t("photo.research"), "demo", "watch") if line.card and line.card.research else ""
    return " ".join(one for one in (on, broken, research) if one)


def switch(visit: Visit, line: ModelLine) -> None:
    """The administrator's switch; what it does stands beside it."""
    t = visit.t
    if not line.may_switch:
        if not line.on:
            st.html(note(t("models.off_note")))
        return
    do = partial(check_models.switch, visit.ports, visit.who, line.kind, not line.on)
    label = t("models.switch_off" if line.on else "models.switch_on")
    said = t("models.switched_off" if line.on else "models.switched_on", name=t("check_kind." + line.kind))
    st.button(label, key=f"model_switch_{line.kind}", icon=":material/toggle_off:" if line.on else ":material/toggle_on:", on_click=attempt, args=(said, do, f"model_switch_{line.kind}"))
    st.html(note(t("models.switch_off_note" if line.on else "models.switch_on_note")))


def report(t: Words, line: ModelLine) -> str:
    """The live report card; empty places say what will stand there."""
    parts = [h3(t("models.live"), t("models.checks", n=line.checks))]
    parts.append(_declined(t, line))
    decided = [one for one in line.agreement if one.decided]
    if decided:
        parts.append(h3(t("models.agreement")) + note(t("models.agreement_note")) + agreement(t, decided))
    else:
        parts.append(note(t("models.nothing_decided")))
    if line.drift:
        parts.append(h3(t("models.drift")) + note(t("models.drift_note")) + drift(t, line.drift))
    return "".join(parts)


def agreement(t: Words, found: list[Agreement]) -> str:
    rows = [(Cell(check_card.group(t, one.of)), Cell(t("models.agreed", agreed=one.agreed, n=one.decided), number=True), Cell(_share(t, one), number=True)) for one in found]
    return table(t("models.agreement"), (t("model_card.of"), t("models.decided"), t("models.share")), rows, (1, 2))


def drift(t: Words, found: tuple[Drift, ...]) -> str:
    rows = [
        (
            Cell(t("models.measure." + one.measure)), Cell(t("models.first_latest", first=one.first, latest=one.latest)),
            Cell("–" if one.index is None else t.number(one.index, 2), number=True), Cell("", html=_moved(t, one)),
        )
        for one in found
    ]  # fmt: skip
    return f'<div class="wordy">{table(t("models.drift"), (t("models.measure"), t("models.rests_on"), t("models.index"), t("models.reading")), rows, (2,))}</div>'


def _moved(t: Words, one: Drift) -> str:
    """An index as a word with its state: too few, stable, shifting, moved."""
    if one.index is None:
        return tag(t("models.drift_few"), "unknown", "unknown")
    if one.index < STABLE:
        return tag(t("models.drift_stable"), "fine", "fine")
    return tag(t("models.drift_some"), "watch", "watch") if one.index <= MOVED else tag(t("models.drift_moved"), "soon", "soon")


def _share(t: Words, one: Agreement) -> str:
    if one.share is None or one.low is None or one.high is None:
        return "–"
    return t("models.share_said", share=_percent(t, one.share), low=_percent(t, one.low), high=_percent(t, one.high))


def _percent(t: Words, share: float) -> str:
    return t.number(share * 100, 0)


def _declined(t: Words, line: ModelLine) -> str:
    if not line.checks:
        return note(t("models.no_checks"))
    said = [t("models.declined", why=t("check_none." + why), n=count) for why, count in line.declined.items() if count]
    return note(t("list.comma").join(said)) if said else note(t("models.none_declined"))
