"""This is the place where a logged dose becomes a FHIR R4 MedicationAdministration. Pure: what the person said, as they said it; nothing is added."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from core.domain.codes import UCUM, Concept
from core.domain.doses import DoseState, KeptDose

REASONS = ("side_effects", "forgot", "ran_out", "felt_well", "felt_ill", "told_to_stop", "cost", "asleep", "away", "other")
"""Why a dose was skipped (`skip.<code>`). House list."""
REASON_SYSTEM = "urn:healthboard:skip-reason"
_REASON_TEXTS: Mapping[str, str] = {
    "side_effects": "Side effects", "forgot": "Forgot", "ran_out": "Ran out", "felt_well": "Felt well", "felt_ill": "Felt ill",
    "told_to_stop": "Was told to stop", "cost": "Cost", "asleep": "Asleep", "away": "Away", "other": "Other",
}  # fmt: skip
_UCUM: Mapping[str, str] = {"mg": "mg", "g": "g", "ug": "ug", "mL": "mL", "ml": "mL", "L": "L", "[iU]": "[iU]", "mmol": "mmol", "mol": "mol", "meq": "meq"}
_NO_ID = re.compile(r"[^A-Za-z0-9.-]")


@dataclass(frozen=True, slots=True)
class About:
    """What is known beside the dose: the medicine's codes, the patient and the order as references ("Patient/1", "https://a.example/MedicationRequest/9"),
    each "" where there is no such record."""

    concept: Concept
    subject: str = ""
    order: str = ""


def administration(dose: KeptDose, about: About) -> dict[str, Any] | None:
    """The resource; None for a dose nobody said anything about, since nothing is known of it."""
    if dose.state not in (DoseState.TAKEN, DoseState.SKIPPED) or dose.answer is None:
        return None
    taken = dose.state is DoseState.TAKEN
    made: dict[str, Any] = {
        "resourceType": "MedicationAdministration",
        "id": _NO_ID.sub("-", dose.dose_id)[:64],
        "status": "completed" if taken else "not-done",
        "medicationCodeableConcept": _concept(about.concept, dose.planned.title),
        "subject": {"reference": about.subject} if about.subject else {"display": "the person this record is about"},
        "effectiveDateTime": _when(dose),
    }
    if not taken:
        made["statusReason"] = [_reason(dose.answer.reason)] if dose.answer.reason else []
    if "MedicationRequest/" in about.order:
        made["request"] = {"reference": about.order}
    amount = dose.answer.amount or dose.planned.amount
    if taken and amount is not None and amount[0] == amount[1]:
        made["dosage"] = {**({"text": dose.planned.text} if dose.planned.text else {}), "dose": _quantity(amount)}
    if dose.answer.text:
        made["note"] = [{"text": dose.answer.text}]
    return {key: value for key, value in made.items() if value != []}


def _when(dose: KeptDose) -> str:
    """When it was taken, with the offset of where the person was; only the day where nobody said when. Of one that was skipped, when it was due."""
    at = dose.answer.taken_at if dose.answer is not None and dose.state is DoseState.TAKEN else dose.planned.at
    there = (at or dose.planned.at).astimezone(ZoneInfo(dose.planned.zone) if dose.planned.zone else UTC)
    return there.isoformat(timespec="seconds") if at is not None else there.date().isoformat()


def _concept(concept: Concept, title: str) -> dict[str, Any]:
    codings = [
        {key: value for key, value in (("system", one.system), ("code", one.code), ("display", one.display)) if value} for one in concept.codings if one.code
    ]  # fmt: skip
    return {**({"coding": codings} if codings else {}), "text": concept.title or title or "unknown"}


def _reason(code: str) -> dict[str, Any]:
    said = _REASON_TEXTS.get(code)
    return {"coding": [{"system": REASON_SYSTEM, "code": code, "display": said}], "text": said} if said else {"text": code}


def _quantity(amount: tuple[float, float, str]) -> dict[str, Any]:
    value: dict[str, Any] = {"value": int(amount[0]) if amount[0] == int(amount[0]) else amount[0]}
    if amount[2]:
        value["unit"] = amount[2]
    if amount[2] in _UCUM:
        value |= {"system": UCUM, "code": _UCUM[amount[2]]}
    return value
