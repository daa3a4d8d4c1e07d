"""This is the place where a person writes a note at a moment of a chart, and takes it back."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.care import alerts
from core.care.access import Action, require
from core.domain.people import Actor
from core.domain.samples import Note
from core.domain.signals import SIGNALS
from core.emergency.matching import flags_in
from core.errors import BadInput
from core.ports import Ports
from core.trends.columns import ns

KINDS = ("note", "symptom", "visit")
MOST_LETTERS = 280
MOST_NOTES = 2000
_AHEAD = timedelta(days=366)


def add(ports: Ports, actor: Actor, person_id: str, at: datetime, note: Note) -> str:
    """Keep what the person wrote for this moment; answers the note's id. Raises BadInput for an empty or too long text, an unknown
    kind or signal, a moment more than a year ahead, or too many notes. Words that speak of danger raise an alert at once."""
    grant = require(ports, actor, Action.EDIT_SERIES, person_id)
    text = " ".join(note.text.split())
    if not text:
        raise BadInput("note_empty", place="text", need="some words")
    if len(text) > MOST_LETTERS:
        raise BadInput("note_too_long", place="text", need=MOST_LETTERS)
    if note.kind not in KINDS:
        raise BadInput(place="kind", need=" ".join(KINDS))
    if note.signal and note.signal not in SIGNALS and note.signal != "blood_pressure":
        raise BadInput("unknown_signal", place="signal", need="a key of the table of signals")
    if at.tzinfo is None or at > ports.clock.now() + _AHEAD or at.year < 1900:
        raise BadInput("note_when", place="at", need="a moment with its zone, at most a year ahead")
    if len(ports.store.notes(person_id, grant.event("notes"))) >= MOST_NOTES:
        raise BadInput("too_many_notes", place="notes", need=MOST_NOTES)
    note_id = ports.store.add_note(person_id, Note("", ns(at), text, note.kind, note.signal), grant.event("note"))
    if flags := flags_in(text):
        alerts.raise_flag(ports, actor, person_id, flags, f"note:{note_id}")
    return note_id


def remove(ports: Ports, actor: Actor, person_id: str, note_id: str) -> None:
    """Take a note back. Raises NotFound."""
    grant = require(ports, actor, Action.EDIT_SERIES, person_id)
    ports.store.remove_note(person_id, note_id, grant.event(note_id))
