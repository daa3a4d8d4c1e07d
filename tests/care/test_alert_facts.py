"""What the record, devices, answers, photos, doses and stock say to the rules of alerts; and what of it ends them again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from core.care import alerting, alerts, dose_plan, medicine_book, questionnaires, reviews, series_choices
from core.care.access import COMMAND_LINE, Action, require
from core.domain.doses import DoseAnswer, DoseState, KeptDose
from core.domain.people import Role
from core.domain.samples import UNVALIDATED, UTC_ONLY, Columns, Samples
from core.medications.book import Choices, OwnMedicine, Stock
from core.ports import ImportHead
from core.rules import ShippedTables
from tests.care.given import NOW, clock, event, ports_with, signed_in
from tests.care.given_alerts import bring_in, desk_of, weight
from tests.care.given_checks import send, with_models
from tests.care.house import House, build
from tests.questionnaires.given import phq, plain

P, CO = Role.PATIENT, Role.COORDINATOR
HOUR = 3600 * 10**9


@pytest.fixture
def house() -> House:
    built = build(with_models(replace(ports_with(), tables=ShippedTables())))
    series_choices.set_zone(built.ports, COMMAND_LINE, built.own, "Europe/Berlin")
    look(built)
    return built


def look(house: House) -> None:
    alerting.run_once(house.ports, COMMAND_LINE, "w")


def open_now(house: House) -> dict[str, int]:
    """What is open: the rule's words and its severity."""
    view = alerts.alerts_of(house.ports, COMMAND_LINE, house.own)
    assert view.broken == ()
    return {one.title.code.removeprefix("alert.rule."): one.severity for one in view.alerts}


def ended_by(house: House) -> list[str]:
    past = alerts.alert_history(house.ports, COMMAND_LINE, (house.own,), NOW - timedelta(days=9)).alerts
    return [one.why for one in past if one.recovered]


# ------------------------------------------------------------------------------------------------------------ devices


def stream(house: House, signal: str, values: Iterable[float], apart: int, quality: int = 0) -> None:
    some = np.array(list(values), dtype=float)
    start = int(clock(house.ports).at.timestamp()) * 10**9 - apart * np.arange(len(some))[::-1] - 60 * 10**9
    head = ImportHead("file", "Export", "x", NOW)
    with house.ports.store.importing_samples(head, f"{signal}{apart}{quality}", event(), person_id=house.own) as importing:
        importing.append(house.own, Samples(signal, Columns.of(start, some, start, quality, UTC_ONLY), "Device"))
        importing.step(1)
        importing.finish(finished_at=NOW)


def test_an_oximeter_that_is_used_a_few_times_a_day_is_judged(house: House) -> None:
    stream(house, "spo2", [96, 95, 96, 82], 8 * HOUR)
    look(house)
    assert open_now(house) == {"spo2_very_low": 3}


def test_a_watch_that_records_all_day_is_not(house: House) -> None:
    stream(house, "hr", [150.0] * 400, HOUR // 20)
    look(house)
    assert open_now(house) == {}


def test_what_a_watch_itself_says_of_the_rhythm_is_one_alert_a_day(house: House) -> None:
    stream(house, "rhythm_flag", [0, 3, 1, 0, 0], HOUR)
    look(house)
    assert open_now(house) == {"rhythm_irregular": 2}
    assert desk_of(house.ports, house.own).raised == 1


def test_what_is_measured_in_a_way_that_is_not_validated_is_not_judged(house: House) -> None:
    stream(house, "sbp", [200, 200], 8 * HOUR, UNVALIDATED)
    look(house)
    assert open_now(house) == {}


def test_a_device_that_was_switched_off_is_not_judged(house: House) -> None:
    stream(house, "spo2", [82, 82], 8 * HOUR)
    chosen = house.ports.store.series_choices(house.own)
    house.ports.store.save_series_choices(house.own, replace(chosen, switched_off=("Device",)), event())
    look(house)
    assert open_now(house) == {}


# ------------------------------------------------------------------------------------------------------------ the record


def test_the_parts_of_an_early_warning_of_one_round_are_scored_together(house: House) -> None:
    at = NOW - timedelta(minutes=30)
    rows = [
        ("9279-1", 26, "/min"),
        ("2708-6", 91, "%"),
        ("8310-5", 39.5, "Cel"),
        ("8480-6", 95, "mm[Hg]"),
        ("8867-4", 118, "/min"),
        ("3151-8", 2, "L/min"),
    ]
    found = [observation(f"n{code}", code, value, unit, at) for code, value, unit in rows]
    awake = {**observation("n-a", "67775-7", 0, "1", at)}
    del awake["valueQuantity"]
    awake["valueCodeableConcept"] = {"coding": [{"system": "http://snomed.info/sct", "code": "248234008"}]}
    bring_in(house.ports, house.own, *found, awake)
    look(house)
    assert open_now(house)["news2_high"] == 3


def test_a_meter_that_says_high_counts_as_what_it_says_at_least(house: House) -> None:
    for minutes in (90, 10):
        one = observation(f"g{minutes}", "2339-0", 600, "mg/dL", NOW - timedelta(minutes=minutes))
        one["valueQuantity"]["comparator"] = ">"
        bring_in(house.ports, house.own, one, name=f"{minutes}.json")
    look(house)
    assert open_now(house) == {"glucose_high": 2}


def observation(record_id: str, code: str, value: float, unit: str, at: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": record_id, "status": "final", "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "effectiveDateTime": at.isoformat().replace("+00:00", "Z"),
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
    }  # fmt: skip


# ------------------------------------------------------------------------------------------------------------ answers and checks


def test_an_answer_about_self_harm_is_told_at_once(house: House) -> None:
    opened = questionnaires.open_form(house.ports, house.actors[P], house.own, "phq-9")
    answers = {**phq([3, 3, 3, 3, 3, 3, 3, 3, 1]), "difficulty": "1"}
    questionnaires.submit(house.ports, house.actors[P], house.own, replace(opened, answers=answers), plain)
    look(house)
    assert open_now(house) == {"self_harm": 3, "phq9_severe": 2}
    (told,) = [one for one in desk_of(house.ports, house.own).open() if one.severity == 3]
    assert {entry.to for entry in told.timeline} >= {"patient", "caregiver"}


def test_a_photo_that_should_be_shown_soon_waits_for_a_clinician_and_ends_when_one_has_looked(house: House) -> None:
    check = send(house.ports, COMMAND_LINE, house.own)
    look(house)
    assert open_now(house) == {"skin_show_soon": 2}
    clock(house.ports).wait(minutes=10)
    reviews.confirm(house.ports, house.actors[CO], house.own, check.check_id)
    look(house)
    assert open_now(house) == {}
    assert ended_by(house) == ["reviewed"]


# ------------------------------------------------------------------------------------------------------------ medicines


def critical(house: House) -> None:
    """A medicine of which every dose matters, at eight in the morning of the coming days."""
    morning = {"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "timeOfDay": ["12:00:00"]}}}
    medicine_book.add_own(house.ports, COMMAND_LINE, house.own, OwnMedicine("", "Warfarin 5 mg", dosages=(morning,)))
    book = medicine_book.load(house.ports.store, house.own, require(house.ports, COMMAND_LINE, Action.VIEW_RECORD, house.own))
    medicine_book.choose(house.ports, COMMAND_LINE, house.own, book.own[0].medicine_id, Choices(critical=True))
    dose_plan.plan(house.ports, COMMAND_LINE, house.own)


def dose(house: House, at: int = 0) -> KeptDose:
    return house.ports.store.doses(house.own, NOW, NOW + timedelta(days=3), event())[at]


def answered(house: House, state: DoseState, reason: str = "", at: int = 0) -> None:
    said = DoseAnswer(
        state, clock(house.ports).at if state is DoseState.TAKEN else None, reason, said_at=clock(house.ports).at, said_by="x"
    )
    house.ports.store.answer_dose(house.own, dose(house, at).dose_id, said, event())
    look(house)


def test_a_dose_that_matters_and_nobody_logged_is_that_and_not_called_missed(house: House) -> None:
    critical(house)
    clock(house.ports).at = dose(house).planned.at + timedelta(hours=2)
    look(house)
    assert open_now(house) == {}  # not late yet
    clock(house.ports).wait(hours=2)
    look(house)
    assert open_now(house) == {"dose_not_logged_critical": 1}
    answered(house, DoseState.TAKEN)
    assert open_now(house) == {}
    assert ended_by(house) == ["dose_logged"]


def test_a_dose_that_matters_and_was_skipped_is_told_unless_somebody_said_so(house: House) -> None:
    critical(house)
    clock(house.ports).at = dose(house).planned.at + timedelta(minutes=5)
    answered(house, DoseState.SKIPPED, "told_to_stop")
    assert open_now(house) == {}
    clock(house.ports).at = dose(house, 1).planned.at + timedelta(minutes=5)
    answered(house, DoseState.SKIPPED, "forgot", 1)
    assert open_now(house) == {"dose_missed_critical": 2}
    (view,) = alerts.alerts_of(house.ports, signed_in(house.ports, house.accounts[CO], "later"), house.own).alerts
    assert view.title.facts["title"] == "Warfarin 5 mg"


def test_a_medicine_that_ran_out_is_told_once_and_ends_when_there_is_more(house: House) -> None:
    critical(house)
    book = medicine_book.load(house.ports.store, house.own, require(house.ports, COMMAND_LINE, Action.VIEW_RECORD, house.own))
    medicine_id = book.own[0].medicine_id
    one = replace(
        book.own[0], dosages=({**book.own[0].dosages[0], "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablet"}}]},)
    )
    medicine_book.change_own(house.ports, COMMAND_LINE, house.own, one)
    medicine_book.count_stock(house.ports, COMMAND_LINE, house.own, medicine_id, Stock(1, "tablet", NOW))
    dose_plan.plan(house.ports, COMMAND_LINE, house.own)
    clock(house.ports).at = dose(house).planned.at + timedelta(minutes=5)
    for _ in range(3):
        answered(house, DoseState.TAKEN) if _ == 0 else look(house)
        clock(house.ports).wait(hours=1)
    assert open_now(house) == {"stock_out": 2}
    assert desk_of(house.ports, house.own).raised == 1
    medicine_book.count_stock(house.ports, COMMAND_LINE, house.own, medicine_id, Stock(30, "tablet", NOW))
    look(house)
    assert "stock_out" not in open_now(house)
    assert ended_by(house) == ["stock_filled"]


def test_a_serious_interaction_is_told_when_it_is_new_and_ends_when_one_is_no_longer_taken(house: House) -> None:
    for name, system, code in (
        ("Simvastatin", "http://www.nlm.nih.gov/research/umls/rxnorm", "36567"),
        ("Clarithromycin", "http://www.nlm.nih.gov/research/umls/rxnorm", "21212"),
    ):
        medicine_book.add_own(house.ports, COMMAND_LINE, house.own, OwnMedicine("", name, system=system, code=code))
    look(house)
    assert open_now(house) == {"interaction_new": 2}
    look(house)
    assert desk_of(house.ports, house.own).raised == 1
    book = medicine_book.load(house.ports.store, house.own, require(house.ports, COMMAND_LINE, Action.VIEW_RECORD, house.own))
    clock(house.ports).wait(hours=30)
    medicine_book.end_own(
        house.ports, COMMAND_LINE, house.own, book.own[1].medicine_id, clock(house.ports).at.date() - timedelta(days=1)
    )
    look(house)
    assert open_now(house) == {}
    assert ended_by(house) == ["no_longer_taken"]


# ------------------------------------------------------------------------------------------------------------ how often


def test_a_silence_is_told_when_it_is_too_long_and_nothing_is_read_over_and_over_meanwhile(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(house.ports, house.own, *(weight(f"s{days}", 80, NOW - timedelta(days=days)) for days in range(10)))
    looks = []
    real = alerting.judge
    monkeypatch.setattr(alerting, "judge", lambda *given: looks.append(house.ports.clock.now()) or real(*given))
    look(house)
    while clock(house.ports).at < NOW + timedelta(days=4):
        look(house)
        clock(house.ports).wait(hours=1)
    assert open_now(house) == {"silent_scale": 1}
    (alert,) = desk_of(house.ports, house.own).open()
    assert alert.raised_at == NOW + timedelta(days=3, hours=1)
    assert len(looks) <= 2 * 6  # both people of the house: about once a day, and when it is too long
    bring_in(house.ports, house.own, weight("again", 80, clock(house.ports).at), name="again.json")
    look(house)
    assert open_now(house) == {}
    assert ended_by(house) == ["data_again"]
