"""This is the place where a FHIR R4 Questionnaire becomes a form of ours, or is rejected with path and reason. Total: any JSON in, nothing raised."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from core.questionnaires.terms import LONGEST_TEXT, OPERATORS, Answer, Condition, Item, Option, Questionnaire, Text

TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
MIN_VALUE, MAX_VALUE = "http://hl7.org/fhir/StructureDefinition/minValue", "http://hl7.org/fhir/StructureDefinition/maxValue"
DEEPEST = 12
MOST_ITEMS = 500
MOST_OPTIONS = 200
_SAME = {"group", "display", "choice", "boolean", "decimal", "integer", "string", "text", "date"}
UNFOLLOWED = {
    "open-choice": "open_choice", "quantity": "quantity", "attachment": "attachment", "reference": "reference", "dateTime": "date_and_time",
    "time": "date_and_time", "url": "address", "question": "unknown_type",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a resource is no questionnaire that can be shown: where, and a code."""

    path: str
    why: str


@dataclass(slots=True)
class _Reader:
    contained: dict[str, Any]
    dropped: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def drop(self, path: str, why: str) -> None:
        if len(self.dropped) < MOST_ITEMS:
            self.dropped.append((path, why))


def read(resource: object) -> Questionnaire | Rejected:
    """A form. Items of types that aren't followed stay in it, marked as not answerable here; what has no link id, repeats another's, lies too deep or
    beyond the five hundredth is dropped and listed. `initial` values are passed over: nobody is answered for."""
    if not isinstance(resource, dict) or resource.get("resourceType") != "Questionnaire":
        return Rejected("resourceType", "not_a_questionnaire")
    if resource.get("status") in ("retired", "entered-in-error"):
        return Rejected("status", "not_in_use")
    reader = _Reader({_text(one.get("id")): one for one in _nodes(resource.get("contained")) if one.get("id")})
    items = tuple(_items(resource.get("item"), "item", reader, 0))
    if not any(one.asks for one in _every(items)):
        return Rejected("item", "nothing_to_answer")
    url = _text(resource.get("url")) or (f"Questionnaire/{_text(resource.get('id'))}" if _text(resource.get("id")) else "")
    if not url:
        return Rejected("url", "no_address")
    codes = tuple((_text(one.get("system")), _text(one.get("code"))) for one in _nodes(resource.get("code")))
    title = said(resource, "title") or said(resource, "name") or Text(said=(("", url),))
    known = {one.link_id for one in _every(items)}
    return Questionnaire(
        url, url, _text(resource.get("version")), title, said(resource, "description"), _sound(items, known), codes=codes,
        status="unchecked", dropped=tuple(reader.dropped),
    )  # fmt: skip


def said(node: dict[str, Any], key: str) -> Text:
    """A text with its translations (the extension on `_key`), the one it was written in first."""
    text = _text(node.get(key))
    if not text:
        return Text()
    found = [("", text)]
    beside = node.get(f"_{key}")
    for one in _nodes(beside.get("extension")) if isinstance(beside, dict) else ():
        if one.get("url") == TRANSLATION:
            parts = {_text(part.get("url")): part for part in _nodes(one.get("extension"))}
            language, content = parts.get("lang", {}), parts.get("content", {})
            tag = _text(language.get("valueCode"))
            translated = _text(content.get("valueString")) or _text(content.get("valueMarkdown"))
            if tag and translated:
                found.append((tag, translated))
    return Text(said=tuple(found))


def option_key(value: Any, form: str) -> str:
    """What names an option or an answer within its question: "system|code" of a Coding (its words where it has no code), else the value's text."""
    if form == "Coding":
        if not isinstance(value, dict):
            return ""
        code = _text(value.get("code"))
        return f"{_text(value.get('system'))}|{code}" if code else _text(value.get("display"))
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return ""
    return str(value)


def _items(found: object, path: str, reader: _Reader, depth: int) -> Iterator[Item]:
    for at, node in enumerate(found if isinstance(found, list) else ()):
        here = f"{path}[{at}]"
        if not isinstance(node, dict):
            reader.drop(here, "not_an_object")
            continue
        link_id = _text(node.get("linkId"))
        if not link_id or link_id in reader.names:
            reader.drop(here, "link_id_missing" if not link_id else "link_id_twice")
        elif depth >= DEEPEST or len(reader.names) >= MOST_ITEMS:
            reader.drop(here, "too_deep" if depth >= DEEPEST else "too_many")
        elif not _hidden(node):
            reader.names.add(link_id)
            yield _item(node, link_id, here, reader, depth)


def _item(node: dict[str, Any], link_id: str, path: str, reader: _Reader, depth: int) -> Item:
    kind = _text(node.get("type"))
    why_not = "" if kind in _SAME else UNFOLLOWED.get(kind, "unknown_type")
    options = tuple(_options(node, reader, path)) if kind == "choice" else ()
    if kind == "choice" and not options:
        why_not = "no_options"
    if kind not in ("group", "display") and node.get("repeats") is True:
        why_not = why_not or "several_answers"
    longest = node.get("maxLength")
    low, high = _limit(node, MIN_VALUE), _limit(node, MAX_VALUE)
    conditions, sound = _conditions(node, path, reader)
    return Item(
        link_id, kind if kind in _SAME else "unsupported", said(node, "text"), options, node.get("required") is True, Text(), conditions,
        node.get("enableBehavior") == "any", tuple(_items(node.get("item"), f"{path}.item", reader, depth + 1)),
        low if low is None or high is None or low <= high else None, high,
        longest=min(longest, LONGEST_TEXT) if isinstance(longest, int) and longest > 0 else LONGEST_TEXT,
        why_not=why_not if sound else "condition_not_followed",
    )  # fmt: skip


def _options(node: dict[str, Any], reader: _Reader, path: str) -> Iterator[Option]:
    seen: set[str] = set()
    given = _nodes(node.get("answerOption"))
    for one in given if given else _of_value_set(node, reader, path):
        for form in ("Coding", "String", "Integer", "Date"):
            value = one.get(f"value{form}")
            key = option_key(value, form)
            if key and key not in seen and len(seen) < MOST_OPTIONS:
                seen.add(key)
                yield _option(key, value, form, one)


def _option(key: str, value: Any, form: str, node: dict[str, Any]) -> Option:
    ordinal = _ordinal(node)
    if form != "Coding":
        ordinal = float(value) if form == "Integer" and ordinal is None and math.isfinite(value) and abs(value) < 1e9 else ordinal
        return Option(key, Text(said=(("", str(value)),)), ordinal, form.lower())
    display = said(value, "display") or Text(said=(("", _text(value.get("code")) or key),))
    return Option(
        key,
        display,
        ordinal if ordinal is not None else _ordinal(value),
        "Coding",
        _text(value.get("system")),
        _text(value.get("code")),
    )


def _of_value_set(node: dict[str, Any], reader: _Reader, path: str) -> Iterator[dict[str, Any]]:
    """The codes of a contained ValueSet, those listed in it one by one; one that lies elsewhere isn't followed."""
    reference = _text(node.get("answerValueSet"))
    found = reader.contained.get(reference[1:]) if reference.startswith("#") else None
    if reference and not isinstance(found, dict):
        reader.drop(f"{path}.answerValueSet", "value_set_elsewhere")
    if not isinstance(found, dict):
        return
    expansion, compose = found.get("expansion"), found.get("compose")
    for one in _nodes(expansion.get("contains")) if isinstance(expansion, dict) else ():
        yield {"valueCoding": one}
    for included in _nodes(compose.get("include")) if isinstance(compose, dict) and not isinstance(expansion, dict) else ():
        for one in _nodes(included.get("concept")):
            yield {"valueCoding": {**one, "system": included.get("system")}}


def _conditions(node: dict[str, Any], path: str, reader: _Reader) -> tuple[tuple[Condition, ...], bool]:
    """The conditions, and whether all of them were understood; an item with one that wasn't is never asked."""
    found = []
    for at, one in enumerate(_nodes(node.get("enableWhen"))):
        question, operator = _text(one.get("question")), _text(one.get("operator"))
        answer = _answer(one)
        if not question or operator not in OPERATORS or answer is None or (operator == "exists" and not isinstance(answer, bool)):
            reader.drop(f"{path}.enableWhen[{at}]", "condition_not_followed")
            return (), False
        found.append(Condition(question, operator, answer))
    return tuple(found), True


def _answer(node: dict[str, Any]) -> Answer | None:
    for key, value in node.items():
        if key == "answerCoding":
            return option_key(value, "Coding") or None
        if key == "answerBoolean" and isinstance(value, bool):
            return value
        if key in ("answerInteger", "answerDecimal") and isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        if key in ("answerString", "answerDate") and isinstance(value, str):
            return value
    return None


def _sound(items: tuple[Item, ...], known: set[str]) -> tuple[Item, ...]:
    """With conditions on questions that aren't there marked: whether to ask can't be told then."""
    return tuple(
        replace(
            one,
            items=_sound(one.items, known),
            why_not=one.why_not or ("condition_not_followed" if any(c.question not in known for c in one.conditions) else ""),
        )
        for one in items
    )


def _every(items: tuple[Item, ...]) -> Iterator[Item]:
    for one in items:
        yield one
        yield from _every(one.items)


def _hidden(node: dict[str, Any]) -> bool:
    address = "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden"
    return any(one.get("url") == address and one.get("valueBoolean") is True for one in _nodes(node.get("extension")))


def _limit(node: dict[str, Any], url: str) -> float | None:
    for one in _nodes(node.get("extension")):
        if one.get("url") == url:
            for key in ("valueInteger", "valueDecimal"):
                value = one.get(key)
                if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e12:
                    return float(value)
    return None


def _ordinal(node: dict[str, Any]) -> float | None:
    for one in _nodes(node.get("extension")):
        value = one.get("valueDecimal")
        if one.get("url") == ORDINAL and isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e9:
            return float(value)
    return None


def _nodes(found: object) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(value: object) -> str:
    return value.strip()[:LONGEST_TEXT] if isinstance(value, str) else ""
