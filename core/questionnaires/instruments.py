"""This is the place where the questionnaires that are offered to everybody stand, question by question.

PHQ and GAD: Spitzer, Williams, Kroenke and colleagues, developed with an educational grant from Pfizer; "no permission required to reproduce,
translate, display or distribute". FINDRISC (Lindstrom and Tuomilehto 2003), the ADA risk test, the Chinese diabetes risk score (Zhou 2013) and
the three STEADI key questions ask in our own plain words for what their point tables need. The tables are in core/risk, the words in the
catalogues (`q.*`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.questionnaires.terms import Condition, Item, Option, Questionnaire, Text

BASE = "urn:healthboard:questionnaire:"
ANSWERS = "urn:healthboard:answer"
VERSION = "1.0"
SELF_HARM = "44260-8"
"""LOINC: thoughts that you would be better off dead, or of hurting yourself in some way (PHQ-9, question 9)."""

_PHQ_CODES = ("44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", SELF_HARM)
"""LOINC codes of the nine questions, in order."""


def _options(keys: Mapping[str, float | None], words: str) -> tuple[Option, ...]:
    return tuple(Option(key, Text(f"{words}.{key}"), value, "Coding", ANSWERS, key) for key, value in keys.items())


_OFTEN = _options({"0": 0.0, "1": 1.0, "2": 2.0, "3": 3.0}, "q.often")
_DIFFICULT = _options({"0": 0.0, "1": 1.0, "2": 2.0, "3": 3.0}, "q.difficult")
_SEX = _options({"female": 0.0, "male": 1.0}, "q.sex")
_RELATIVES = _options({"none": 0.0, "second_degree": 1.0, "first_degree": 2.0}, "q.relatives")


def _often(prefix: str, number: int, code: str = "") -> Item:
    name = f"{prefix}{number}"
    return Item(name, "choice", Text(f"q.{name}"), _OFTEN, True, input=name, code=code, crisis=code == SELF_HARM)


def _yes(name: str, words: str = "", helped: bool = False, **more: Any) -> Item:
    shown = words or name
    return Item(name, "boolean", Text(f"q.{shown}"), (), True, Text(f"q.{shown}.help") if helped else Text(), input=name, **more)


def _number(name: str, kind: str, limits: tuple[float, float], unit: str, signal: str = "") -> Item:
    """A number to type; the limits catch slips of the finger, the equation has its own."""
    return Item(
        name,
        kind,
        Text(f"q.{name}"),
        (),
        True,
        Text(f"q.{name}.help"),
        low=limits[0],
        high=limits[1],
        unit=unit,
        input=name,
        signal=signal,
    )


_AGE = _number("age", "integer", (0, 120), "a")
_BODY_SEX = Item("sex", "choice", Text("q.sex"), _SEX, True, Text("q.sex.help"), input="sex")
_HEIGHT = _number("height", "decimal", (100, 250), "cm", "height")
_WEIGHT = _number("weight", "decimal", (25, 350), "kg", "weight")
_WAIST = _number("waist", "decimal", (40, 200), "cm", "waist")
_PRESSURE = _number("sbp", "integer", (60, 260), "mm[Hg]", "sbp")
_ACTIVE = _yes("physically_active", helped=True)
_FIRST_DEGREE = _yes("family_diabetes_first", helped=True)

_PHQ = tuple(_often("phq", number, code) for number, code in enumerate(_PHQ_CODES, 1))
_GAD = tuple(_often("gad", number) for number in range(1, 8))


def _how_difficult(asked: tuple[Item, ...]) -> Item:
    """Asked once anything is above "not at all"; part of no score."""
    above = tuple(Condition(one.link_id, "=", option.key) for one in asked for option in _OFTEN if option.value)
    return Item("difficulty", "choice", Text("q.difficulty"), _DIFFICULT, conditions=above, any_of=True, code="69722-7")


def _scale(name: str) -> Item:
    return Item(name, "integer", Text(f"q.diary.{name}"), (), False, Text(f"q.diary.{name}.help"), low=0, high=10, scale=True)


def _made(key: str, family: str, minutes: int, items: tuple[Item, ...], **more: Any) -> Questionnaire:
    scored: dict[str, Any] = {"equation": key.replace("-", ""), **more}
    return Questionnaire(
        key,
        BASE + key,
        VERSION,
        Text(f"q.title.{key}"),
        Text(f"q.about.{key}"),
        items,
        family,
        minutes,
        source=Text(f"q.source.{key}"),
        **scored,
    )


_LOINC = "http://loinc.org"

INSTRUMENTS = (
    _made("phq-2", "mind", 1, _PHQ[:2], lead=Text("q.two_weeks"), score_code="55758-7"),
    _made(
        "phq-9", "mind", 3, (*_PHQ, _how_difficult(_PHQ)), lead=Text("q.two_weeks"), score_code="44261-6",
        codes=((_LOINC, "44249-1"), (_LOINC, "44261-6")),
    ),
    _made("gad-2", "mind", 1, _GAD[:2], lead=Text("q.two_weeks")),
    _made("gad-7", "mind", 2, (*_GAD, _how_difficult(_GAD)), lead=Text("q.two_weeks"), score_code="70274-6", codes=((_LOINC, "70274-6"),)),
    _made(
        "findrisc", "diabetes", 3,
        (
            _AGE, _BODY_SEX, _HEIGHT, _WEIGHT, _WAIST, _ACTIVE, _yes("vegetables_daily"), _yes("bp_treated"), _yes("high_glucose_ever", helped=True),
            Item("family_diabetes", "choice", Text("q.family_diabetes"), _RELATIVES, True, Text("q.family_diabetes.help"), input="family_diabetes"),
        ),
    ),
    _made(
        "ada-risk", "diabetes", 2,
        (
            _AGE, _BODY_SEX, _yes("gestational_diabetes", conditions=(Condition("sex", "=", "female"),)), _FIRST_DEGREE, _yes("hypertension"),
            _ACTIVE, _HEIGHT, _WEIGHT,
        ),
        equation="ada_risk_test",
    ),
    _made("cdrs", "diabetes", 2, (_AGE, _BODY_SEX, _HEIGHT, _WEIGHT, _WAIST, _PRESSURE, _FIRST_DEGREE)),
    _made(
        "steadi", "falls", 1,
        (
            _yes("unsteady"), _yes("worried_falling"), _yes("fallen"),
            Item("falls", "integer", Text("q.falls"), low=1, high=366, conditions=(Condition("fallen", "=", True),)),
            Item("hurt", "boolean", Text("q.hurt"), conditions=(Condition("fallen", "=", True),)),
        ),
    ),
    _made(
        "diary", "diary", 1,
        (*(_scale(name) for name in ("pain", "breathless", "tired", "mood")), Item("note", "text", Text("q.diary.note"), help=Text("q.diary.note.help"))),
        equation="",
    ),
)  # fmt: skip
"""In the order in which they are offered."""

BY_KEY: Mapping[str, Questionnaire] = {one.key: one for one in INSTRUMENTS}


def word_keys() -> frozenset[str]:
    """Every key of the catalogues that the instruments are said by."""
    texts = [text for one in INSTRUMENTS for text in (one.title, one.about, one.source, one.lead)]
    for item in (item for one in INSTRUMENTS for item in one.every()):
        texts += [item.text, item.help, *(option.text for option in item.options)]
    return frozenset(text.key for text in texts if text)
