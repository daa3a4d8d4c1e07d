"""This is the place where answers become a FHIR R4 QuestionnaireResponse and its score an Observation, and responses are read back. Pure and total."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.questionnaires.answering import State, crisis_value, state
from core.questionnaires.fhir_read import ORDINAL, option_key
from core.questionnaires.fhir_write import LOINC, Wording, coding
from core.questionnaires.known import by_canonical
from core.questionnaires.scoring import Scored
from core.questionnaires.terms import Answer, Answers, Item, Questionnaire

SCORES = "urn:healthboard:score"
"""The code system of scores that have no LOINC code here."""
_SURVEY = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "survey"}]}
DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Head:
    """What a response says besides its answers: its id, the person ("Patient/1", an address, or "" where no record of theirs has a name), when
    it was written (aware), and whether it is finished."""

    response_id: str
    subject: str
    at: datetime
    finished: bool

    @property
    def moment(self) -> str:
        return self.at.isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Answered:
    """A response that was read: the form's address, when it was written ("" where it doesn't say), its status, and its answers by link id as they
    came: an option's key, a number, a text."""

    canonical: str
    authored: str
    status: str
    answers: Answers


def respond(questionnaire: Questionnaire, found: State, head: Head, wording: Wording) -> dict[str, Any]:
    """The QuestionnaireResponse: what is asked and answered, in the words it was asked in. Answers to hidden questions aren't in it."""
    made: dict[str, Any] = {
        "resourceType": "QuestionnaireResponse", "id": head.response_id, "meta": {"lastUpdated": head.moment},
        "questionnaire": questionnaire.canonical, "status": "completed" if head.finished else "in-progress",
    }  # fmt: skip
    subject = _subject(head)
    items = list(_answers(questionnaire.items, found, wording))
    return made | subject | {"authored": head.moment} | ({"item": items} if items else {})


def observation(questionnaire: Questionnaire, scored: Scored, head: Head, wording: Wording) -> dict[str, Any]:
    """The score as an Observation, derived from the response."""
    code = (
        {"system": LOINC, "code": questionnaire.score_code}
        if questionnaire.score_code
        else {"system": SCORES, "code": questionnaire.key}
    )
    assert scored.value is not None
    value = int(scored.value) if scored.value == int(scored.value) else scored.value
    return _observation(f"{head.response_id}-score"[:64], head, {"coding": [code], "text": wording(questionnaire.title)}) | {
        "valueQuantity": {"value": value, "unit": "{score}", "system": "http://unitsofmeasure.org", "code": "{score}"},
    }


def concern(item: Item, found: State, head: Head, wording: Wording) -> dict[str, Any]:
    """The answer to the question that opens the crisis path, as an Observation of its own, so that it stands in the record by itself."""
    code = {"coding": [{"system": LOINC, "code": item.code}], "text": wording(item.text)}
    return _observation(f"{head.response_id}-concern"[:64], head, code) | {"valueInteger": int(crisis_value(item, found.answers))}


def answered(resource: object) -> Answered | None:
    """Read a QuestionnaireResponse; None for anything else, and for one that was entered in error."""
    if not isinstance(resource, dict) or resource.get("resourceType") != "QuestionnaireResponse":
        return None
    status = resource.get("status")
    if status == "entered-in-error":
        return None
    answers = dict(_read(resource.get("item"), 0))
    canonical, authored = resource.get("questionnaire"), resource.get("authored")
    if isinstance(canonical, dict):  # as before R4, a reference
        canonical = canonical.get("reference")
    return Answered(_str(canonical), _str(authored), _str(status), answers)


def read_again(questionnaire: Questionnaire, found: Answered) -> State:
    """The state of a form with the answers of a response. Options of another code system fit by their order where each has a value of its own:
    LOINC's answers carry their score beside them or in their place."""
    given: dict[str, Answer] = {}
    for one in questionnaire.every():
        answer = next(
            (found.answers[name] for name in (one.link_id, f"/{one.code}", one.code) if name and name in found.answers), None
        )
        if answer is not None:
            given[one.link_id] = _fitting(one, answer)
    return state(questionnaire, given)


def questionnaire_of(found: Answered) -> Questionnaire | None:
    """The instrument of ours that a response answers."""
    return by_canonical(found.canonical)


_PHQ_ANSWERS = {"LA6568-5": "0", "LA6569-3": "1", "LA6570-1": "2", "LA6571-9": "3"}
"""LOINC's answers "not at all" to "nearly every day" of PHQ and GAD."""


def _fitting(item: Item, answer: Answer) -> Answer:
    if item.kind != "choice" or not isinstance(answer, str) or item.option(answer):
        return answer
    code = answer.rpartition("|")[2]
    return _PHQ_ANSWERS.get(code, code)


def _answers(items: tuple[Item, ...], found: State, wording: Wording) -> Iterator[dict[str, Any]]:
    shown = {one.link_id for one in found.shown}
    for one in items:
        if one.link_id not in shown or one.kind == "display":
            continue
        inner = list(_answers(one.items, found, wording))
        answer = found.answers.get(one.link_id)
        if answer is None and not inner:
            continue
        made: dict[str, Any] = {"linkId": one.link_id} | ({"text": wording(one.text)} if one.text else {})
        if answer is not None:
            made["answer"] = [_value(one, answer, wording) | ({"item": inner} if inner else {})]
        elif inner:
            made["item"] = inner
        yield made


def _value(item: Item, answer: Answer, wording: Wording) -> dict[str, Any]:
    option = item.option(answer) if item.kind == "choice" else None
    if option is not None:
        if option.form == "Coding":
            ordinal = {} if option.value is None else {"extension": [{"url": ORDINAL, "valueDecimal": option.value}]}
            return {"valueCoding": ordinal | coding(option, wording(option.text))}
        return {f"value{option.form.title()}": int(option.key) if option.form == "integer" else option.key}
    match item.kind:
        case "boolean":
            return {"valueBoolean": answer}
        case "integer":
            return {"valueInteger": int(answer)}
        case "decimal":
            return {"valueDecimal": answer}
        case "date":
            return {"valueDate": answer}
        case _:
            return {"valueString": answer}


def _observation(name: str, head: Head, code: dict[str, Any]) -> dict[str, Any]:
    made = {
        "resourceType": "Observation", "id": name, "meta": {"lastUpdated": head.moment}, "status": "final" if head.finished else "preliminary",
        "category": [_SURVEY], "code": code,
    }  # fmt: skip
    derived = {"derivedFrom": [{"reference": f"QuestionnaireResponse/{head.response_id}"}]}
    return made | _subject(head) | {"effectiveDateTime": head.moment} | derived


def _subject(head: Head) -> dict[str, Any]:
    return {"subject": {"reference": head.subject}} if head.subject else {}


def _read(items: object, depth: int) -> Iterator[tuple[str, Answer]]:
    for one in items if isinstance(items, list) and depth < DEEPEST else ():
        if not isinstance(one, dict):
            continue
        name = _str(one.get("linkId"))
        found = one.get("answer")
        for each in found if isinstance(found, list) else ():
            if isinstance(each, dict):
                value = _plain(each)
                if name and value is not None:
                    yield name, value
                yield from _read(each.get("item"), depth + 1)
        yield from _read(one.get("item"), depth + 1)


def _plain(node: dict[str, Any]) -> Answer | None:
    for key, value in node.items():
        if key == "valueCoding":
            code = value.get("code") if isinstance(value, dict) else None
            from_here = isinstance(value, dict) and value.get("system") == "urn:healthboard:answer"
            return code if from_here and isinstance(code, str) else option_key(value, "Coding") or None
        if key in ("valueBoolean", "valueInteger", "valueDecimal", "valueString", "valueDate") and isinstance(
            value, (bool, int, float, str)
        ):
            return value
    return None


def _str(value: object) -> str:
    return value[:2000] if isinstance(value, str) else ""
