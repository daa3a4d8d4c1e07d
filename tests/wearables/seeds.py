"""This is the place where small valid files of every format stand together, so that each can be damaged in every way."""

from __future__ import annotations

import json
import pkgutil
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import core.sources.wearables
from core.sources.wearables.form import Format
from tests.wearables import (
    fit_writer,
    health_connect_writer,
    test_apple_ecg,
    test_apple_health,
    test_cgm_hall,
    test_dexcom,
    test_fitabase,
    test_fitbit_takeout,
    test_fitbit_takeout_csv,
    test_google_fit_csv,
    test_google_fit_takeout,
    test_libreview,
    test_nightscout,
    test_openmhealth,
    test_oura_csv,
    test_oura_json,
    test_plain_csv,
    test_samsung_health,
    test_withings_csv,
)


class Seed(NamedTuple):
    """A valid file: the name it goes by in an export, and its bytes."""

    name: str
    content: bytes


FIT_DAY = 1_149_984_000
_VENDORS = (
    {"activities-steps": [{"dateTime": "2026-03-01", "value": "5000"}], "activities-steps-intraday": {
        "dataset": [{"time": "00:00:00", "value": 4}, {"time": "00:01:00", "value": 0}], "datasetInterval": 1, "datasetType": "minute"}},
    {"weight": [{"bmi": 21.48, "date": "2026-03-01", "logId": 1, "time": "21:10:59", "weight": 56.7, "source": "Aria"}]},
    {"status": 0, "body": {"updatetime": 1_700_000_000, "timezone": "Europe/Athens", "measuregrps": [
        {"grpid": 1, "attrib": 0, "date": 1_700_000_000, "category": 1, "measures": [{"value": 65_750, "type": 1, "unit": -3}]}]}},
    {"CurrentRecordCount": 1, "BPUnit": 0, "BPDataList": [
        {"BPL": 1, "DataID": "a", "HP": 120, "HR": 65, "LP": 90, "MDate": 1_442_520_263, "TimeZone": "-0800", "DataSource": "Manual"}]},
)  # fmt: skip


def _fit() -> list[bytes]:
    fit, message, file_id, noon = fit_writer.fit, fit_writer.message, fit_writer.file_id, fit_writer.NOON
    night = [message("sleep_level", 1, timestamp=noon + 600 * at, sleep_level=at) for at in range(1, 5)]
    scale = message("weight_scale", 1, timestamp=noon, weight=75.8, percent_fat=22.3)
    cuff = message("blood_pressure", 1, timestamp=noon, systolic_pressure=120, diastolic_pressure=80, heart_rate=61)
    return [
        fit_writer.ride(12), fit_writer.day(FIT_DAY, 19_800, (60, "walking", 5), (600, "walking", 90), (90_000, "running", 5)),
        fit(file_id("weight"), scale, cuff), fit(file_id(), *night, header=12) + fit_writer.ride(3),
    ]  # fmt: skip


def _database(page: int) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return health_connect_writer.write(Path(folder) / "made.db", health_connect_writer.full(), page=page).read_bytes()


def _apple() -> str:
    record, inside = test_apple_health.record, '<MetadataEntry key="HKWasUserEntered" value="1"/>'
    when, until = test_apple_health.WHEN, "2023-07-04 08:30:00 -0400"
    workout = (
        f'<Workout workoutActivityType="HKWorkoutActivityTypeRunning" sourceName="Watch" startDate="{when}" endDate="{until}"/>\n'
    )
    return test_apple_health.export(
        record("HKQuantityTypeIdentifierStepCount", "329", end=until),
        record("HKQuantityTypeIdentifierHeartRate", "72", "count/min", HKTimeZone="Asia/Kolkata"),
        record("HKQuantityTypeIdentifierBodyMass", "160", "lb", inside=inside),
        record("HKCategoryTypeIdentifierSleepAnalysis", "HKCategoryValueSleepAnalysisAsleepREM", None, end=until),
        workout,
        head="<!DOCTYPE HealthData [\n<!ELEMENT HealthData (ExportDate,Record*)>\n]>\n",
    )


def _json(*values: Any) -> list[bytes]:
    return [json.dumps(one).encode() for one in values]


def _named(name: str, texts: Sequence[str | bytes]) -> list[Seed]:
    return [Seed(name, text.encode() if isinstance(text, str) else text) for text in texts]


@cache
def seeds() -> Mapping[str, Sequence[Seed]]:
    """Valid files by the key of their format."""
    libre = [test_libreview.FIRST + header + test_libreview.ROWS for header in test_libreview.HEADERS.values()]
    withings = ("WEIGHT", "PRESSURE", "SLEEP", "RAW", "ACTIVITIES")
    takeout = [
        Seed(test_fitbit_takeout.NAMES[at % 4], one) for at, one in enumerate(_json(*test_fitbit_takeout.SEEDS))
    ]  # fmt: skip
    google = _json(
        test_google_fit_takeout.STEPS, test_google_fit_takeout.SLEEP, test_google_fit_takeout.SESSION, test_google_fit_takeout.NIGHT
    )
    return {
        "apple_health": _named("apple_health_export/export.xml", [_apple()]),
        "apple_ecg": _named("electrocardiograms/ecg_2023.csv", [test_apple_ecg.recording(language, voltages=64) for language in ("en", "zh")]),
        "apple_route": _named("workout-routes/a.gpx", ['<?xml version="1.0"?>\n<gpx version="1.1"><trk><trkpt lat="1" lon="2"/></trk></gpx>']),
        "apple_cda": _named("export_cda.xml", ["<ClinicalDocument><title>Health Data Export</title></ClinicalDocument>"]),
        "garmin_fit": _named("some.fit", _fit()),
        "health_connect": _named("health_connect_export.db", [_database(512), _database(4096)]),
        "samsung_health": _named("com.samsung.shealth.tracker.heart_rate.csv", test_samsung_health.SEEDS),
        "fitabase": _named("dailyActivity_merged.csv", test_fitabase.SEEDS),
        "dexcom": _named("CLARITY_Export.csv", [test_dexcom.HEADER + test_dexcom.ROWS, test_dexcom.FRENCH]),
        "libreview": _named("glucose.csv", libre),
        "cgm_hall": _named("hall.csv", [test_cgm_hall.TABLE]),
        "withings_csv": [*_named("raw_hr_hr.csv", [getattr(test_withings_csv, one) for one in withings]), *_named("aggregates_steps.csv", [test_withings_csv.DAILY])],
        "oura_csv": _named("oura_trends.csv", test_oura_csv.SEEDS),
        "fitbit_takeout_csv": _named("Heart Rate Variability Details - 2024-03-31.csv", test_fitbit_takeout_csv.ALL),
        "google_fit_csv": [Seed("2024-03-31.csv", test_google_fit_csv.QUARTERS.encode()), Seed("Daily activity metrics.csv", test_google_fit_csv.DAYS.encode())],
        "fitbit_takeout": takeout,
        "google_fit_takeout": _named("raw_com.google.step_count.delta.json", google),
        "nightscout": _named("entries.json", _json(test_nightscout.ENTRIES, [*test_nightscout.ENTRIES, *test_nightscout.OTHERS], test_nightscout.COLLECTIONS)),
        "oura_json": _named("oura.json", _json(*test_oura_json.SEEDS)),
        "openmhealth": _named("points.json", _json(*test_openmhealth.SEEDS)),
        "vendor_api": _named("answer.json", _json(*_VENDORS)),
        "plain_csv": _named("table.csv", [test_plain_csv.LONG, test_plain_csv.WIDE]),
    }  # fmt: skip


def found_formats() -> dict[str, Format]:
    """Every module of core.sources.wearables that offers a format, by its key."""
    found = {}
    for one in pkgutil.iter_modules(core.sources.wearables.__path__):
        module = import_module(f"core.sources.wearables.{one.name}")
        if isinstance(getattr(module, "FORMAT", None), Format):
            found[module.FORMAT.key] = module.FORMAT
    return found
