"""This is the place where it is read whether something was measured at home or in a clinic, where the record says so.

Nothing is guessed from the value or the hour. In order: words of home in the record itself; a visit it belongs to; the
person or a relative as performer; typed in by the person; a clinician or organisation as performer; words of home in the
name of the source. Otherwise it stays "".
"""

from __future__ import annotations

import re

from core.domain.records import Record
from core.domain.targets import HOME, OFFICE

_HOME_WORDS = re.compile(
    r"(?<!nursing )(?<!care )(?<!rest )\b(?:at[- ]home|home|self[- ]?(?:measured|reported|monitor\w*))\b|家庭|家用|居家|在家|自测|自測"
)
_OWN = ("Patient/", "RelatedPerson/")
_STAFF = ("Practitioner/", "PractitionerRole/", "Organization/", "CareTeam/")
_SAYING = ("method", "device", "note", "category", "setting", "comment", "site")


def setting_of(record: Record) -> str:
    """ "home", "office" or "" for one observation."""
    item = record.item
    said = [item.concept.text, *(c.display for c in item.concept.codings), *(text for key, text in item.detail if key in _SAYING)]
    said += [ref.display for ref in item.references if ref.role in ("device", "performer")]
    if _says_home(said):
        return HOME
    performers = [ref.target.rsplit("|", 1)[-1] for ref in item.references if ref.role == "performer"]
    if any(ref.role == "encounter" or _kind(ref.target, ("Encounter/",)) for ref in item.references):
        return OFFICE
    if any(_kind(target, _OWN) for target in performers) or any(mark.kind == "manual" for mark in record.sources):
        return HOME
    if any(_kind(target, _STAFF) for target in performers):
        return OFFICE
    return HOME if record.sources and all(_says_home([mark.label]) for mark in record.sources) else ""


def _says_home(texts: list[str]) -> bool:
    return any(_HOME_WORDS.search(text.lower()) for text in texts if text)


def _kind(target: str, kinds: tuple[str, ...]) -> bool:
    return any(target.startswith(kind) or f"/{kind}" in target for kind in kinds)
