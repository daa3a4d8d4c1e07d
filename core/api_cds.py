"""This is the place where another system asks for advice by CDS Hooks 2.0: what it sends along is judged by the same rules, and nothing of ours is read.

Off unless it is turned on. A request is answered from its prefetch alone, so whoever asks learns nothing they did not send; nothing of it is kept. What
can't be used is refused with its place; a table that can't be used is an error, never an empty list of cards.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.advice.engine import advise
from core.advice.table import ADVICE, AdviceTable
from core.advice.terms import REASONS, Outcome, Severity
from core.care.advice_facts import of_foreign
from core.domain.records import Incoming, PersonProfile, Record, SourceMark, Standing
from core.errors import BadInput, FileRefused, HealthboardError, TableUnavailable
from core.medications.tables import load
from core.ports import Package, Ports, Upload
from core.ui.words import languages, words

SERVICE = "healthboard-advice"
MOST_BYTES = 5_000_000
MOST_FEEDBACK = 200
PREFETCH: Mapping[str, str] = {
    "patient": "Patient/{{context.patientId}}",
    "conditions": "Condition?patient={{context.patientId}}",
    "observations": "Observation?patient={{context.patientId}}",
    "procedures": "Procedure?patient={{context.patientId}}",
    "immunizations": "Immunization?patient={{context.patientId}}",
}
SUMMARY_MOST = 139
"""Characters: a summary has fewer than 140."""
_INDICATOR = {Severity.URGENT: "critical", Severity.SOON: "warning"}
_SOURCE = SourceMark("cds", "server", "CDS Hooks")
_OUTCOMES = ("accepted", "overridden")

Opened = Callable[[], Ports]


class _Refused(Exception):
    """The request can't be answered: the status, and what is said."""

    def __init__(self, status: int, code: str, place: str, need: str) -> None:
        super().__init__(code)
        self.status, self.body = status, {"error": code, "place": place, "need": need}


def cds_routes(ports: Opened) -> list[Route]:
    """Discovery, the service, and its feedback."""
    return [
        Route("/cds-services", _discovery, methods=["GET"]),
        Route(f"/cds-services/{SERVICE}", _answering(ports, _cards), methods=["POST"]),
        Route(f"/cds-services/{SERVICE}/feedback", _answering(ports, _feedback), methods=["POST"]),
    ]


def _discovery(_request: Request) -> Response:
    service = {
        "hook": "patient-view",
        "id": SERVICE,
        "title": words("en")("nav.advice"),
        "description": words("en")("advice.lead"),
        "prefetch": dict(PREFETCH),
    }
    return JSONResponse({"services": [service]})


def _answering(ports: Opened, answer: Callable[[Ports, dict[str, Any], str], dict[str, Any]]) -> Callable[[Request], Any]:
    async def answering(request: Request) -> Response:
        """200; 400 and 412 with the place of what is wrong or missing, 413 past the limit, 503 where the table can't be used."""
        wanted = request.headers.get("accept-language", "").partition(",")[0].strip()
        language = "zh_Hans" if wanted.lower().startswith("zh") and "zh_Hans" in languages() else "en"
        try:
            found = _object(_parsed(await _body(request)), "body")
            return JSONResponse(await run_in_threadpool(answer, ports(), found, language))
        except _Refused as error:
            return JSONResponse(error.body, status_code=error.status)
        except TableUnavailable as error:
            return JSONResponse({"error": error.code, **error.facts}, status_code=503)

    return answering


async def _body(request: Request) -> bytes:
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > MOST_BYTES:
            raise _Refused(413, "file_too_large", "body", f"at most {MOST_BYTES} bytes")
        pieces.append(piece)
    return b"".join(pieces)


def _parsed(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise _Refused(400, "bad_input", "body", "JSON") from None


def _object(found: Any, place: str) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise _Refused(400, "bad_input", place, "an object")
    return found


def _uuid(found: Any, place: str) -> str:
    try:
        return str(UUID(found))
    except (ValueError, TypeError, AttributeError):
        raise _Refused(400, "bad_input", place, "a UUID") from None


# ------------------------------------------------------------------------------------------------------------------ the service


def _cards(ports: Ports, found: dict[str, Any], language: str) -> dict[str, Any]:
    if found.get("hook") != "patient-view":
        raise _Refused(400, "bad_input", "hook", "patient-view")
    instance = _uuid(found.get("hookInstance"), "hookInstance")
    patient_id = _object(found.get("context"), "context").get("patientId")
    if not isinstance(patient_id, str) or not patient_id:
        raise _Refused(400, "bad_input", "context.patientId", "the id of a Patient")
    prefetch = _object(found["prefetch"], "prefetch") if "prefetch" in found else {}
    table = _table(ports)
    now = ports.clock.now()
    profile, records = _records(ports, _resources(prefetch, patient_id), now)
    facts, deceased = of_foreign(profile, records, now)
    made = advise(facts, table, now, deceased=deceased)
    return {"cards": [_card(one, table, instance, language) for one in made.cards]}


def _table(ports: Ports) -> AdviceTable:
    if ports.tables is None:
        raise TableUnavailable(table=ADVICE.name, why="missing")
    rules = load(ports.tables.read, (ADVICE,))
    if not rules.has(ADVICE):
        raise TableUnavailable(table=ADVICE.name, why=rules.states[0].fault)
    return rules.of(ADVICE)


def _resources(prefetch: Mapping[str, Any], patient_id: str) -> list[dict[str, Any]]:
    """All resources that were sent along, the patient first. Others than the asked patient's are refused."""
    patient = prefetch.get("patient")
    if patient is None:
        raise _Refused(412, "missing", "prefetch.patient", "the Patient resource")
    patient = _object(patient, "prefetch.patient")
    if patient.get("resourceType") != "Patient" or patient.get("id") != patient_id:
        raise _Refused(400, "bad_input", "prefetch.patient", "the Patient of context.patientId")
    made = [patient]
    for key in PREFETCH:
        if key == "patient" or prefetch.get(key) is None:
            continue
        whole = _object(prefetch[key], f"prefetch.{key}")
        entries = whole.get("entry", []) if whole.get("resourceType") == "Bundle" else None
        if not isinstance(entries, list):
            raise _Refused(400, "bad_input", f"prefetch.{key}", "a Bundle")
        for at, entry in enumerate(entries):
            place = f"prefetch.{key}.entry[{at}].resource"
            resource = _object(_object(entry, place).get("resource"), place)
            subject = resource.get("subject") or resource.get("patient")
            reference = subject.get("reference") if isinstance(subject, dict) else None
            if not isinstance(reference, str) or reference.rpartition("/")[2] != patient_id:
                raise _Refused(400, "bad_input", place, "a resource of the Patient of context.patientId")
            made.append(resource)
    return made


def _records(ports: Ports, resources: list[dict[str, Any]], now: datetime) -> tuple[PersonProfile, list[Record]]:
    """Read as files are read. A resource that can't be read is left out: what it would have said stays unknown."""
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}
    try:
        package = ports.reader.open((Upload("prefetch.json", io.BytesIO(orjson.dumps(bundle))),))
        if not hasattr(package, "people"):
            raise FileRefused("not_records", place="prefetch", need="FHIR records")
        package = cast(Package, package)
        people = package.people()
        entries = [one for one in package.entries() if isinstance(one, Incoming) and one.item is not None and not one.retracts]
    except (FileRefused, BadInput) as error:
        raise _Refused(400, error.code, "prefetch", "FHIR R4 resources") from None
    except HealthboardError as error:
        raise _Refused(400, error.code, "prefetch", "FHIR R4 resources") from None
    records = [Record(one.record_id or one.path, one.item, Standing.CURRENT, (_SOURCE,), now, one.problems) for one in entries if one.item is not None]
    return (people[0].profile if people else PersonProfile()), records


def _card(one: Outcome, table: AdviceTable, instance: str, language: str) -> dict[str, Any]:
    row, t = table.by_id[one.rule], words(language)
    year = f" ({row.year})" if row.year else ""
    grade = f", {row.grade}" if row.grade else ""
    return {
        "uuid": str(uuid5(NAMESPACE_URL, f"{instance}/{one.rule}")),
        "summary": t("advice.title." + one.rule)[:SUMMARY_MOST],
        "detail": "\n\n".join((t("advice.now." + one.rule), t("advice.sure." + one.sure), t("safety.status." + row.status))),
        "indicator": _INDICATOR.get(one.severity, "info"),
        "source": {"label": f"{row.source}{year}{grade}", "topic": {"system": "urn:healthboard:advice", "code": one.rule}},
        "overrideReasons": [{"code": code, "system": "urn:healthboard:advice-reason", "display": t("advice.reason." + code)} for code in REASONS],
    }


def _feedback(_ports: Ports, found: dict[str, Any], _language: str) -> dict[str, Any]:
    """Looked at and answered; nothing is kept, since it is about nobody we know."""
    told = found.get("feedback")
    if not isinstance(told, list) or not 0 < len(told) <= MOST_FEEDBACK:
        raise _Refused(400, "bad_input", "feedback", f"a list of 1 to {MOST_FEEDBACK}")
    for at, one in enumerate(told):
        _uuid(_object(one, f"feedback[{at}]").get("card"), f"feedback[{at}].card")
        if one.get("outcome") not in _OUTCOMES:
            raise _Refused(400, "bad_input", f"feedback[{at}].outcome", " or ".join(_OUTCOMES))
    return {}
