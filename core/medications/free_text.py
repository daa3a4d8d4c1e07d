"""This is the place where free text is understood where it is unambiguous, in English and Chinese: every word is accounted for, or it is asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.medications.free_text_aside import FILLER, JOINED, NO_REASON, ROUTES
from core.medications.free_text_made import Heard, Unclear, made
from core.medications.free_text_names import after_name
from core.medications.free_text_numbers import once_each, spelled
from core.medications.free_text_words import PATTERNS, SIMPLIFIED
from core.medications.terms import Asked

LONGEST = 300
_THEN = re.compile(r"(?:[,;.，；。]\s*|\s)(?:and )?then\b[, ]?|[,;，；。]?\s*(?:然后|之后|随后)(?:改为|改)?")


@dataclass(frozen=True, slots=True)
class Understood:
    """Exactly one of the two is not empty: FHIR R4 dosages, or what has to be asked."""

    dosages: tuple[Mapping[str, Any], ...] = ()
    asked: tuple[Asked, ...] = ()


def understood(text: str) -> Understood:
    """What a text says without doubt, or what has to be asked. Never raises; takes time in proportion to the text, of which at most 300 characters are read."""
    said = (
        " ".join(unicodedata.normalize("NFKC", spelled(text)).lower().translate(SIMPLIFIED).split())
        if len(text) <= LONGEST * 2
        else ""
    )
    if not said or len(said) > LONGEST:
        return Understood(asked=(Asked("free_text_unclear", "", text[:LONGEST]),))
    try:
        parts = _THEN.split(once_each(said))
        if any(not part.strip(" .,;，。；") for part in parts):
            raise Unclear("free_text_unclear")  # "then 1 daily": something went before
        dosages = [one for at, part in enumerate(parts) for one in _dosages(part, at + 1 if len(parts) > 1 else 0)]
        if len(parts) > 1:
            dosages = _followed(parts, dosages)
    except Unclear as unclear:
        return Understood(asked=(Asked(unclear.code, "", text),))
    return Understood(tuple(dosages)) if dosages else Understood(asked=(Asked("free_text_unclear", "", text),))


def _followed(parts: list[str], dosages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A taper: each part but the last must say how long, and each how much where one does; what is taken when needed is no part of one."""
    if any(_is_needed(one) for one in dosages) or len({"doseAndRate" in one for one in dosages}) > 1:
        raise Unclear("free_text_unclear")
    for one in dosages:
        if one["sequence"] < len(parts) and "boundsDuration" not in one["timing"]["repeat"]:
            raise Unclear("taper_open")
    return dosages


def _is_needed(dosage: Mapping[str, Any]) -> bool:
    return "asNeededBoolean" in dosage or "asNeededCodeableConcept" in dosage


def _dosages(said: str, sequence: int) -> list[dict[str, Any]]:
    heard, at = Heard(), after_name(said)
    while at < len(said):
        at = _hear(heard, said, at)
    if heard.asks:
        raise Unclear(heard.asks[0])
    _told_once(heard)
    return [{**one, "sequence": sequence} if sequence else one for one in made(heard)]


def _told_once(heard: Heard) -> None:
    """Amounts, days and clock times said in turns ("1 tab bid and 1 tab prn", "8 am on Mon, 8 pm on Tue") are several orders: asked."""
    moments = len(heard.when) + len(heard.clocks)
    amounts, days = heard.said.get("amount", 0), heard.said.get("days", 0)
    if amounts > 1 and (amounts != moments or heard.facts.keys() & {"rate", "daily", "prn"} or days):
        raise Unclear("free_text_conflict")
    if (days > 1 and moments) or len(set(heard.clocks)) < len(heard.clocks):
        raise Unclear("free_text_conflict")
    if {"rate", "daily"} <= heard.facts.keys():
        raise Unclear("free_text_conflict")
    if len({"HS", "NIGHT", "EVE"} & set(heard.when)) > 1 or {"MORN", "WAKE"} <= set(heard.when):
        raise Unclear("free_text_ambiguous")
    if "prn" in heard.facts and heard.joined:
        raise Unclear("free_text_ambiguous")  # "when needed and at bedtime" is more than when needed
    if "offset" in heard.facts and len(heard.when) > 1:
        raise Unclear("free_text_unclear")


def _hear(heard: Heard, said: str, at: int) -> int:
    """Take the next words; the position after them. Raises Unclear for words that are not known."""
    if not _whole(said, at):
        raise Unclear("free_text_unclear")  # within a word or a number: what went before was only its beginning
    best: tuple[int, Any] = (at, None)
    for pattern, says in PATTERNS:
        found = pattern.match(said, at)
        if found and found.end() > best[0] and _whole(said, found.end()):
            best = (found.end(), (says, found))
    for pattern, route in ROUTES:
        found = pattern.match(said, at)
        if found and found.end() > best[0] and _whole(said, found.end()):
            best = (found.end(), route)
    for passed in (FILLER.match(said, at), JOINED.match(said, at)):
        if passed and passed.end() > best[0] and _whole(said, passed.end()):
            heard.joined = heard.joined or passed.re is JOINED
            return passed.end()
    end, what = best
    if what is None:
        raise Unclear("free_text_unclear")
    if isinstance(what, str):
        _set(heard, "route", what)
    else:
        says, found = what
        try:
            told = says(found)
        except ValueError:
            raise Unclear("free_text_unclear") from None
        for key, value in told.items():
            heard.said[key] = heard.said.get(key, 0) + 1
            _keep(heard, key, value)
    return end


def _whole(said: str, at: int) -> bool:
    """Whether a word or number ends here."""
    if not 0 < at < len(said) or not (said[at - 1].isascii() and said[at].isascii()):
        return True
    return not (said[at - 1].isalpha() and said[at].isalpha()) and not (said[at - 1].isdigit() and said[at].isdigit())


def _keep(heard: Heard, key: str, value: Any) -> None:
    if key == "ask":
        heard.asks.append(value)
    elif key == "when":
        heard.when += [one for one in value if one not in heard.when]
    elif key == "clock":
        heard.clocks.append(value)
    elif key == "days":
        heard.days += [one for one in value if one not in heard.days]
    elif key == "rate_if_none":
        heard.facts.setdefault("daily", value)
    elif key == "reason" and NO_REASON & set(re.split(r"[ \-/]", value)):
        heard.asks.append("free_text_unclear")
    elif key != "reason" or value:
        _set(heard, key, value)


def _set(heard: Heard, key: str, value: Any) -> None:
    """The same said twice is fine, another thing of the same kind is a contradiction."""
    if key in heard.facts and heard.facts[key] != value:
        raise Unclear("free_text_conflict")
    heard.facts[key] = value
