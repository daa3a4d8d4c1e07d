"""This is the place where answered questionnaires are laid down in the record as FHIR, and found there again."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, cast

from core.care.access import Grant
from core.care.questionnaire_views import Filling, Past
from core.domain.ledger import Ledger, LedgerLine, Outcome
from core.domain.records import Original, Record, Reject, Standing
from core.errors import BadInput, Conflict
from core.ports import ImportHead, Package, Ports, Upload
from core.questionnaires.answering import crisis_value
from core.questionnaires.fhir_read import Rejected, read
from core.questionnaires.fhir_write import Wording
from core.questionnaires.known import by_canonical
from core.questionnaires.responses import Answered, Head, answered, concern, observation, read_again, respond
from core.questionnaires.scoring import score
from core.questionnaires.terms import Item, Questionnaire
from core.trends.concern import SelfHarmAnswer

SOURCE = "manual"
DRAWER = "questionnaires"
FORM, RESPONSE = "Questionnaire", "QuestionnaireResponse"
_FINISHED = frozenset({"completed", "amended"})


def lay_down(ports: Ports, person_id: str, grant: Grant, filling: Filling, wording: Wording, finished: bool) -> Ledger:
    """Keep a form as it stands: the response, its score where there is one, and the answer that opens the crisis path, in one transaction. The same
    again is unchanged; a later state takes the place of an earlier one."""
    now = ports.clock.now()
    head = Head(filling.response_id, subject_of(ports, person_id, grant), now, finished)
    made = resources(filling, head, wording)
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in made]}
    upload = Upload("answers.json", io.BytesIO(json.dumps(bundle, ensure_ascii=False).encode()))
    package = cast(Package, ports.reader.open((upload,)))
    with ports.store.importing(ImportHead(SOURCE, SOURCE, "", now), grant.event(SOURCE), person_id=person_id) as importing:
        for entry in package.entries():
            if isinstance(entry, Reject):
                raise BadInput("answers_unfit", place=entry.path, need="answers that can be kept")
            ours = replace(entry, subject="", problems=tuple(code for code in entry.problems if not code.startswith("subject")))
            outcome, record_id = importing.put(person_id, ours)
            reason = "kept_not_shown" if outcome is Outcome.KEPT_RAW else ""
            importing.line(person_id, LedgerLine(entry.path, entry.kind, outcome, reason, record_id))
        return importing.finish(finished_at=now)


def resources(filling: Filling, head: Head, wording: Wording) -> list[dict[str, Any]]:
    """What is kept of a form: the response; when it is finished its score; and the answer of the question that opens the crisis path, at once where
    it is above "not at all". Where such an answer was taken back before the end, what was kept of it stays."""
    form, found = filling.questionnaire, filling.state
    made = [respond(form, found, head, wording)]
    scored = score(form, found) if head.finished else None
    if scored is not None and scored.value is not None:
        made.append(observation(form, scored, head, wording))
    for one in asked_of_crisis(form):
        value = crisis_value(one, found.answers)
        answered_now = one.link_id in found.answers
        if value > 0 or (answered_now and head.finished and not filling.concern):
            made.append(concern(one, found, head, wording))
    return made


def asked_of_crisis(form: Questionnaire) -> tuple[Item, ...]:
    """The questions of a form that open the crisis path."""
    return tuple(one for one in form.every() if one.crisis)


def subject_of(ports: Ports, person_id: str, grant: Grant) -> str:
    """The reference to the person's own Patient record, "" where there is none."""
    found = [one for one in ports.store.originals(person_id, grant.event(RESPONSE), kinds=("Patient",)) if one.origin_id]
    return _reference(found[0]) if found else ""


def _reference(patient: Original) -> str:
    if patient.origin.startswith(("http://", "https://")):
        return f"{patient.origin.rstrip('/')}/{patient.origin_id}"
    return patient.origin_id


def kept(ports: Ports, person_id: str, grant: Grant) -> tuple[tuple[Record, Mapping[str, Any]], ...]:
    """Every questionnaire and every response of the record that counts, with its JSON."""
    found = ports.store.records(person_id, grant.event("questionnaires"), kinds=(FORM, RESPONSE), every_standing=True)
    living = {one.record_id: one for one in found if one.standing in (Standing.RAW, Standing.CURRENT)}
    originals = ports.store.originals(person_id, grant.event("questionnaires"), kinds=(FORM, RESPONSE))
    return tuple((living[one.record_id], _json(one.raw)) for one in originals if one.record_id in living)


def forms_of(records: Sequence[tuple[Record, Mapping[str, Any]]]) -> tuple[dict[str, Questionnaire], list[tuple[str, str]]]:
    """The forms that came with the record, by key, one for each address; and those that can't be shown: (record id, reason). One of ours is offered
    once, as ours."""
    found: dict[str, Questionnaire] = {}
    refused = []
    for record, resource in records:
        if record.item.kind != FORM:
            continue
        form = read(resource)
        if isinstance(form, Rejected):
            refused.append((record.record_id, form.why))
        elif by_canonical(form.url) is None:
            key = team_key(form.url)
            found.setdefault(key, replace(form, key=key))
    return found, refused


def team_key(url: str) -> str:
    """A short name for a form that came with the record: addresses may be long."""
    return f"team-{sha256(url.encode()).hexdigest()[:16]}"


def past(form: Questionnaire, records: Sequence[tuple[Record, Mapping[str, Any]]]) -> tuple[Past, ...]:
    """Every finished answer to this form, the newest first."""
    found = [_past(form, record, one) for record, one in _responses(records) if _answers(form, one)]
    return tuple(sorted(found, key=lambda one: one.when, reverse=True))


def strange(forms: Sequence[Questionnaire], records: Sequence[tuple[Record, Mapping[str, Any]]]) -> int:
    """How many finished responses answer none of these forms."""
    return sum(not any(_answers(form, one) for form in forms) for _, one in _responses(records))


def _responses(records: Sequence[tuple[Record, Mapping[str, Any]]]) -> Iterator[tuple[Record, Answered]]:
    for record, resource in records:
        one = answered(resource)
        if one is not None and one.status in _FINISHED:
            yield record, one


def _answers(form: Questionnaire, one: Answered) -> bool:
    known = by_canonical(one.canonical)
    if known is not None:
        return known.key == form.key
    return one.canonical.partition("|")[0] == form.url


def _past(form: Questionnaire, record: Record, one: Answered) -> Past:
    found = read_again(form, one)
    return Past(record.record_id, one.authored, score(form, found), found, record.sources)


def _json(raw: bytes) -> Mapping[str, Any]:
    found = json.loads(raw)
    return found if isinstance(found, dict) else {}


def self_harm_answers(ports: Ports, person_id: str, grant: Grant, records: Sequence[Record]) -> tuple[SelfHarmAnswer, ...]:
    """The answers to the question that opens the crisis path, of every response of the record, finished or not. `records` is the whole record as it
    was read before: where no response is in it nothing more is read."""
    if not any(one.item.kind == RESPONSE for one in records):
        return ()
    found = []
    for original in ports.store.originals(person_id, grant.event("questionnaires"), kinds=(RESPONSE,)):
        one = answered(_json(original.raw))
        form = by_canonical(one.canonical) if one else None
        if one is not None and form is not None:
            held = read_again(form, one).answers
            values = [crisis_value(item, held) for item in asked_of_crisis(form) if item.link_id in held]
            found += [SelfHarmAnswer(one.authored, value, original.record_id) for value in values]
    return tuple(found)


def drafts(ports: Ports, person_id: str, grant: Grant) -> dict[str, Any]:
    """The forms that aren't finished, by key: one drawer holds them all."""
    return dict(_json(ports.store.drawer(person_id, DRAWER, grant.event("drafts")) or b"{}"))


def put_draft(ports: Ports, person_id: str, grant: Grant, key: str, filling: Filling | None) -> None:
    """Keep a form as it stands, or (None) throw its draft away; the others stay as they lie there at this moment."""
    for last in (False, True):
        was = ports.store.drawer(person_id, DRAWER, grant.event("drafts"))
        held = {name: one for name, one in _json(was or b"{}").items() if name != key}
        if filling is not None:
            held[key] = _as_draft(filling, ports.clock.now())
        body = json.dumps(held, ensure_ascii=False).encode() if held else b""
        try:
            ports.store.put_in_drawer(person_id, DRAWER, body, grant.event(key), was=was)
        except Conflict:  # another tab was quicker: once more, with what it left
            if last:
                raise
        else:
            return


def _as_draft(filling: Filling, at: datetime) -> dict[str, Any]:
    """A form that isn't finished, as it lies in the drawer."""
    return {
        "started_at": filling.started_at.isoformat(), "saved_at": at.isoformat(), "response_id": filling.response_id,
        "concern": filling.concern, "answers": dict(filling.answers),
    }  # fmt: skip


def of_draft(form: Questionnaire, found: Mapping[str, Any]) -> Filling:
    """The form that lay in the drawer. Answers that no longer fit its questions don't count (core/questionnaires/answering.py)."""
    return Filling(
        form, datetime.fromisoformat(found["started_at"]), found["response_id"], found["answers"],
        datetime.fromisoformat(found["saved_at"]), found["concern"],
    )  # fmt: skip
