"""This is the place where a person writes a note at a day of the chart: the day that was clicked, or any other; and takes it back."""

from __future__ import annotations

from datetime import UTC, datetime, time, tzinfo
from html import escape

import streamlit as st

from core.care import notes
from core.care.access import Action
from core.care.picture_views import Happening, Picture
from core.care.series import zone_named
from core.domain.samples import Note
from core.emergency.matching import flags_in
from core.errors import HealthboardError
from core.ui import help_signs, shell
from core.ui.chart_tools import instant_of
from core.ui.incident import tell
from core.ui.session import Reading, Visit

_MOMENT, _WORRYING = "hb.moment", "hb.note_worrying"
MOST_SHOWN = 12


def clock(visit: Visit, picture: Picture) -> tzinfo:
    """The clock of the axis: the person's, else the reader's."""
    return zone_named(picture.zone) or visit.t.zone


def clicked(visit: Visit, picture: Picture, wall_ms: float) -> None:
    """Remember the day that was clicked."""
    try:
        at = instant_of(wall_ms, clock(visit, picture))
    except (ValueError, OverflowError, OSError):
        return
    if picture.start <= at <= picture.end:
        st.session_state[_MOMENT] = (picture.query, at)


def row(visit: Visit, reading: Reading, picture: Picture) -> None:
    """What was clicked, and the button that opens the dialog. The place is always there, so that nothing jumps."""
    if not visit.may(Action.EDIT_SERIES):
        return
    t = visit.t
    kept = st.session_state.get(_MOMENT)
    at = kept[1] if isinstance(kept, tuple) and kept[0].signals == picture.query.signals else None
    with st.container(key="line_note", horizontal=True):
        here = clock(visit, picture)
        hint = t("trends.clicked", when=at.astimezone(here).date()) if at else t("trends.click_hint")
        st.html(f'<p class="note">{escape(hint)}</p>')
        if st.button(t("trends.add_note"), key="trend_note", icon=":material/edit_note:"):
            write(visit, reading, picture, at or picture.made_at)
    mine = [one for one in picture.happenings if one.note_id]
    if mine:
        with st.expander(t("trends.notes", n=len(mine)), key="trend_notes"):
            for one in reversed(mine[-MOST_SHOWN:]):
                _one(visit, reading, one)


def write(visit: Visit, reading: Reading, picture: Picture, at: datetime) -> None:
    """The dialog."""
    t, here = visit.t, clock(visit, picture)

    @st.dialog(t("trends.add_note"))
    def opened() -> None:
        if help_signs.found(visit, reading.person_id, str(st.session_state.get(_WORRYING, ""))):
            return  # it is kept; what matters now are the numbers
        local = at.astimezone(here)
        day = st.date_input(t("trends.note_day"), local.date(), max_value=picture.made_at.astimezone(here).date(), key="note_day")
        hour = st.time_input(t("trends.note_time"), time(local.hour, local.minute // 15 * 15), key="note_time")
        kind = st.segmented_control(t("trends.note_kind"), notes.KINDS, default="note", format_func=lambda code: t("trends.event_" + code), key="note_kind", required=True)
        text = st.text_area(t("trends.note_text"), key="note_text", max_chars=notes.MOST_LETTERS, placeholder=t("trends.note_hint"))
        if st.button(t("trends.note_keep"), type="primary", key="note_keep", width="stretch"):
            moment = datetime.combine(day, hour, here).astimezone(UTC)
            try:
                notes.add(visit.ports, visit.who, reading.person_id, moment, Note("", 0, text, kind or "note"))
            except HealthboardError as error:
                tell(t, error)
                return
            shell.say(t("trends.note_kept"))
            st.session_state[_WORRYING] = text if flags_in(text) else ""
            st.rerun(scope="fragment" if st.session_state[_WORRYING] else "app")

    st.session_state.pop(_WORRYING, None)
    opened()


def _one(visit: Visit, reading: Reading, one: Happening) -> None:
    t = visit.t
    with st.container(key=f"line_{one.note_id}", horizontal=True):
        when = datetime.fromtimestamp(one.at / 1e9, UTC).date()
        said = t("trends.note_line", when=t.day(when), kind=t("trends.event_" + one.kind), text=one.text)
        st.html(f'<p class="note">{escape(said)}</p>')
        st.button(t("trends.note_remove"), key=f"remove_{one.note_id}", icon=":material/delete:", on_click=_remove, args=(visit, reading, one.note_id))


def _remove(visit: Visit, reading: Reading, note_id: str) -> None:
    try:
        notes.remove(visit.ports, visit.who, reading.person_id, note_id)
    except HealthboardError as error:
        tell(visit.t, error)
        return
    shell.say(visit.t("trends.note_removed"))

