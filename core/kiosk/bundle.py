"""This is the place where a visit at a kiosk becomes one FHIR R4 transaction. Pure, and the same visit always gives the same bytes.

Every resource has the identifier `urn:healthboard:kiosk-visit|<visit>#<n>` and is created only where none of that identifier is there yet: sent twice, it is there
once. The kiosk doesn't know whose record it is: the subject is the visit, by identifier, and the server says who that was. What the device or the person gave
is written as it was given; the mean of several blood pressures is a resource of its own that says what it was made from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

import msgspec

from core.domain.signals import SIGNALS
from core.kiosk.collecting import ALSO, NEEDED, mean_pressure
from core.kiosk.terms import Collected, Device, Measure, Reading
from core.questionnaires.answering import state
from core.questionnaires.known import of_key
from core.questionnaires.responses import Head, respond
from core.questionnaires.terms import Text

VISITS = "urn:healthboard:kiosk-visit"
HOW, FLAGS = "urn:healthboard:kiosk-how", "urn:healthboard:device-flag"
"""Code systems of tags: how a value came in ("typed", "bluetooth"), and what the device said about it."""
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
_CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"
PANEL, MEAN_PANEL = "85354-9", "96607-7"

CODES: Mapping[str, tuple[str, ...]] = {"spo2": ("2708-6", "59408-5"), "glucose": ("41653-7",)}
"""LOINC codes where the first of the signal's row isn't the right one: FHIR's profile of oxygen saturation wants the one of arterial blood beside the one of pulse
oximetry, and glucose is from a finger by a meter."""
NAMES: Mapping[str, str] = {
    PANEL: "Blood pressure panel with all children optional", "8480-6": "Systolic blood pressure", "8462-4": "Diastolic blood pressure", "8867-4": "Heart rate",
    MEAN_PANEL: "Blood pressure panel mean systolic and mean diastolic", "96608-5": "Systolic blood pressure mean", "96609-3": "Diastolic blood pressure mean",
    "29463-7": "Body weight", "2708-6": "Oxygen saturation in Arterial blood", "59408-5": "Oxygen saturation in Arterial blood by Pulse oximetry",
    "8310-5": "Body temperature", "41653-7": "Glucose [Mass/volume] in Capillary blood by Glucometer", "59284-0": "Consent Document",
}  # fmt: skip
"""LOINC's own names: what another system shows of a code."""
METRIC: Mapping[Measure, str] = {
    Measure.BLOOD_PRESSURE: PANEL, Measure.WEIGHT: "29463-7", Measure.OXYGEN: "59408-5", Measure.TEMPERATURE: "8310-5", Measure.GLUCOSE: "41653-7", Measure.PULSE: "8867-4",
}  # fmt: skip


def transaction(collected: Collected) -> bytes:
    """The Bundle as JSON, keys in order."""
    entries = _Entries(collected.visit_id)
    _consent(entries, collected)
    metrics = _devices(entries, collected)
    urls = [url for reading in collected.readings for url in _reading(entries, reading, metrics)]
    _mean(entries, collected, dict(urls))
    for key in sorted(collected.questionnaires):
        _response(entries, key, collected)
    bundle = (
        {"resourceType": "Bundle", "type": "transaction", "entry": entries.made}
        if entries.made
        else {"resourceType": "Bundle", "type": "transaction"}
    )
    return msgspec.json.encode(bundle, order="sorted")


def identifier(visit_id: str, number: int) -> dict[str, str]:
    """What a resource of a visit is known by."""
    return {"system": VISITS, "value": f"{visit_id}#{number}"}


class _Entries:
    """The entries as they are made, each with the next number."""

    def __init__(self, visit_id: str) -> None:
        self.visit_id = visit_id
        self.subject = {"type": "Patient", "identifier": {"system": VISITS, "value": visit_id}}
        self.made: list[dict[str, Any]] = []

    def add(self, kind: str, content: Mapping[str, Any], *, many: bool = True) -> str:
        """One resource; the address it has within the bundle. `many`: its identifier is a list (it isn't in a QuestionnaireResponse)."""
        known = identifier(self.visit_id, len(self.made) + 1)
        token = f"{VISITS}|{known['value']}"
        url = f"urn:uuid:{uuid5(NAMESPACE_URL, token)}"
        query = f"identifier={quote(token, safe=':')}"
        resource = {"resourceType": kind, "identifier": [known] if many else known, **content}
        self.made.append({"fullUrl": url, "resource": resource, "request": {"method": "POST", "url": kind, "ifNoneExist": query}})
        return url


def _consent(entries: _Entries, collected: Collected) -> None:
    at = collected.consented_at
    if at is None:
        return
    coded = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "OPTIN"}]}
    entries.add("Consent", {
        "status": "active", "patient": entries.subject, "dateTime": _moment(at), "policyRule": coded,
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]},
        "category": [_loinc("59284-0")],
        "provision": {"type": "permit", "period": {"start": _moment(at), "end": _moment(_end_of_day(at))}},
    })  # fmt: skip


def _devices(entries: _Entries, collected: Collected) -> dict[tuple[Device, Measure], str]:
    """A Device for each that measured, a DeviceMetric for each thing it measured; the metric's address by both."""
    owners: dict[Device, str] = {}
    metrics: dict[tuple[Device, Measure], str] = {}
    for reading in collected.readings:
        device = reading.device
        if device is None or (device, reading.measure) in metrics:
            continue
        if device not in owners:
            owners[device] = entries.add("Device", _device(device))
        coded = _loinc(METRIC[reading.measure])
        metrics[device, reading.measure] = entries.add(
            "DeviceMetric", {"type": coded, "source": {"reference": owners[device]}, "category": "measurement"}
        )
    return metrics


def _device(device: Device) -> dict[str, Any]:
    said: dict[str, Any] = {"manufacturer": device.maker, "modelNumber": device.model, "serialNumber": device.serial}
    made = {name: text for name, text in said.items() if text.strip()}
    if device.model.strip():
        made["deviceName"] = [{"name": device.model, "type": "model-name"}]
    return {**made, "meta": {"tag": [{"system": "urn:healthboard:device-validated", "code": device.validated or "unknown"}]}}


def _reading(entries: _Entries, reading: Reading, metrics: Mapping[tuple[Device, Measure], str]) -> Iterator[tuple[str, str]]:
    """The observations of one reading: both halves of a pressure in one, everything else by itself. Yields ("at", address) of pressures.
    What doesn't belong to the measure stays in what was collected alone."""
    rest = {
        signal: value
        for signal, value in reading.values.items()
        if signal in (*NEEDED[reading.measure], *ALSO.get(reading.measure, ()))
    }
    about = _about(entries, reading, metrics)
    if "sbp" in rest and "dbp" in rest:
        parts = [{"code": _code(signal), "valueQuantity": _quantity(signal, rest.pop(signal))} for signal in ("sbp", "dbp")]
        yield (
            _moment(reading.at),
            entries.add("Observation", {**about, "category": _category("vital-signs"), "code": _loinc(PANEL), "component": parts}),
        )
    for signal in sorted(rest):
        category = "laboratory" if SIGNALS[signal].category == "lab" else "vital-signs"
        entries.add(
            "Observation",
            {**about, "category": _category(category), "code": _code(signal), "valueQuantity": _quantity(signal, rest[signal])},
        )


def _about(entries: _Entries, reading: Reading, metrics: Mapping[tuple[Device, Measure], str]) -> dict[str, Any]:
    tags = [{"system": HOW, "code": reading.how}, *({"system": FLAGS, "code": flag} for flag in sorted(set(reading.flags)))]
    made = {"status": "final", "subject": entries.subject, "effectiveDateTime": _moment(reading.at), "meta": {"tag": tags}}
    metric = metrics.get((reading.device, reading.measure)) if reading.device else None
    return {**made, "device": {"reference": metric}} if metric else made


def _mean(entries: _Entries, collected: Collected, urls: Mapping[str, str]) -> None:
    mean = mean_pressure(collected.readings)
    if mean is None:
        return
    parts = [
        {"code": _code(name), "valueQuantity": _quantity(name, value)}
        for name, value in (("sbp_mean", mean.sbp), ("dbp_mean", mean.dbp))
    ]
    entries.add("Observation", {
        "status": "final", "subject": entries.subject, "effectiveDateTime": _moment(mean.of[-1].at), "category": _category("vital-signs"), "code": _loinc(MEAN_PANEL),
        "component": parts, "derivedFrom": [{"reference": urls[_moment(one.at)]} for one in mean.of if _moment(one.at) in urls],
    })  # fmt: skip


def _response(entries: _Entries, key: str, collected: Collected) -> None:
    """A form of ours that was filled in. One nobody here knows is left to the server, which has the answers as they were given."""
    form = of_key(key)
    if form is None:
        return
    head = Head("", "", collected.finished_at or collected.started_at, True)
    found = state(form, collected.questionnaires[key])  # type: ignore[arg-type]
    made = respond(form, found, head, _no_words)
    content = {name: _said(value) for name, value in made.items() if name not in ("resourceType", "id", "meta")}
    content["status"] = "in-progress" if found.wrong else "completed"
    entries.add("QuestionnaireResponse", {**content, "subject": entries.subject}, many=False)


def _no_words(text: Text) -> str:
    """The kiosk writes answers by their codes; which words were asked in, the questionnaire's address and the visit's language say."""
    return ""


def _said(node: Any) -> Any:
    """Without empty texts: FHIR has none."""
    if isinstance(node, dict):
        return {name: _said(value) for name, value in node.items() if value != ""}
    return [_said(one) for one in node] if isinstance(node, list) else node


def _code(signal: str) -> dict[str, Any]:
    return _loinc(*CODES.get(signal, SIGNALS[signal].loinc[:1]))


def _loinc(*codes: str) -> dict[str, Any]:
    return {"coding": [{"system": LOINC, "code": code, "display": NAMES[code]} for code in codes]}


def _category(code: str) -> list[dict[str, Any]]:
    return [{"coding": [{"system": _CATEGORIES, "code": code}]}]


def _quantity(signal: str, value: float) -> dict[str, Any]:
    unit = SIGNALS[signal].unit
    return {"value": int(value) if value == int(value) else value, "unit": unit, "system": UCUM, "code": unit}


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _end_of_day(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1, seconds=-1)
