"""This is the place where records are pulled from a FHIR server that somebody else wrote, over a real connection."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.domain.records import Incoming
from core.errors import SourceRefused
from core.ports import ServerLogin
from core.sources.fhir.client import FhirServer
from core.sources.fhir.client_pull import Manner
from tests.fhir_server.live import LiveServer

pytestmark = pytest.mark.needs_fhir_server

EXACT = FhirServer(manner=Manner(overlap=timedelta(0)))
PRACTITIONER = {"resourceType": "Practitioner", "id": "dr-wu", "name": [{"text": "Wu Li"}]}


def person(patient_id: str) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": patient_id,
        "name": [{"text": "Pull Test"}],
        "birthDate": "1970-05-01",
        "gender": "female",
    }


def weight(number: int, patient_id: str, kilograms: float = 70.0) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": f"{patient_id}-weight-{number}",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        "subject": {"reference": f"Patient/{patient_id}"},
        "performer": [{"reference": "Practitioner/dr-wu"}],
        "effectiveDateTime": "2026-11-01T08:00:00+01:00",
        "valueQuantity": {"value": kilograms, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
    }


def pulled(server: LiveServer, patient_id: str, *, since: str = "", token: str = "") -> tuple[dict[str, Incoming], Any]:
    package = EXACT.pull(ServerLogin(server.base_url, patient_id, token or server.token, since))
    found = [entry for entry in package.entries() if isinstance(entry, Incoming)]
    return {f"{entry.kind}/{entry.record_id}": entry for entry in found}, package


def test_a_patient_is_searched_for_kind_by_kind(open_server):
    open_server.seed(PRACTITIONER, person("a"), person("b"), *(weight(number, "a") for number in range(5)), weight(1, "b"))
    found, package = pulled(open_server, "a")
    assert set(found) == {"Patient/a", "Practitioner/dr-wu", *(f"Observation/a-weight-{number}" for number in range(5))}
    assert package.complete and not package.report.everything
    assert found["Observation/a-weight-1"].subject == f"{open_server.base_url}|Patient/a"
    assert found["Observation/a-weight-1"].item.values[0].number == 70.0
    assert [one.reference for one in package.people()] == [f"{open_server.base_url}|Patient/a"]


def test_more_records_than_one_answer_holds_come_all(open_server):
    open_server.seed(PRACTITIONER, person("many"), *(weight(number, "many") for number in range(450)))
    found, package = pulled(open_server, "many")
    assert len(found) == 452 and package.complete


def test_after_an_update_only_what_changed_comes(open_server):
    open_server.seed(PRACTITIONER, person("later"), *(weight(number, "later") for number in range(3)))
    time.sleep(1.1)
    _, first = pulled(open_server, "later")
    assert first.next_since
    time.sleep(1.1)
    open_server.update(weight(1, "later", 71.5))
    found, second = pulled(open_server, "later", since=first.next_since)
    assert set(found) == {"Patient/later", "Observation/later-weight-1", "Practitioner/dr-wu"}
    assert found["Observation/later-weight-1"].item.values[0].number == 71.5
    assert second.complete and second.next_since > first.next_since


def test_an_unknown_patient_is_refused(open_server):
    with pytest.raises(SourceRefused) as refused:
        pulled(open_server, "nobody")
    assert refused.value.code == "patient_not_found"


def test_a_server_that_is_busy_is_waited_for(open_server):
    open_server.seed(person("patience"))
    open_server.be_busy(2)
    started = time.monotonic()
    found, package = pulled(open_server, "patience")
    assert "Patient/patience" in found and package.complete and time.monotonic() - started >= 2


def test_everything_comes_page_by_page_for_the_right_token(full_server):
    full_server.seed(PRACTITIONER, person("a"), person("b"), *(weight(number, "a") for number in range(120)), weight(1, "b"))
    found, package = pulled(full_server, "a")
    assert len(found) == 122 and package.complete
    assert package.report.everything and package.report.pages == 3


def test_everything_since_is_only_what_changed(full_server):
    full_server.seed(PRACTITIONER, person("e"), weight(1, "e"), weight(2, "e"))
    time.sleep(1.1)
    _, first = pulled(full_server, "e")
    time.sleep(1.1)
    full_server.update(weight(2, "e", 69.0))
    found, _ = pulled(full_server, "e", since=first.next_since)
    assert set(found) == {"Patient/e", "Observation/e-weight-2", "Practitioner/dr-wu"}


@pytest.mark.parametrize("token", ["wrong", "let-me-in-too"])
def test_a_wrong_token_is_refused(full_server, token):
    with pytest.raises(SourceRefused) as refused:
        pulled(full_server, "a", token=token)
    assert refused.value.code == "token_refused"


def test_a_recorded_life_comes_whole(open_server, shared_data):
    patient_id, resources = recorded_life(shared_data)
    open_server.seed(*resources)
    found, package = pulled(open_server, patient_id)
    wanted = {
        f"{one['resourceType']}/{one['id']}"
        for one in resources
        if one["resourceType"] in ("Observation", "Condition", "Encounter")
    }
    assert package.complete and len(wanted) > 50
    assert wanted <= set(found)


def recorded_life(shared: Path) -> tuple[str, list[dict[str, Any]]]:
    """One person of the Synthea material with references as a server would hold them."""
    files = sorted((shared / "fhir" / "synthea-r4").rglob("*.json"), key=lambda path: path.stat().st_size)
    for path in files:
        bundle = json.loads(path.read_text())
        resources = [entry["resource"] for entry in bundle.get("entry", ()) if "resource" in entry]
        patients = [one for one in resources if one["resourceType"] == "Patient"]
        if len(patients) == 1 and len(resources) > 100:
            names = {f"urn:uuid:{one['id']}": f"{one['resourceType']}/{one['id']}" for one in resources if "id" in one}
            text = json.dumps(resources)
            for urn, name in names.items():
                text = text.replace(urn, name)
            return patients[0]["id"], json.loads(text)
    pytest.skip("no recorded person large enough")
