"""This is the place where a form is written as a FHIR R4 Questionnaire, in every language there are words for. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.questionnaires.fhir_read import MAX_VALUE, MIN_VALUE, ORDINAL, TRANSLATION
from core.questionnaires.terms import Answer, Condition, Item, Option, Questionnaire, Text

Wording = Callable[[Text], str]
"""What a text says in one language."""
LOINC = "http://loinc.org"


def write(questionnaire: Questionnaire, wordings: Mapping[str, Wording]) -> dict[str, Any]:
    """The resource. `wordings` by language tag ("en", "zh-CN"); the first is the one it is written in, the others stand beside each text by the
    translation extension."""
    language = next(iter(wordings))
    made: dict[str, Any] = {
        "resourceType": "Questionnaire",
        "id": questionnaire.key[:64],
        "language": language,
        "url": questionnaire.url,
    }
    if questionnaire.version:
        made["version"] = questionnaire.version
    made |= {**_said("title", questionnaire.title, wordings), "status": "active", "subjectType": ["Patient"]}
    made |= _said("description", questionnaire.about, wordings)
    if questionnaire.codes:
        made["code"] = [{"system": system, "code": code} for system, code in questionnaire.codes]
    return made | {"item": [_item(one, questionnaire, wordings) for one in questionnaire.items]}


def coding(option: Option, words: str = "") -> dict[str, Any]:
    """An option as a Coding."""
    made = {"system": option.system} if option.system else {}
    made |= {"code": option.code} if option.code else {}
    return made | ({"display": words} if words else {})


def _item(one: Item, whole: Questionnaire, wordings: Mapping[str, Wording]) -> dict[str, Any]:
    made: dict[str, Any] = {"linkId": one.link_id}
    limits = [(MIN_VALUE, one.low), (MAX_VALUE, one.high)]
    extension = [_limit(url, value, one.kind) for url, value in limits if value is not None]
    if extension:
        made["extension"] = extension
    if one.code:
        made["code"] = [{"system": LOINC, "code": one.code}]
    made |= {**_said("text", one.text, wordings), "type": one.kind}
    if one.conditions:
        made["enableWhen"] = [_when(each, whole) for each in one.conditions]
        if len(one.conditions) > 1:
            made["enableBehavior"] = "any" if one.any_of else "all"
    if one.kind not in ("group", "display"):
        made["required"] = one.required
    if one.options:
        made["answerOption"] = [_option(each, wordings) for each in one.options]
    if one.items:
        made["item"] = [_item(each, whole, wordings) for each in one.items]
    return made


def _limit(url: str, value: float, kind: str) -> dict[str, Any]:
    return {"url": url, "valueInteger": int(value)} if kind == "integer" else {"url": url, "valueDecimal": value}


def _option(one: Option, wordings: Mapping[str, Wording]) -> dict[str, Any]:
    made: dict[str, Any] = {} if one.value is None else {"extension": [{"url": ORDINAL, "valueDecimal": one.value}]}
    if one.form == "Coding":
        return made | {"valueCoding": coding(one) | _said("display", one.text, wordings)}
    value: Any = int(one.key) if one.form == "integer" else one.key
    return made | {f"value{one.form.title()}": value}


def _when(one: Condition, whole: Questionnaire) -> dict[str, Any]:
    made: dict[str, Any] = {"question": one.question, "operator": one.operator}
    asked = whole.item(one.question)
    option = asked.option(one.answer) if asked and one.operator != "exists" else None
    return made | (_coded(option) if option else _plain(one.answer, asked))


def _coded(option: Option) -> dict[str, Any]:
    if option.form == "Coding":
        return {"answerCoding": coding(option)}
    return {"answerInteger": int(option.key)} if option.form == "integer" else {f"answer{option.form.title()}": option.key}


def _plain(answer: Answer, asked: Item | None) -> dict[str, Any]:
    if isinstance(answer, bool):
        return {"answerBoolean": answer}
    if isinstance(answer, int):
        return {"answerInteger": answer}
    if isinstance(answer, float):
        return {"answerDecimal": answer}
    return {"answerDate" if asked and asked.kind == "date" else "answerString": answer}


def _said(key: str, text: Text, wordings: Mapping[str, Wording]) -> dict[str, Any]:
    first, *others = [(language, wording(text)) for language, wording in wordings.items()] if text else [("", "")]
    if not first[1]:
        return {}
    translated = [
        {"url": TRANSLATION, "extension": [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": words}]}
        for language, words in others
        if words and words != first[1]
    ]
    return {key: first[1]} | ({f"_{key}": {"extension": translated}} if translated else {})
