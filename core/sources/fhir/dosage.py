"""This is the place where how to take a medicine is written down: the source's text, else its structured parts in short."""

from __future__ import annotations

from typing import Any

from core.sources.fhir.concepts import concept_of
from core.sources.fhir.foreign import Node, Notes, clean, leaves, node_of, nodes_of, text_of
from core.sources.fhir.sheet import Sheet
from core.sources.fhir.times import amount_words
from core.sources.fhir.wording import joined, words_of

_MANY = 20


def dosage_text(sheet: Sheet) -> str:
    """One line for each dosage of a request or statement."""
    quiet = Notes()
    listed = nodes_of(sheet.resource, "dosageInstruction", sheet.notes) or nodes_of(sheet.resource, "dosage", sheet.notes)
    rendered = text_of(sheet.resource, "renderedDosageInstruction", quiet)
    lines = [_one(each, sheet) for each in listed[:_MANY]]
    return joined(lines, "\n") or rendered


def _one(dosage: Node, sheet: Sheet) -> str:
    quiet = Notes()
    text = text_of(dosage, "text", sheet.notes, "dosage.")
    patient = text_of(dosage, "patientInstruction", quiet)
    if text:
        return joined((text, patient))
    timing = node_of(dosage, "timing", quiet)
    extra = joined(words_of(each, sheet) for each in leaves(dosage, ("additionalInstruction",)))
    return joined(
        (_dose(dosage), _timing(timing) if timing else "", _as_needed(dosage), _said(dosage, "route"), extra, patient), " · "
    )


def _dose(dosage: Node) -> str:
    """R4 and STU3 put the dose in different places; a dose or a rate."""
    quiet = Notes()
    for where in [*nodes_of(dosage, "doseAndRate", quiet), dosage]:
        for key in ("doseQuantity", "doseRange", "rateQuantity", "rateRange", "doseSimpleQuantity"):
            found = node_of(where, key, quiet)
            if found and amount_words(found):
                return amount_words(found)
        ratio = node_of(where, "rateRatio", quiet)
        if ratio:
            return " / ".join(amount_words(ratio[key]) for key in ("numerator", "denominator") if type(ratio.get(key)) is dict)
    return ""


def _timing(timing: Node) -> str:
    quiet = Notes()
    code = concept_of(timing.get("code"), quiet).title
    if code:
        return code
    repeat = node_of(timing, "repeat", quiet) or {}
    parts = [_how_often(repeat)]
    parts += [clean(each) for key in ("when", "timeOfDay", "dayOfWeek") for each in leaves(repeat, (key,)) if type(each) is str]
    bounds = next((repeat[key] for key in ("boundsDuration", "boundsRange") if type(repeat.get(key)) is dict), None)
    if bounds:
        parts.append(amount_words(bounds))
    return " ".join(part for part in parts if part)


def _how_often(repeat: Node) -> str:
    """ "2-3 x / 1 d"."""
    times = _plain(repeat.get("frequency"))
    most = _plain(repeat.get("frequencyMax"))
    period, unit = _plain(repeat.get("period")), repeat.get("periodUnit") or repeat.get("periodUnits")
    if not times and not period:
        return ""
    longest = _plain(repeat.get("periodMax"))
    often = f"{times or '1'}{f'-{most}' if most else ''} x"
    if not period or type(unit) is not str:
        return often
    return f"{often} / {period}{f'-{longest}' if longest else ''} {clean(unit)}"


def _plain(value: Any) -> str:
    return f"{value:.12g}" if type(value) in (int, float) and abs(value) < 1e15 else ""


def _as_needed(dosage: Node) -> str:
    quiet = Notes()
    reason = concept_of(dosage.get("asNeededCodeableConcept") or dosage.get("asNeededFor"), quiet).title
    if reason:
        return f"PRN {reason}"
    return "PRN" if dosage.get("asNeededBoolean") is True or dosage.get("asNeeded") is True else ""


def _said(dosage: Node, key: str) -> str:
    return concept_of(dosage.get(key), Notes()).title
