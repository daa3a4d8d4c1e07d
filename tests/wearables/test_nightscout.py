"""This is the place where reading Nightscout's collections is tested, by their documented form."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.domain.samples import ABOVE, BELOW, UTC_ONLY
from core.sources.wearables.nightscout import FORMAT
from core.sources.wearables.registry import formats
from tests.wearables.csv_given import Came, at, member
from tests.wearables.json_given import came, check_json_damage, given

BEGIN = 1700000000000
ENTRIES = [
    {
        "_id": f"a{n}",
        "sgv": 100 + n,
        "date": BEGIN + n * 300_000,
        "dateString": "x",
        "type": "sgv",
        "device": "xDrip-DexcomG6",
        "direction": "Flat",
        "noise": 1,
    }
    for n in range(6)
]
OTHERS = [
    {"mbg": 110, "type": "mbg", "date": BEGIN, "device": "meter"}, {"type": "cal", "slope": 1, "intercept": 2, "scale": 1, "date": BEGIN},
    {"eventType": "Meal Bolus", "created_at": "2024-01-01T00:00:00Z", "glucose": 120, "carbs": 30},
]  # fmt: skip
COLLECTIONS = {
    "entries": ENTRIES[:2],
    "treatments": [OTHERS[2]],
    "profile": [{"defaultProfile": "d", "store": {"d": {"units": "mmol"}}}],
}


def sensor(**fields: Any) -> dict[str, Any]:
    return {"type": "sgv", "sgv": 100, "date": BEGIN, "device": "share2", **fields}


def test_sensor_values_are_mg_per_dl_at_their_instants() -> None:
    found = came(FORMAT, ENTRIES)
    values = found.columns("cgm_glucose")
    assert values.value.tolist() == [100.0, 101.0, 102.0, 103.0, 104.0, 105.0]
    assert (values.start[0], set(values.offset.tolist())) == (BEGIN * 10**6, {UTC_ONLY})
    assert found.devices == {"xDrip-DexcomG6"}


@pytest.mark.parametrize(("fields", "offset"), [
    ({"utcOffset": 330}, 330), ({"utcOffset": -210}, -210), ({"utcOffset": 0}, UTC_ONLY), ({}, UTC_ONLY), ({"utcOffset": True}, UTC_ONLY),
    ({"utcOffset": 99999}, UTC_ONLY), ({"dateString": "2023-11-14T23:13:20.000+01:00"}, 60), ({"dateString": "2023-11-14T22:13:20.000Z"}, UTC_ONLY),
    ({"dateString": "2020-01-01T23:13:20.000+01:00"}, UTC_ONLY),
])  # fmt: skip
def test_the_offset_is_the_one_that_is_said(fields: dict[str, Any], offset: int) -> None:
    found = came(FORMAT, [sensor(**fields)]).columns("cgm_glucose")
    assert (found.start[0], found.offset[0]) == (at("2023-11-14T22:13:20"), offset)


def test_without_a_number_the_written_time_counts() -> None:
    one = {"type": "sgv", "sgv": "100", "dateString": "2023-11-14T22:13:20+05:45"}
    found = came(FORMAT, [one]).columns("cgm_glucose")
    assert (found.start[0], found.offset[0]) == (at("2023-11-14T16:28:20"), 345)


def test_codes_of_errors_are_no_readings_and_limits_are_limits() -> None:
    rows = [sensor(sgv=value) for value in (0, 5, 10, 38, 39, 40)] + [
        sensor(sgv=401),
        sensor(sgv=401, device="Dexcom Share"),
        sensor(sgv=5.6),
    ]
    found = came(FORMAT, rows)
    values = found.columns("cgm_glucose")
    assert sorted(zip(values.value.tolist(), values.quality.tolist(), strict=True)) == [
        (40.0, 0),
        (40.0, BELOW),
        (400.0, ABOVE),
        (401.0, 0),
    ]
    assert found.odd == {("not_followed", "no_reading"): 4, ("quarantined", "unit_doubtful"): 1}


def test_finger_pricks_are_glucose_and_the_rest_is_counted() -> None:
    found = came(FORMAT, OTHERS)
    assert (found.values("glucose"), found.columns("cgm_glucose").value.tolist()) == ([110.0], [])
    assert found.odd == {("not_followed", "not_a_measurement"): 2}


def test_collections_in_one_object() -> None:
    found = came(FORMAT, COLLECTIONS)
    assert found.values("cgm_glucose") == [100.0, 101.0]
    assert found.odd == {("not_followed", "not_a_measurement"): 2}


def test_lines_and_a_cut_list() -> None:
    lines = Came(FORMAT, member("\n".join(json.dumps(one) for one in ENTRIES)))
    assert len(lines.columns("cgm_glucose")) == 6
    cut = Came(FORMAT, member(json.dumps(ENTRIES)[:-30]))
    assert len(cut.columns("cgm_glucose")) == 5
    assert cut.odd == {("refused", "cut_short"): 1}


def test_bad_entries_lose_themselves() -> None:
    rows = [sensor(), sensor(sgv=None), sensor(sgv="x"), sensor(date=None), 5, {"type": "heartbeat", "date": BEGIN}]
    found = came(FORMAT, rows)
    assert found.values("cgm_glucose") == [100.0]
    assert found.odd == {
        ("refused", "value_missing"): 1, ("refused", "not_a_number"): 1, ("refused", "time_invalid"): 1, ("refused", "entry_not_an_object"): 1,
        ("not_followed", "unknown_type"): 1,
    }  # fmt: skip


def test_no_other_format_is_asked_first_and_fhir_is_not_ours() -> None:
    for value in (ENTRIES, COLLECTIONS, [OTHERS[2]]):
        with given(value).open() as stream:
            head = stream.read()
        assert next(one.key for one in formats() if one.recognises(head, "entries.json")) == "nightscout"
    assert not FORMAT.recognises(b'[{"resourceType":"Observation","sgv":1,"date":2}]', "entries.json")


def test_damage_raises_nothing() -> None:
    check_json_damage(FORMAT, [ENTRIES, OTHERS, COLLECTIONS], count=400)
