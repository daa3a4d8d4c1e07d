"""This is the place where another system asks, as a medicine is chosen, whether anything speaks against it: the hook `order-select` of CDS Hooks.

The drafts that were chosen are held against the other drafts and what was sent along (medicines, allergies, problems, values, gene tests), by the same
checks as on the Medicines page. What could not be checked is a card of its own; a table that is missing is an error. Nothing is ordered or changed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson

from core.advice.feedback import ORDER_REASONS
from core.api_cds_parts import SUMMARY_MOST, Refused, Sent, as_object, as_text, bundle_of, patient_of, read
from core.care.medicine_checks import facts_of, known_of, rules_of
from core.care.medicine_facts import Known, asks_for_medicine, orders_now
from core.care.views import Fact
from core.domain.records import Record
from core.errors import TableUnavailable
from core.medications.checking import check
from core.medications.daily_dose import daily_of
from core.medications.findings import Checked, Finding, NotChecked, Severity
from core.medications.reading import regimen
from core.ports import Ports
from core.trends.reading import readings
from core.ui.sentences import sentence
from core.ui.words import Words, words

SERVICE = "healthboard-medicines"
HOOK = "order-select"
PREFETCH: Mapping[str, str] = {
    "patient": "Patient/{{context.patientId}}",
    "medications": "MedicationRequest?patient={{context.patientId}}&status=active&_include=MedicationRequest:medication",
    "statements": "MedicationStatement?patient={{context.patientId}}&status=active&_include=MedicationStatement:medication",
    "allergies": "AllergyIntolerance?patient={{context.patientId}}",
    "conditions": "Condition?patient={{context.patientId}}",
    "observations": "Observation?patient={{context.patientId}}",
}
MOST_DRAFTS = 100
REASON_SYSTEM = "urn:healthboard:order-reason"
_INDICATOR = {Severity.CONTRAINDICATED: "critical", Severity.SERIOUS: "warning"}
_DRAFT = "MedicationRequest"
_SHARED = ("Medication",)


@dataclass(frozen=True, eq=False)
class Shown:
    """A card with what it is about."""

    card: dict[str, Any]
    rule: str
    severity: int


@dataclass(frozen=True, eq=False)
class _Orders:
    """The drafts, which of them were chosen (record ids), what was sent, and the orders that are looked at: drafts first, then what is taken now."""

    chosen: frozenset[str]
    sent: Sent
    orders: tuple[Record, ...]


def answer(ports: Ports, found: Mapping[str, Any], instance: str, language: str) -> tuple[list[Shown], Sent]:
    """The cards for what was chosen, the gravest first. Raises Refused, and TableUnavailable where any table of the checks is missing or damaged."""
    now = ports.clock.now()
    asked = _orders(ports, found, now)
    if not asked.chosen:
        return [], asked.sent
    checked = _checked(ports, asked, now)
    t = words(language)
    about = {one.record_id: one.item.concept.title for one in asked.orders}
    made = [_finding(t, one, about, (instance, asked.chosen)) for one in checked.findings if asked.chosen & set(one.medicines)]
    left = _left(t, checked, asked.chosen, instance)
    return [*made, *left], asked.sent


def _orders(ports: Ports, found: Mapping[str, Any], now: datetime) -> _Orders:
    context = as_object(found.get("context"), "context")
    patient_id = as_text(context.get("patientId"), "context.patientId", "the id of a Patient")
    as_text(context.get("userId"), "context.userId", "the id of the user")
    selections = context.get("selections")
    if not isinstance(selections, list) or not all(isinstance(one, str) for one in selections):
        raise Refused(400, "bad_input", "context.selections", "a list of ids such as MedicationRequest/1")
    prefetch = as_object(found["prefetch"], "prefetch") if found.get("prefetch") is not None else {}
    patient = patient_of(prefetch, patient_id)
    drafts = _drafts(bundle_of(context.get("draftOrders"), "context.draftOrders", patient_id, _SHARED))
    known = {f"{one['resourceType']}/{one['id']}" for one in drafts}
    for at, one in enumerate(selections):
        if one not in known:
            raise Refused(400, "bad_input", f"context.selections[{at}]", "the id of an order of context.draftOrders")
    there = [
        one
        for key in PREFETCH
        if key != "patient" and prefetch.get(key) is not None
        for one in bundle_of(prefetch[key], f"prefetch.{key}", patient_id, _SHARED)
        if f"{one.get('resourceType')}/{one.get('id')}" not in known
    ]
    sent = read(ports, [patient, *there, *(one for one in drafts if one["resourceType"] in (_DRAFT, *_SHARED))], now)
    chosen = {one for one in selections if one.startswith(_DRAFT + "/")}
    unread = chosen - {one.record_id for one in sent.records}
    if unread:
        raise Refused(
            400, "bad_input", "context.draftOrders", "a MedicationRequest that can be read: " + ", ".join(sorted(unread))[:200]
        )
    mine = tuple(one for one in sent.records if one.record_id in known and one.item.kind == _DRAFT and asks_for_medicine(one.item))
    current = orders_now((one for one in sent.records if one.record_id not in known), now)
    return _Orders(frozenset(chosen), sent, (*mine, *current))


def _drafts(resources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The unsigned orders, each with its kind and its id."""
    if len(resources) > MOST_DRAFTS:
        raise Refused(413, "file_too_large", "context.draftOrders", f"at most {MOST_DRAFTS} orders")
    for at, one in enumerate(resources):
        for key in ("resourceType", "id"):
            as_text(one.get(key), f"context.draftOrders.entry[{at}].resource.{key}", "a text", 200)
    return resources


def _checked(ports: Ports, asked: _Orders, now: datetime) -> Checked:
    rules = rules_of(ports.tables)
    known = Known(asked.sent.profile, asked.sent.records, readings(asked.sent.records))
    known = known_of(known, rules, lambda record: asked.sent.raw[record.record_id])
    facts = facts_of(known, asked.orders, rules, now)
    daily = {one.record_id: mg for one in asked.orders if (mg := _daily(one, asked.sent.raw, now)) is not None}
    made = check(rules, replace(facts, daily=daily))
    if made.state == "unavailable":
        faulty = next((one for one in made.tables if one.fault), None)
        raise TableUnavailable(table=faulty.name if faulty else "", why=faulty.fault if faulty else "missing")
    return made


def _daily(order: Record, raw: Mapping[str, bytes], now: datetime) -> float | None:
    try:
        found = orjson.loads(raw[order.record_id])
    except orjson.JSONDecodeError:
        return None
    given = (found.get("dosageInstruction") or found.get("dosage")) if isinstance(found, dict) else None
    return daily_of(order.item.concept.title, regimen(given, order.item.start, order.item.end), now)


# ------------------------------------------------------------------------------------------------------------------- cards


def _finding(t: Words, one: Finding, about: Mapping[str, str], asked: tuple[str, frozenset[str]]) -> Shown:
    instance, chosen = asked
    names = [about[each] for each in one.medicines if about.get(each)]
    title = f"{t('safety.kind.' + one.kind)}: {t('list.comma').join(dict.fromkeys(names))}"
    status = t.first("safety.status." + one.source.status, "safety.status.memory")
    card = {
        "uuid": _id(instance, one.rule, *sorted(one.medicines)),
        "summary": short(title),
        "detail": "\n\n".join((sentence(t, Fact(one.why, one.facts)), status)),
        "indicator": _INDICATOR.get(one.severity, "info"),
        "source": _source(f"{one.source.citation} ({one.source.date})" if one.source.date else one.source.citation, one.rule),
        "overrideReasons": reasons(t),
    }
    drafts = sorted(chosen & set(one.medicines))
    if one.severity is Severity.CONTRAINDICATED and one.source.status == "verified" and drafts:
        card |= {
            "suggestions": [_take_out(t, each, about.get(each, ""), str(card["uuid"])) for each in drafts],
            "selectionBehavior": "at-most-one",
        }
    return Shown(card, one.rule, int(one.severity))


def _take_out(t: Words, draft: str, name: str, card: str) -> dict[str, Any]:
    """The only thing suggested: to take a draft out again, where a rule that was read in its source says that it must not be given."""
    label = t("cds.take_out", name=name)
    return {
        "label": short(label, 80),
        "uuid": _id(card, draft),
        "actions": [{"type": "delete", "description": label, "resourceId": draft}],
    }


def _left(t: Words, checked: Checked, chosen: frozenset[str], instance: str) -> list[Shown]:
    """What could not be checked about the chosen drafts, as one card; nothing where all was."""
    told = [one for one in checked.not_checked if not one.medicine_id or one.medicine_id in chosen]
    if not told:
        return []
    lines = dict.fromkeys(_not_checked(t, one) for one in told)
    card = {
        "uuid": _id(instance, "not_checked"),
        "summary": short(t("cds.not_checked", n=len(lines))),
        "detail": "\n".join(f"- {line}" for line in lines),
        "indicator": "warning" if any(one.check == "medicine" and one.medicine_id in chosen for one in told) else "info",
        "source": _source(t("cds.source"), "not_checked"),
        "overrideReasons": reasons(t),
    }
    return [Shown(card, "not_checked", 0)]


def _not_checked(t: Words, one: NotChecked) -> str:
    parts: Iterable[str] = (
        one.subject,
        t("safety.kind." + one.check) if t.has("safety.kind." + one.check) else "",
        t("check.not." + one.why),
    )
    return " · ".join(part for part in parts if part)


def reasons(t: Words) -> list[dict[str, str]]:
    return [{"code": code, "system": REASON_SYSTEM, "display": t("cds.reason." + code)} for code in ORDER_REASONS]


def short(text: str, most: int = SUMMARY_MOST) -> str:
    """As much of it as fits, with a mark where something is missing."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _source(label: str, rule: str) -> dict[str, Any]:
    return {"label": label, "topic": {"system": "urn:healthboard:medicine-checks", "code": rule, "display": rule}}


def _id(*parts: str) -> str:
    return str(uuid5(NAMESPACE_URL, "/".join(parts)))
