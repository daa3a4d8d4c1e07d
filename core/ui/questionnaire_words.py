"""This is the place where the texts of a questionnaire are said: by the catalogues, or in the words and language they came in."""

from __future__ import annotations

from core.care.questionnaire_views import Past
from core.domain.time import PartialTime
from core.questionnaires.answering import Wrong
from core.questionnaires.fhir_write import Wording
from core.questionnaires.terms import Answer, Item, Questionnaire, Text
from core.risk.terms import Band, Fault, Thresholds
from core.ui.values import unit
from core.ui.words import Words


def wording(t: Words) -> Wording:
    """What a text says in this language."""

    def said(text: Text) -> str:
        return t(text.key) if text.key else text.in_language(t.language)

    return said


def wrong(t: Words, one: Wrong) -> str:
    """What keeps an answer from counting, and what would fit."""
    if one.code == "out_of_range":
        low, high, measured = one.low, one.high, unit(t, one.unit)
        if low is not None and high is not None:
            return t("check.wrong.between", low=low, high=high, unit=measured).strip()
        return t("check.wrong.out_of_range")
    return t("check.wrong." + one.code)


def answer(t: Words, item: Item, given: Answer) -> str:
    """An answer as it is read."""
    chosen = item.option(given) if item.kind == "choice" else None
    if chosen is not None:
        return wording(t)(chosen.text)
    if isinstance(given, bool):
        return t("check.yes") if given else t("check.no")
    if item.kind == "date" and isinstance(given, str):
        when = PartialTime.parse(given)
        return t.day(when) if when else given
    if isinstance(given, (int, float)):
        return f"{t.number(float(given))} {unit(t, item.unit)}".strip()
    return given


def when(t: Words, past: Past) -> str:
    """When it was answered."""
    found = PartialTime.parse(past.when)
    return t.moment(found) if found else t("record.no_time")


def points(t: Words, value: float) -> str:
    """A score: "8 points"."""
    return t("check.points", n=int(value)) if value == int(value) else t.number(value)


def band(t: Words, one: Band) -> str:
    """A guideline's name for a score."""
    return t.first("risk.band." + one.code, "check.band_unnamed", code=one.code)


def checked(one: Thresholds) -> bool:
    return one.status == "verified"


def why_none(t: Words, form: Questionnaire, fault: Fault) -> str:
    """Why there is no score."""
    about = next((item for item in form.every() if item.input and item.input == fault.input), None)
    name = wording(t)(about.text) if about else t("check.bmi") if fault.input == "bmi" else ""
    if fault.code in ("above_range", "below_range") and name:
        low, high = "" if fault.low is None else t.number(fault.low), "" if fault.high is None else t.number(fault.high)
        return t("check.no_score.range", question=name, low=low, high=high)
    if fault.code == "missing" and name:
        return t("check.no_score.missing", question=name)
    return t("check.no_score.other", code=fault.code)
