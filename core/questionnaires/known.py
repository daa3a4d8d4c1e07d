"""This is the place where a questionnaire is recognised as one of ours: by its address, or by the code of its panel or total."""

from __future__ import annotations

from core.questionnaires.instruments import BY_KEY, INSTRUMENTS
from core.questionnaires.terms import Questionnaire

LOINC = "http://loinc.org"


def by_canonical(canonical: str) -> Questionnaire | None:
    """The instrument an address means, whatever version; addresses of LOINC panels ("http://loinc.org/q/44249-1") too."""
    url = canonical.partition("|")[0].rstrip("/")
    for one in INSTRUMENTS:
        if url == one.url or any(
            system == LOINC and url.startswith(LOINC) and url.rpartition("/")[2] == code for system, code in one.codes
        ):
            return one
    return None


def of_key(key: str) -> Questionnaire | None:
    """The instrument of that key."""
    return BY_KEY.get(key)
