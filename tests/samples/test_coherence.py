"""This is the place where the numbers of a sample life must agree with one another and with time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import fmean
from typing import Any

import orjson
import pytest

from core.domain.signals import by_loinc
from core.domain.time import PartialTime
from core.domain.units import convert
from core.samples import generate
from core.samples.physiology import age_in_years, egfr, glucose_summary_mmol
from tests.samples.conftest import TODAY, Shelf

PLANNED = {"Appointment", "Coverage"}
TIME_FIELDS = {
    "effectiveDateTime", "issued", "onsetDateTime", "abatementDateTime", "recordedDate", "authoredOn", "occurrenceDateTime",
    "performedDateTime", "dateAsserted", "date", "started", "createdDateTime", "dateTime", "authored", "created", "start", "end",
    "startDate", "lastUpdated",
}  # fmt: skip


def _times(node: Any, name: str = "") -> list[str]:
    if isinstance(node, list):
        return [time for part in node for time in _times(part)]
    if isinstance(node, dict):
        return [time for key, value in node.items() for time in _times(value, key)]
    return [node] if name in TIME_FIELDS and isinstance(node, str) else []


def _value(observation: dict[str, Any]) -> float:
    return float(observation["valueQuantity"]["value"])


def _moment(observation: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(observation["effectiveDateTime"])


@pytest.mark.parametrize("today", [TODAY, date(2027, 3, 31), date(2028, 7, 1)])
def test_nothing_happens_after_today_or_before_birth(today: date) -> None:
    now = datetime(today.year, today.month, today.day, tzinfo=UTC)
    shelf = _shelf(today)
    for slug, file, resource in shelf.resources():
        birth = next(r["birthDate"] for _, _, r in shelf.resources(slug, file) if r["resourceType"] == "Patient")
        for text in [] if resource["resourceType"] in PLANNED else _times(resource):
            time = PartialTime.parse(text)
            assert time is not None, (slug, file, resource["id"], text)
            assert time.earliest <= now, (slug, file, resource["id"], text)
            assert time.local_date >= date.fromisoformat(birth) or time.precision != "instant", (slug, resource["id"], text)


def _shelf(today: date) -> Shelf:
    people = generate(today)
    return Shelf(people, {(p.slug, f.name): orjson.loads(f.content) for p in people for f in p.files})


def test_appointments_lie_ahead(shelf: Shelf) -> None:
    booked = [r for _, _, r in shelf.resources() if r["resourceType"] == "Appointment"]
    assert len(booked) >= 8
    assert all(date.fromisoformat(r["start"][:10]) > TODAY and r["start"] < r["end"] for r in booked)


def test_every_life_reaches_from_years_ago_to_the_last_days(shelf: Shelf) -> None:
    for person in shelf.people:
        days = [
            date.fromisoformat(r["effectiveDateTime"][:10])
            for _, _, r in shelf.resources(person.slug)
            if r["resourceType"] == "Observation" and len(r.get("effectiveDateTime", "")) > 10
        ]
        assert min(days) <= TODAY - timedelta(days=1500), person.slug
        assert max(days) >= TODAY - timedelta(days=7), person.slug


def test_every_period_starts_before_it_ends(shelf: Shelf) -> None:
    def check(node: Any) -> None:
        if isinstance(node, list):
            for part in node:
                check(part)
        elif isinstance(node, dict):
            if isinstance(node.get("start"), str) and isinstance(node.get("end"), str):
                assert datetime.fromisoformat(node["start"]) <= datetime.fromisoformat(node["end"]), node
            for value in node.values():
                check(value)

    for _, _, resource in shelf.resources():
        check(resource)


def test_bmi_is_weight_over_height_squared(shelf: Shelf) -> None:
    checked = 0
    for person in shelf.people:
        weights, heights = ({o["effectiveDateTime"][:10]: _value(o) for o in shelf.observations(person.slug, code) if "device" not in o}
                            for code in ("29463-7", "8302-2"))  # fmt: skip
        for observed in shelf.observations(person.slug, "39156-5"):
            day = observed["effectiveDateTime"][:10]
            assert _value(observed) == pytest.approx(weights[day] / (heights[day] / 100) ** 2, abs=0.06), (person.slug, day)
            checked += 1
    assert checked > 50


def test_egfr_follows_from_creatinine_age_and_sex(shelf: Shelf) -> None:
    checked = 0
    for person in shelf.people:
        patient = next(r for _, _, r in shelf.resources(person.slug) if r["resourceType"] == "Patient")
        birth, female = date.fromisoformat(patient["birthDate"]), patient["gender"] == "female"
        creatinine = {o["effectiveDateTime"]: _value(o) for o in shelf.observations(person.slug, "2160-0")}
        creatinine |= {o["effectiveDateTime"]: _value(o) / 88.4 for o in shelf.observations(person.slug, "14682-9")}
        for observed in shelf.observations(person.slug, "98979-8"):
            when = observed["effectiveDateTime"]
            expected = egfr(creatinine[when], age_in_years(birth, date.fromisoformat(when[:10])), female)
            assert _value(observed) == expected
            checked += 1
    assert checked > 40


@pytest.mark.parametrize(
    ("creatinine", "age", "female", "expected"),
    [(1.0, 50, False, 92), (1.0, 50, True, 69), (0.6, 30, True, 123), (2.0, 70, False, 35)],
)
def test_egfr_agrees_with_published_values(creatinine: float, age: int, female: bool, expected: int) -> None:
    """Worked by the 2021 CKD-EPI equation on the calculator of the National Kidney Foundation."""
    assert egfr(creatinine, age, female) == pytest.approx(expected, abs=1)


def test_ldl_follows_from_the_other_fats(shelf: Shelf) -> None:
    checked = 0
    for total, hdl, fat, ldl, part, off in (
        ("2093-3", "2085-9", "2571-8", "13457-7", 5, 0.6),
        ("14647-2", "14646-4", "14927-8", "39469-2", 2.2, 0.006),
    ):
        for person in shelf.people:
            columns = [
                {o["effectiveDateTime"]: _value(o) for o in shelf.observations(person.slug, code)}
                for code in (total, hdl, fat, ldl)
            ]
            for when, value in columns[3].items():
                assert value == pytest.approx(columns[0][when] - columns[1][when] - columns[2][when] / part, abs=off)
                checked += 1
    assert checked > 10


def test_the_sensor_summary_is_that_of_the_sensor_days(shelf: Shelf) -> None:
    days = [r for _, _, r in shelf.resources("wang-jianguo", "home.json") if "valueSampledData" in r]
    assert len(days) == 14
    samples = [float(text) for day in days for text in day["valueSampledData"]["data"].split() if text != "E"]
    assert len(samples) > 14 * 96 * 0.9
    summary = glucose_summary_mmol(samples)
    shares = [summary[f"cgm_{part}"] for part in ("very_low", "low", "in_range", "high", "very_high")]
    assert sum(shares) == pytest.approx(100, abs=0.3)
    shown = {code: _value(shelf.observations("wang-jianguo", code)[-1]) for code in ("105273-7", "97510-2", "97506-0")}
    assert shown == {"105273-7": summary["cgm_mean"], "97510-2": summary["cgm_in_range"], "97506-0": summary["cgm_gmi"]}
    latest = _value(shelf.observations("wang-jianguo", "4548-4")[-1])
    assert summary["cgm_gmi"] == pytest.approx(latest, abs=0.4)


def test_pressure_falls_after_the_medicines_not_before(shelf: Shelf) -> None:
    readings = [
        (_moment(r), r["component"][0]["valueQuantity"]["value"])
        for _, _, r in shelf.resources("margaret-ellis", "home.json")
        if "component" in r and r["id"].startswith("bp-") and r["status"] == "final"
    ]
    spans = ((0, 900), (1000, 1380), (1450, 1640), (1700, 1790))
    means = [fmean(value for time, value in readings if low < (TODAY - time.date()).days <= high) for low, high in spans]
    assert means == sorted(means)


def test_home_readings_come_in_blocks_with_weeks_missing(shelf: Shelf) -> None:
    days = sorted({
        _moment(r).date() for _, _, r in shelf.resources("margaret-ellis", "home.json") if "component" in r and r["id"].startswith("bp-")
    })  # fmt: skip
    gaps = [(later - sooner).days for sooner, later in pairwise(days)]
    assert gaps.count(1) > 100
    assert max(gaps) > 60
    assert days[-7:] == [TODAY - timedelta(days=back) for back in range(7, 0, -1)]


def test_the_week_of_fluid_shows_in_weight_and_bnp(shelf: Shelf) -> None:
    weights = {(TODAY - _moment(o).date()).days: _value(o) for o in shelf.observations("robert-hayes", "29463-7") if "device" in o}
    before = fmean(weights[ago] for ago in range(161, 190) if ago in weights)
    assert max(weights[ago] for ago in range(149, 153) if ago in weights) > before + 2.5
    bnp = [_value(o) for o in shelf.observations("robert-hayes", "33762-6")]
    assert max(bnp) > 4500
    assert bnp[-1] < 1200


def test_the_kidneys_of_li_shufen_lose_half_their_work(shelf: Shelf) -> None:
    course = [_value(o) for o in shelf.observations("li-shufen", "98979-8")]
    assert 45 <= course[0] <= 62
    assert 15 <= course[-1] < 30
    active = [
        r
        for _, _, r in shelf.resources("li-shufen", "hospital.json")
        if r["resourceType"] == "MedicationRequest" and r["status"] == "active"
    ]
    assert len(active) == 12


def test_the_pregnancy_is_not_over(shelf: Shelf) -> None:
    due = next(r["valueDateTime"] for _, _, r in shelf.resources("chen-meiling") if "valueDateTime" in r)
    assert date.fromisoformat(due) > TODAY
    weeks = [(_moment(o).date(), _value(o)) for o in shelf.observations("chen-meiling", "49051-6")]
    for day, week in weeks:
        assert (date.fromisoformat(due) - day).days == 280 - 7 * week


def test_the_child_grows_and_has_no_adult_medicine(shelf: Shelf) -> None:
    heights = [_value(o) for o in shelf.observations("leo-martinez", "8302-2")]
    assert heights == sorted(heights)
    assert heights[0] < 52
    assert heights[-1] > 104
    words = {
        r["medicationCodeableConcept"]["text"] for _, _, r in shelf.resources("leo-martinez") if "medicationCodeableConcept" in r
    }
    assert not any("tablet" in text.lower() for text in words)


def test_a_stopped_medicine_says_when_and_why(shelf: Shelf) -> None:
    stopped = [r for _, _, r in shelf.resources() if r["resourceType"] == "MedicationRequest" and r["status"] == "stopped"]
    assert len(stopped) >= 4
    for request in stopped:
        assert request["statusReason"]["text"]
        assert request["dosageInstruction"][0]["timing"]["repeat"]["boundsPeriod"]["end"]


def test_every_clean_number_lies_where_such_numbers_lie(shelf: Shelf) -> None:
    checked = 0
    for person in shelf.people:
        for _, _, resource in shelf.resources(person.slug):
            for part in [resource, *resource.get("component", [])] if resource["resourceType"] == "Observation" else []:
                signal, value = by_loinc(part["code"]["coding"][0]["code"]), part.get("valueQuantity", {})
                if signal is None or signal.plausible is None or "code" not in value or value["value"] == 1240:
                    continue
                number = convert(value["value"], value["code"], signal.unit, signal.key)
                assert number is not None, (person.slug, signal.key, value["code"])
                assert signal.plausible[0] <= number <= signal.plausible[1], (person.slug, signal.key, number)
                checked += 1
    assert checked > 3000


TREATS = {
    "314076": ("38341003",), "52175": ("38341003",), "197361": ("38341003",), "6809": ("44054006",),
    "1488564": ("44054006",), "1545653": ("42343007",), "69120": ("13645005",), "73689": ("90560007",),
    "1364430": ("49436004",), "36437": ("35489007",), "10582": ("40930008",), "895994": ("195967001",),
}  # fmt: skip
"""RxNorm code of a medicine and the SNOMED code of what it is for, where the sample lives know it."""


def test_a_long_medicine_starts_after_its_diagnosis(shelf: Shelf) -> None:
    checked = 0
    for person in shelf.people:
        known = {
            r["code"]["coding"][0]["code"]: min(r["recordedDate"], r["onsetDateTime"]) for _, _, r in shelf.resources(person.slug)
            if r["resourceType"] == "Condition"
        }  # fmt: skip
        for _, _, request in shelf.resources(person.slug):
            if request["resourceType"] != "MedicationRequest" or "medicationCodeableConcept" not in request:
                continue
            for diagnosis in TREATS.get(request["medicationCodeableConcept"]["coding"][0]["code"], ()):
                assert known[diagnosis][:7] <= request["authoredOn"][:7], (person.slug, request["id"])
                checked += 1
    assert checked >= 8
