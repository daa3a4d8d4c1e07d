"""This is the place where each record gets its plain-language line: a catalogue key with facts, never a judgement of our own."""

from __future__ import annotations

from datetime import datetime

from core.care.views import Fact
from core.domain.records import Item, Record, Standing, Value
from core.domain.time import PartialTime

_STANDING = {
    Standing.QUARANTINED: "plain.quarantined",
    Standing.RETRACTED: "plain.retracted",
    Standing.SUPERSEDED: "plain.superseded",
    Standing.RAW: "plain.kept_raw",
}
_UNSURE = frozenset({"unconfirmed", "provisional", "differential"})
_RAISED = frozenset({"H", "HH", "HU", ">"})
_LOWERED = frozenset({"L", "LL", "LU", "<"})
_OVER = frozenset({"resolved", "remission", "inactive"})


def plain_of(record: Record, now: datetime) -> Fact:
    """What a record means, in a line. Fact("") where there is nothing to add to its title."""
    if record.standing in _STANDING:
        return Fact(_STANDING[record.standing])
    item = record.item
    if item.see_original:
        return Fact("plain.see_original")
    match item.kind:
        case "Observation":
            return _observation(item)
        case "Condition":
            return _condition(item)
        case "AllergyIntolerance":
            return _allergy(item)
        case "MedicationRequest" | "MedicationStatement":
            return _medicine(item, now)
        case "Immunization":
            return Fact("plain.vaccine_not_given" if item.status == "not-done" else "plain.vaccine_given")
        case "Appointment":
            return _appointment(item, now)
    return Fact(f"plain.{item.status.replace('-', '_')}") if item.status in ("cancelled", "not-done") else Fact("")


def _observation(item: Item) -> Fact:
    judged = [_against_range(value) for value in item.values if not value.problem]
    said = [fact for fact in judged if fact.code]
    if len(item.values) == 1 and item.values[0].absent:
        return Fact("plain.not_measured")
    outside = next((fact for fact in said if fact.code not in ("plain.in_range", "plain.said_normal")), None)
    return outside or next(iter(said), Fact(""))


def _against_range(value: Value) -> Fact:
    """Against the range that came with the value; else in the laboratory's own word."""
    facts: dict[str, str | int | float] = {"unit": value.unit}
    if value.low is not None:
        facts["low"] = value.low
    if value.high is not None:
        facts["high"] = value.high
    word = value.interpretation.strip().upper()
    if value.number is not None and not value.bound and len(facts) > 1:
        if value.high is not None and value.number > value.high:
            return Fact("plain.above_range", facts)
        if value.low is not None and value.number < value.low:
            return Fact("plain.below_range", facts)
        return Fact("plain.in_range", facts)
    if word in _RAISED:
        return Fact("plain.said_high")
    if word in _LOWERED:
        return Fact("plain.said_low")
    if word in ("A", "AA", "POS"):
        return Fact("plain.said_abnormal")
    return Fact("plain.said_normal") if word in ("N", "NEG") else Fact("")


def _condition(item: Item) -> Fact:
    if item.verification == "refuted":
        return Fact("plain.condition_refuted")
    if item.verification in _UNSURE:
        return Fact("plain.condition_unsure")
    if item.status in _OVER or item.end:
        return Fact("plain.condition_over_since", {"end": item.end}) if item.end else Fact("plain.condition_over")
    return Fact("plain.condition_since", {"since": item.start}) if item.start else Fact("plain.condition_present")


def _allergy(item: Item) -> Fact:
    detail = dict(item.detail)
    if item.verification == "refuted":
        return Fact("plain.allergy_refuted")
    if item.status in _OVER:
        return Fact("plain.allergy_over")
    if detail.get("criticality") == "high":
        return Fact("plain.allergy_severe")
    return Fact("")


def medicine_now(item: Item, now: datetime) -> str:
    """ "current", "stopped", "planned", "on_hold" or "unknown": by the status, and by the times where they say more."""
    start, end = PartialTime.parse(item.start), PartialTime.parse(item.end)
    if item.status in ("stopped", "completed", "cancelled", "not-taken", "entered-in-error", "ended"):
        return "stopped"
    if item.status == "on-hold":
        return "on_hold"
    if item.status in ("draft", "intended"):
        return "planned"
    if item.status not in ("active", "recorded"):
        return "unknown"
    if end is not None and end.until <= now:
        return "stopped"
    return "planned" if start is not None and start.earliest > now else "current"


def _medicine(item: Item, now: datetime) -> Fact:
    state = medicine_now(item, now)
    if state == "current" and item.start:
        return Fact("plain.medicine_since", {"since": item.start})
    if state == "stopped" and item.end:
        return Fact("plain.medicine_until", {"until": item.end})
    return Fact(f"plain.medicine_{state}")


def _appointment(item: Item, now: datetime) -> Fact:
    if item.status in ("cancelled", "noshow"):
        return Fact("plain.cancelled")
    start = PartialTime.parse(item.start)
    return Fact("plain.appointment_ahead") if start is not None and start.until > now else Fact("plain.appointment_past")
