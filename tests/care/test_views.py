"""This is the place where it is tested what the screens are given: Today, the record, trends, medicines."""

from __future__ import annotations

from typing import Any

import pytest

from core.care import freshness, medicine_cards, records, today, trends
from core.care.access import COMMAND_LINE
from core.care.placing import Whose
from core.care.views import RecordQuery, TrendQuery
from core.domain.people import Preferences, Role
from core.domain.records import Standing
from core.errors import BadInput, NotFound
from core.ports import Ports
from tests.care.given import (
    add_account,
    add_person,
    bring,
    bundle,
    clock,
    event,
    heart_rate,
    parcel,
    patient,
    ports_with,
    signed_in,
)

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"


@pytest.fixture
def ports() -> Ports:
    return ports_with()


@pytest.fixture
def person_id(ports: Ports) -> str:
    return add_person(ports)


def keep(ports: Ports, person_id: str, *resources: dict[str, Any], label: str = "Clinic") -> None:
    made = bring(ports, parcel(bundle(patient(), *resources), "visit.json", label), whose=Whose(person_id))
    assert dict(made.counts)["refused"] == 0


def about(kind: str, record_id: str, coded: str = "", system: str = SNOMED, **more: Any) -> dict[str, Any]:
    said = {"code": {"coding": [{"system": system, "code": coded}]}} if coded else {}
    whose = "patient" if kind in ("AllergyIntolerance",) else "subject"
    return {"resourceType": kind, "id": record_id, whose: {"reference": "Patient/p1"}, **said, **more}


def observation(
    record_id: str, code: str, value: float, unit: str, when: str = "2026-11-20T08:00:00Z", **more: Any
) -> dict[str, Any]:
    return (
        heart_rate(
            record_id,
            code={"coding": [{"system": LOINC, "code": code}]},
            effectiveDateTime=when,
            valueQuantity={"value": value, "unit": unit},
        )
        | more
    )


def pressure(record_id: str, upper: float, lower: float, when: str) -> dict[str, Any]:
    parts = [
        {"code": {"coding": [{"system": LOINC, "code": code}]}, "valueQuantity": {"value": value, "unit": "mmHg"}}
        for code, value in (("8462-4", lower), ("8480-6", upper))
    ]
    return about("Observation", record_id, "85354-9", LOINC, status="final", effectiveDateTime=when, component=parts)


def status(code: str) -> dict[str, Any]:
    return {"clinicalStatus": {"coding": [{"code": code}]}}


# Today ------------------------------------------------------------------------------------------------------------------


def test_a_newest_reading_has_its_age_and_its_source(ports: Ports, person_id: str) -> None:
    keep(ports, person_id, heart_rate("o1", 70), heart_rate("o2", 72, effectiveDateTime="2026-11-20T09:00:00Z"))
    [reading] = today.view(ports, COMMAND_LINE, person_id).readings
    assert (reading.signal, reading.values[0].number, reading.seconds, reading.stale) == ("hr", 72, 86_400, False)
    assert [mark.label for mark in reading.sources] == ["Clinic"]
    assert [value for _, value in reading.spark] == [70, 72]
    clock(ports).wait(days=400)
    assert today.view(ports, COMMAND_LINE, person_id).readings[0].stale


def test_blood_pressure_is_one_reading_upper_number_first(ports: Ports, person_id: str) -> None:
    keep(ports, person_id, pressure("b1", 150, 95, "2026-11-20T08:00:00Z"))
    [reading] = today.view(ports, COMMAND_LINE, person_id).readings
    assert (reading.signal, [value.number for value in reading.values]) == ("blood_pressure", [150, 95])


def test_numbers_are_in_the_units_of_whoever_looks(ports: Ports, person_id: str) -> None:
    keep(ports, person_id, observation("w1", "29463-7", 70, "kg"))
    actor = signed_in(ports, add_account(ports, Role.PATIENT, "casey", persons=(person_id,)))
    ports.store.save_preferences(actor.account_id, Preferences(weight="[lb_av]"))
    [reading] = today.view(ports, actor, person_id).readings
    assert (reading.values[0].number, reading.values[0].unit, reading.unit) == (154.3, "[lb_av]", "[lb_av]")
    [line] = records.browse(ports, actor, person_id, RecordQuery(group="vitals")).lines
    assert line.values[0].unit == "[lb_av]"
    assert trends.view(ports, actor, person_id, TrendQuery("weight")).columns[0].value.tolist() == [154.3]
    assert records.one(ports, actor, person_id, line.record_id).record.item.values[0].unit == "kg"


def test_no_allergies_known_is_not_the_same_as_none_recorded(ports: Ports, person_id: str) -> None:
    keep(ports, person_id, heart_rate("o1"))
    assert today.view(ports, COMMAND_LINE, person_id).allergies.state == "none_recorded"
    keep(ports, person_id, about("AllergyIntolerance", "a1", "716186003", **status("active")))
    assert today.view(ports, COMMAND_LINE, person_id).allergies.state == "none_known"
    keep(ports, person_id, about("AllergyIntolerance", "a2", "91935009", criticality="high", **status("active")))
    known = today.view(ports, COMMAND_LINE, person_id).allergies
    assert (known.state, [line.code for line in known.lines]) == ("listed", ["91935009"])
    assert known.lines[0].plain.code == "plain.allergy_severe"


def test_problems_are_those_that_last(ports: Ports, person_id: str) -> None:
    keep(
        ports, person_id,
        about("Condition", "c1", "38341003", **status("active")),
        about("Condition", "c2", "195662009", **status("resolved")),
        about("Condition", "c3", "44054006", verificationStatus={"coding": [{"code": "refuted"}]}),
    )  # fmt: skip
    view = today.view(ports, COMMAND_LINE, person_id)
    assert [line.code for line in view.problems] == ["38341003"]
    assert [line.code for line in view.emergency.problems] == ["38341003"]


def request(record_id: str, name: str, state: str, day: str) -> dict[str, Any]:
    return about(
        "MedicationRequest", record_id, status=state, intent="order", medicationCodeableConcept={"text": name}, authoredOn=day
    )


def test_of_several_orders_for_one_medicine_the_newest_speaks(ports: Ports, person_id: str) -> None:
    keep(
        ports, person_id, request("m1", "Lisinopril", "active", "2024-01-01"), request("m2", "Lisinopril", "stopped", "2025-01-01"),
        request("m3", "Metformin", "active", "2025-01-01"), request("m4", "Metformin", "completed", "2024-01-01"),
    )  # fmt: skip
    assert [line.title for line in today.view(ports, COMMAND_LINE, person_id).medicines] == ["Metformin"]


def test_appointments_are_those_ahead_the_next_first(ports: Ports, person_id: str) -> None:
    def visit(record_id: str, start: str, state: str = "booked") -> dict[str, Any]:
        return {
            "resourceType": "Appointment", "id": record_id, "status": state, "start": start,
            "participant": [{"actor": {"reference": "Patient/p1"}, "status": "accepted"}],
        }  # fmt: skip

    keep(
        ports, person_id, visit("v1", "2026-12-24T09:00:00Z"), visit("v2", "2026-12-01T09:00:00Z"), visit("v3", "2026-11-01T09:00:00Z"),
        visit("v4", "2026-12-02T09:00:00Z", "cancelled"),
    )  # fmt: skip
    assert [line.when[:10] for line in today.view(ports, COMMAND_LINE, person_id).appointments] == ["2026-12-01", "2026-12-24"]


def test_what_was_set_apart_is_counted_and_never_used(ports: Ports, person_id: str) -> None:
    keep(ports, person_id, observation("o1", "8867-4", 72, ""))
    view = today.view(ports, COMMAND_LINE, person_id)
    assert (view.readings, view.quarantined) == ((), 1)


def test_an_empty_record_is_a_view_too(ports: Ports, person_id: str) -> None:
    view = today.view(ports, COMMAND_LINE, person_id)
    assert (view.readings, view.problems, view.medicines, view.appointments) == ((), (), (), ())
    assert records.browse(ports, COMMAND_LINE, person_id, RecordQuery()).found == 0
    assert trends.view(ports, COMMAND_LINE, person_id, TrendQuery()).choices == ()
    assert medicine_cards.view(ports, COMMAND_LINE, person_id).current == ()


@pytest.mark.parametrize(
    ("born", "years", "months"), [("1970-04-02", 56, None), ("2025-12-01", 0, 11), ("1970", 56, None), ("", None, None)]
)
def test_ages_are_said_in_years_and_for_the_smallest_in_months(ports: Ports, born: str, years: int, months: int) -> None:
    person = today.view(ports, COMMAND_LINE, add_person(ports, born=born)).person
    assert (person.age_years, person.age_months) == (years, months)


# Records ----------------------------------------------------------------------------------------------------------------


def found(ports: Ports, person_id: str, **query: Any) -> list[str]:
    view = records.browse(ports, COMMAND_LINE, person_id, RecordQuery(**query))
    return [line.title or line.kind for line in view.lines]


@pytest.fixture
def library(ports: Ports, person_id: str) -> str:
    keep(
        ports, person_id, about("Condition", "c1", "38341003", code={"text": "Ménière’s disease"}, onsetDateTime="2020-05"),
        about("Condition", "c2", code={"text": "2型糖尿病"}, note=[{"text": "随访三个月"}], onsetDateTime="2021"),
        about("Condition", "c3", code={"text": "Migraine"}),
        observation("o1", "4548-4", 7.25, "%", interpretation=[{"coding": [{"code": "H"}]}], referenceRange=[{"high": {"value": 6, "unit": "%"}}]),
        label="Riverside clinic",
    )  # fmt: skip
    return person_id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("meniere", ["Ménière’s disease"]), ("MÉNIÈRE", ["Ménière’s disease"]), ("糖尿", ["2型糖尿病"]), ("随访", ["2型糖尿病"]),
        ("disease meni", ["Ménière’s disease"]), ("38341003", []), ("4548-4", ["4548-4"]), ("7.25", ["4548-4"]), ("nothing like it", []),
        ("riverside migraine", ["Migraine"]),
    ],
)  # fmt: skip
def test_search_finds_titles_codes_notes_values_and_sources_in_any_script(
    ports: Ports, library: str, text: str, expected: list[str]
) -> None:
    assert found(ports, library, text=text) == expected


def test_counts_by_shelf_follow_the_search_but_not_the_chosen_shelf(ports: Ports, library: str) -> None:
    view = records.browse(ports, COMMAND_LINE, library, RecordQuery(group="labs"))
    assert dict(view.counts)["conditions"] == 3
    assert {line.group for line in view.lines} == {"labs"}
    assert dict(records.browse(ports, COMMAND_LINE, library, RecordQuery(text="糖尿")).counts) == {"conditions": 1}


def test_sorting_keeps_what_has_no_time_last(ports: Ports, library: str) -> None:
    newest = found(ports, library, group="conditions")
    oldest = found(ports, library, group="conditions", sort="oldest")
    assert newest == ["2型糖尿病", "Ménière’s disease", "Migraine"]
    assert oldest == ["Ménière’s disease", "2型糖尿病", "Migraine"]
    assert found(ports, library, group="conditions", sort="title")[:1] == ["2型糖尿病"]


def test_pages_cut_the_list_and_a_page_too_far_is_the_last(ports: Ports, library: str) -> None:
    view = records.browse(ports, COMMAND_LINE, library, RecordQuery(page=99, page_size=2))
    assert (view.found, view.pages, view.query.page, len(view.lines)) == (5, 3, 3, 1)


def test_the_timeline_counts_a_month_across_pages(ports: Ports, person_id: str) -> None:
    keep(
        ports,
        person_id,
        *(observation(f"o{n}", "8867-4", 60 + n, "/min", f"2026-0{1 + n % 2}-0{1 + n}T00:00:00Z") for n in range(6)),
    )
    view = records.browse(ports, COMMAND_LINE, person_id, RecordQuery(group="vitals", page_size=2))
    assert [(part.year, part.month, part.count, len(part.lines)) for part in view.timeline] == [(2026, 2, 3, 2)]


def test_a_line_says_what_a_laboratory_value_means(ports: Ports, library: str) -> None:
    [line] = records.browse(ports, COMMAND_LINE, library, RecordQuery(text="4548-4")).lines
    assert (line.plain.code, line.plain.facts["high"], line.state) == ("plain.above_range", 6, "watch")


def test_one_record_shows_its_other_versions(ports: Ports, person_id: str) -> None:
    keep(ports, person_id, heart_rate("o1", 70, meta={"versionId": "1"}))
    keep(ports, person_id, heart_rate("o1", 75, meta={"versionId": "2"}))
    [line] = records.browse(ports, COMMAND_LINE, person_id, RecordQuery(group="vitals")).lines
    view = records.one(ports, COMMAND_LINE, person_id, line.record_id)
    assert view.line.values[0].number == 75
    assert [(r.item.values[0].number, r.standing) for r in view.history] == [(70, Standing.SUPERSEDED)]
    assert '"versionId": "2"' in records.original(ports, COMMAND_LINE, person_id, line.record_id)
    assert records.browse(ports, COMMAND_LINE, person_id, RecordQuery(standing="superseded")).found == 1


def test_an_unknown_record_is_not_found(ports: Ports, person_id: str) -> None:
    for ask in (records.one, records.original, records.why_odd):
        with pytest.raises(NotFound):
            ask(ports, COMMAND_LINE, person_id, "no-such-record")


def test_the_revision_moves_with_every_change_and_only_then(ports: Ports, person_id: str) -> None:
    keep(ports, person_id, heart_rate("o1"))
    before = freshness.revision(ports, COMMAND_LINE, person_id)
    lines = len(ports.store.audit_lines(event(), limit=10_000))
    assert freshness.revision(ports, COMMAND_LINE, person_id) == before == today.view(ports, COMMAND_LINE, person_id).revision
    assert len(ports.store.audit_lines(event(), limit=10_000)) == lines + 1 + 4  # this very look, and four of the view
    keep(ports, person_id, heart_rate("o2", 80))
    assert freshness.revision(ports, COMMAND_LINE, person_id) > before


# Trends -----------------------------------------------------------------------------------------------------------------


def test_a_trend_keeps_sources_apart_and_rows_newest_first(ports: Ports, person_id: str) -> None:
    keep(ports, person_id, *(observation(f"o{n}", "8867-4", 60 + n, "/min", f"2026-11-{10 + n}T08:00:00Z") for n in range(3)))
    keep(ports, person_id, observation("x1", "8867-4", 90, "/min", "2026-11-15T08:00:00Z"), label="Watch")
    view = trends.view(ports, COMMAND_LINE, person_id, TrendQuery("hr", "1M"))
    assert {column.source.label: column.value.tolist() for column in view.columns} == {"Clinic": [60, 61, 62], "Watch": [90]}
    assert [row.values[0][1] for row in view.rows] == [90, 62, 61, 60]
    assert view.sentence and view.unit == "/min"


def test_blood_pressure_is_drawn_as_two_components_with_rows_of_both(ports: Ports, person_id: str) -> None:
    keep(ports, person_id, pressure("b1", 150, 95, "2026-11-20T08:00:00Z"), pressure("b2", 140, 90, "2026-11-19T08:00:00Z"))
    view = trends.view(ports, COMMAND_LINE, person_id, TrendQuery())
    assert view.signal == "blood_pressure"
    assert [choice.signal for choice in view.choices] == ["blood_pressure"]
    assert [column.component for column in view.columns] == ["sbp", "dbp"]
    assert [[value[:2] for value in row.values] for row in view.rows] == [[("sbp", 150), ("dbp", 95)], [("sbp", 140), ("dbp", 90)]]


def test_a_range_shows_what_lies_in_it(ports: Ports, person_id: str) -> None:
    keep(
        ports,
        person_id,
        observation("o1", "8867-4", 60, "/min", "2026-11-20T08:00:00Z"),
        observation("o2", "8867-4", 70, "/min", "2024-01-01"),
    )
    assert len(trends.view(ports, COMMAND_LINE, person_id, TrendQuery("hr", "1W")).rows) == 1
    assert len(trends.view(ports, COMMAND_LINE, person_id, TrendQuery("hr", "all")).rows) == 2
    assert len(trends.view(ports, COMMAND_LINE, person_id, TrendQuery("hr", "1M", end="2024-01-10")).rows) == 1
    for wrong in (TrendQuery("hr", "7D"), TrendQuery("hr", end="yesterday")):
        with pytest.raises(BadInput):
            trends.view(ports, COMMAND_LINE, person_id, wrong)


def test_a_medicine_lies_over_the_time_it_was_taken(ports: Ports, person_id: str) -> None:
    keep(ports, person_id, heart_rate("o1"), request("m1", "Bisoprolol", "active", "2026-01-01"))
    [span] = trends.view(ports, COMMAND_LINE, person_id, TrendQuery("hr", "1Y")).medicines
    assert (span.title, span.start, span.end) == ("Bisoprolol", "2026-01-01", "")


# Medicines ----------------------------------------------------------------------------------------------------------------


def test_medicines_are_parted_by_whether_they_are_taken_now(ports: Ports, person_id: str) -> None:
    taken = request("m1", "Metformin", "active", "2026-01-01") | {
        "dosageInstruction": [{"text": "one tablet twice a day"}], "requester": {"reference": "Practitioner/d1", "display": "Dr. Lee"}, "reasonCode": [{"text": "Diabetes"}],
    }  # fmt: skip
    keep(ports, person_id, taken, request("m2", "Aspirin", "stopped", "2020-01-01"), request("m3", "Iron", "unknown", "2020-01-01"))
    view = medicine_cards.view(ports, COMMAND_LINE, person_id)
    assert [(one.title, one.now) for one in view.current] == [("Metformin", "current"), ("Iron", "unclear")]
    assert [(one.title, one.now) for one in view.other] == [("Aspirin", "stopped")]
    one = view.current[0]
    assert (one.written, one.prescriber, one.reason) == (("one tablet twice a day",), "Dr. Lee", "Diabetes")
