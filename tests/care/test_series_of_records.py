"""This is the place where it is tested that the series of a record live and go with the record, in tables and in pictures alike."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest

from core.care import offers, pictures, series, series_choices, sources, trends
from core.care.access import COMMAND_LINE
from core.care.picture_views import PictureQuery
from core.care.placing import Whose
from core.domain.people import Role
from core.ports import Ports, Store
from tests.care.given import add_account, add_person, bring, bundle, event, parcel, patient, ports_with, signed_in
from tests.care.stores import STORES

BASE = "https://clinic.example.org/fhir"


def day(data: str, record_id: str = "g1", start: str = "2026-11-20T08:00:00+01:00", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": record_id, "status": "final", "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "99504-3"}]}, "effectiveDateTime": start,
        "valueSampledData": {
            "origin": {"value": 0, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"},
            "period": 900_000, "dimensions": 1, "data": data,
        }, **more,
    }  # fmt: skip


@pytest.fixture(params=STORES)
def ports(request: pytest.FixtureRequest) -> Ports:
    return ports_with(cast(Store, request.getfixturevalue(request.param)))


def told(ports: Ports, person_id: str, every: str = "raw") -> tuple[float, ...]:
    return series.table(ports, COMMAND_LINE, person_id, "cgm_glucose", (None, None), every).value


def test_a_series_is_in_the_table_once_however_often_it_comes(ports: Ports) -> None:
    person_id = add_person(ports)
    for _ in range(2):
        bring(ports, bundle(patient(), day("100 E 110 120")), whose=Whose(person_id))
    assert told(ports, person_id) == (100, 110, 120)
    bring(
        ports,
        parcel(bundle(patient(), day("100 E 110 120"), base="https://other.example/fhir"), "copy.json", "Copy"),
        whose=Whose(person_id),
    )
    assert told(ports, person_id) == (100, 110, 120)


def test_a_newer_version_replaces_the_series_and_a_retraction_takes_it_away(ports: Ports) -> None:
    person_id = add_person(ports)
    first = day("100 110", meta={"versionId": "1", "lastUpdated": "2026-11-20T10:00:00Z"})
    second = day("90 95", meta={"versionId": "2", "lastUpdated": "2026-11-20T11:00:00Z"})
    wrong = day("90 95", status="entered-in-error", meta={"versionId": "3", "lastUpdated": "2026-11-20T12:00:00Z"})
    for number, (body, expected) in enumerate(
        ((first, (100, 110)), (second, (90, 95)), (first, (90, 95)), (wrong, ()), (second, ()))
    ):
        bring(ports, parcel(bundle(patient(), body), f"{number}.json", "Clinic"), whose=Whose(person_id))
        assert told(ports, person_id) == expected


def test_what_goes_with_its_source_has_no_samples(ports: Ports) -> None:
    person_id = add_person(ports)
    bring(ports, bundle(patient(), day("100 110")), whose=Whose(person_id))
    source = ports.store.sources(person_id, event())[0]
    sources.remove(ports, COMMAND_LINE, person_id, source.source_id)
    assert told(ports, person_id) == ()


def test_a_series_with_several_dimensions_is_declined_with_its_reason(ports: Ports) -> None:
    person_id = add_person(ports)
    body = day("100 1 110 2")
    body["valueSampledData"]["dimensions"] = 2
    report = bring(ports, bundle(patient(), body), whose=Whose(person_id))
    assert dict(report.counts)["quarantined"] == 1
    assert [line.reason for file in report.files for line in file.lines] == ["series_many_dimensions"]
    assert told(ports, person_id) == ()


def test_a_sensor_that_brings_the_same_time_itself_counts_once(ports: Ports) -> None:
    person_id = add_person(ports)
    series_choices.set_zone(ports, COMMAND_LINE, person_id, "Europe/Berlin")
    bring(ports, bundle(patient(), day("100 110 120 130")), whose=Whose(person_id))
    rows = "".join(
        f"2026-11-20T08:{minute:02d}:00+01:00,{100 + minute * 2 // 3},mg/dL,cgm_glucose,Sensor\n" for minute in range(0, 50, 5)
    )
    bring(ports, parcel(f"time,value,unit,signal,device\n{rows}".encode(), "sensor.csv"), whose=Whose(person_id))
    made = series.table(ports, COMMAND_LINE, person_id, "cgm_glucose", (None, None), "raw")
    assert len(made.value) == 10
    assert sum(count for _, _, count in made.discarded) == 4


def test_the_picture_and_the_offers_know_the_series(ports: Ports) -> None:
    person_id = add_person(ports)
    actor = signed_in(ports, add_account(ports, Role.PATIENT, "casey", persons=(person_id,)))
    bring(ports, bundle(patient(), day(" ".join(["100"] * 96))), whose=Whose(person_id))
    kept = trends.shelf(ports, actor, person_id)
    offered = offers.offers(ports, actor, person_id, kept)
    assert "cgm_glucose" in offered.signals
    made = pictures.picture(ports, actor, person_id, PictureQuery(("cgm_glucose",), "1W"), kept)
    times = np.concatenate([one.time for one in made.parts[0].trend.columns])
    assert len(times) > 10
    assert {one.key for one in made.parts[0].devices}
