"""This is the place where `check-medicines` is: the safety checks over the medicines in a file, without a store."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, cast

import orjson

from core.care.medicine_checks import facts_of, known_of, rules_of
from core.care.medicine_facts import Known, orders_now
from core.commands.answer import Answer
from core.commands.series import day
from core.domain.records import Incoming, PersonProfile, Record, Reject, SourceMark, Standing
from core.errors import BadInput, FileRefused
from core.medications.checking import check, with_left
from core.medications.daily_dose import daily_of
from core.medications.facts import PersonFacts
from core.medications.findings import Checked, Finding, NotChecked, TableState, Taken
from core.medications.ingredients import INGREDIENTS
from core.medications.reading import regimen
from core.medications.tables import Rules
from core.ports import Package, PackagePerson, Upload
from core.rules import ShippedTables
from core.trends.reading import readings
from core.ui.words import Words, words

_SOURCE = SourceMark("file", "file", "file")


def show(given: Namespace) -> Answer:
    """Findings, what could not be checked, coverage and tables. Exit status 0 also where there are findings; 1 where the file can't be read. Raises
    FileRefused, BadInput (several people and none named, or none of that name)."""
    from core.wiring import FilesWhenAsked, SystemClock

    asked = day(given.day, "--as-of")
    now = SystemClock().now() if asked is None else datetime.combine(asked, time(), UTC) + timedelta(days=1, seconds=-1)
    if not given.bundle.is_file():
        raise FileRefused("file_missing", place=str(given.bundle), need="a file of FHIR records")
    package = FilesWhenAsked().open([Upload(given.bundle.name, given.bundle)])
    if not hasattr(package, "people"):
        raise FileRefused("not_records", place=given.bundle.name, need="FHIR records, not what a device exports")
    rules = rules_of(ShippedTables(given.tables) if given.tables else ShippedTables())
    found, facts = _checked(cast(Package, package), given.subject, rules, now)
    say = words(given.language)
    document = _document(found, facts, rules, say)
    return Answer(document, _lines(document, say))


def _checked(package: Package, subject: str, rules: Rules, now: datetime) -> tuple[Checked, PersonFacts]:
    person = _person(package.people(), subject)
    mine = {"", *((person.reference, *person.others) if person else ())}
    every = list(package.entries())
    entries = [one for one in every if isinstance(one, Incoming) and one.item is not None]
    unread = [NotChecked("record", one.path, "unread_record") for one in every if isinstance(one, Reject)]
    if not any(isinstance(one, Incoming) for one in every):
        raise FileRefused("empty", place="the file", need="a FHIR record")
    if person is None and len({one.subject for one in entries if one.subject}) > 1:
        raise BadInput("several_people", place="--subject", need="one of: " + ", ".join(sorted({one.subject.rpartition("|")[2] for one in entries if one.subject})[:20]))
    kept = [(_record(one, now), one.raw) for one in entries if person is None or one.subject in mine]
    records = [record for record, _ in kept]
    raws = {record.record_id: raw for record, raw in kept}
    profile = person.profile if person else PersonProfile()
    known = known_of(Known(profile, records, readings(records)), rules, lambda record: raws[record.record_id])
    orders = orders_now(records, now)
    daily = {one.record_id: mg for one in orders if (mg := _daily(one, raws[one.record_id], now)) is not None}
    facts = replace(facts_of(known, orders, rules, now), daily=daily)
    return with_left(check(rules, facts), unread), facts


def _daily(order: Record, raw: bytes, now: datetime) -> float | None:
    """How many mg a day an order comes to, None where that can't be told."""
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    given = found.get("dosageInstruction") or found.get("dosage") if isinstance(found, dict) else None
    return daily_of(order.item.concept.title, regimen(given, order.item.start, order.item.end), now)


def _person(people: Sequence[PackagePerson], subject: str) -> PackagePerson | None:
    """Who it is about: the only Patient of the file, or the one that is named by id or name."""
    if not subject:
        if len(people) > 1:
            names = ", ".join(one.reference.rpartition("|")[2] for one in people[:20])
            raise BadInput("several_people", place="--subject", need=f"one of: {names}")
        return people[0] if people else None
    named = [one for one in people if subject in (one.reference.rpartition("|")[2], one.reference.rpartition("/")[2], one.profile.name)]
    if len(named) != 1:
        raise BadInput("unknown_subject", place="--subject", need="the id or the name of one Patient in the file")
    return named[0]


def _record(entry: Incoming, now: datetime) -> Record:
    assert entry.item is not None
    standing = Standing.RETRACTED if entry.retracts else Standing.CURRENT
    return Record(f"{entry.kind}/{entry.record_id}" if entry.record_id else entry.path, entry.item, standing, (_SOURCE,), now, entry.problems)


# ------------------------------------------------------------------------------------------------------------------ the answer


def _document(found: Checked, facts: PersonFacts, rules: Rules, say: Words) -> dict[str, Any]:
    names = {one.medicine_id: _medicine(one, rules) for one in facts.medicines}
    return {
        "state": found.state,
        "as_of": facts.day.isoformat(),
        "findings": [_finding(one, names, say) for one in found.findings],
        "not_checked": [_not_checked(one, say) for one in found.not_checked],
        "coverage": {"medicines": found.medicines, "coded": found.coded, "share": found.coded / found.medicines if found.medicines else None},
        "medicines": list(names.values()),
        "tables": [_table(one) for one in found.tables],
    }


def _medicine(one: Taken, rules: Rules) -> dict[str, Any]:
    table = rules.of(INGREDIENTS) if rules.has(INGREDIENTS) else None
    return {
        "id": one.medicine_id,
        "title": one.title,
        "ingredients": [table.title(key) if table else key for key in one.ingredients],
        "atc": list(one.atc),
        "route": one.route or None,
        "unread": one.unread or None,
    }


def _finding(one: Finding, names: dict[str, dict[str, Any]], say: Words) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "rule": one.rule,
        "severity": int(one.severity),
        "severity_word": one.severity.name.lower(),
        "medicines": [{key: names[medicine_id][key] for key in ("id", "title", "ingredients")} for medicine_id in one.medicines if medicine_id in names],
        "patient": say(one.what, **one.facts) if one.told_to_patients else None,
        "clinician": say(one.why, **one.facts),
        "for_patients": one.for_patients,
        "source": asdict(one.source),
        "facts": dict(one.facts),
    }


def _not_checked(one: NotChecked, say: Words) -> dict[str, Any]:
    return {"check": one.check, "subject": one.subject or None, "why": one.why, "medicine": one.medicine_id or None, "sentence": say(f"check.not.{one.why}")}


def _table(one: TableState) -> dict[str, Any]:
    return {**asdict(one), "fault": one.fault or None}


def _lines(document: dict[str, Any], say: Words) -> list[str]:
    """The same for people at a terminal: clinicians' words."""
    lines = [f"state: {document['state']}"]
    lines += [f"TABLE {one['name']}: {one['fault']}" for one in document["tables"] if one["fault"]]
    for one in document["findings"]:
        memory = "" if one["source"]["status"] == "verified" else f" [{one['source']['status']}]"
        lines.append(f"{one['severity']} {one['severity_word']}  {one['kind']} {one['rule']}{memory}: {one['clinician']}")
    lines += [f"not checked ({one['check']}): {one['subject'] or '-'}: {one['sentence']}" for one in document["not_checked"]]
    return [*lines, _share(document["coverage"])]


def _share(coverage: dict[str, Any]) -> str:
    return f"medicines: {coverage['medicines']}, understood: {coverage['coded']}"

