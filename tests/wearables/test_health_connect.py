"""This is the place where reading Health Connect exports is tested. No real export is at hand: databases by Android's published schema."""

from __future__ import annotations

import os
import random
import sqlite3
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.samples import ESTIMATED, MANUAL, UTC_ONLY
from core.domain.signals_table import CYCLE_FLOW, SLEEP_STAGES, WORKOUTS
from core.sources.wearables import sqlite_file
from core.sources.wearables.form import HEAD_BYTES
from core.sources.wearables.health_connect import FORMAT
from core.sources.wearables.sqlite_file import MAGIC
from tests.wearables.csv_given import Came, member, of_path, survives
from tests.wearables.health_connect_writer import INDIA, NOON, full, instant, span, write

MS = 1_000_000


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write(tmp_path / "health_connect_export.db", full())


def test_every_kind_comes_in_our_units(export: Path) -> None:
    came = Came(FORMAT, of_path(export))
    expected = {
        "weight": [71.25], "height": [167.0], "body_fat": [28.9], "lean_mass": [52.0], "sbp": [125.0], "dbp": [68.0], "spo2": [97.0],
        "rhr": [55.0], "rr": [14.6], "hrv_rmssd": [40.9], "temp": [36.7], "skin_temp": [33.4], "vo2max": [44.2], "distance": [120.5],
        "energy_active": [25.0], "energy_total": [412.0], "floors": [3.0], "skin_temp_change": [-0.4], "active_minutes": [12.0],
    }  # fmt: skip
    for signal, values in expected.items():
        assert came.values(signal) == pytest.approx(values), signal
    assert came.values("steps") == [100.0 + at for at in range(8)]
    assert came.values("cgm_glucose") == pytest.approx([5.5 * 18.0182])
    assert came.values("glucose") == pytest.approx([6.1 * 18.0182])
    assert [WORKOUTS[int(one)] for one in came.values("workout")] == ["running", "cycling", "other"]
    assert [CYCLE_FLOW[int(one)] for one in came.values("cycle")] == ["medium", "spotting"]
    assert came.columns("vo2max").quality.tolist() == [ESTIMATED]


def test_everything_is_accounted_for(export: Path) -> None:
    came = Came(FORMAT, of_path(export))
    assert came.odd == {
        ("not_followed", "no_reading"): 1,
        ("not_followed", "summary_of_others"): 1,
        ("not_followed", "kind_not_taken"): 2,
        ("not_followed", "goal_not_measured"): 1,
        ("not_followed", "workout_route"): 1,
    }
    tables = full()
    rows = sum(
        len(entries) for name, entries in tables.items() if name not in ("heart_rate", "skin_temperature", "activity_date_table")
    )
    assert came.entries == rows + len(tables["blood_pressure"])


def test_times_are_instants_with_their_offset(export: Path) -> None:
    steps = Came(FORMAT, of_path(export)).columns("steps")
    assert steps.start[0] == NOON * MS
    assert steps.end[0] - steps.start[0] == 900_000 * MS
    assert set(steps.offset.tolist()) == {INDIA // 60}


def test_a_series_has_the_offset_and_the_device_of_its_record(export: Path) -> None:
    came = Came(FORMAT, of_path(export))
    hr = came.columns("hr")
    assert hr.value.tolist() == [61.0, 62.0, 63.0, 64.0, 65.0]
    assert set(hr.offset.tolist()) == {330}
    assert {one.device for one in came.samples if one.signal == "hr"} == {"Fitbit · Google Pixel Watch 2"}
    assert {one.device for one in came.samples if one.signal == "weight"} == {"com.example.scale"}


def test_nights_with_stages_are_told_by_those(export: Path) -> None:
    came = Came(FORMAT, of_path(export))
    night = came.columns("sleep_stage")
    told = [SLEEP_STAGES[int(one)] for one in night.value]
    assert sorted(told) == sorted(["awake", "light", "deep", "rem", "awake", "asleep"])
    asleep = told.index("asleep")
    assert (night.end[asleep] - night.start[asleep]) == 45 * 60_000 * MS
    assert night.quality[asleep] == MANUAL


def test_what_a_person_typed_in_is_marked(export: Path) -> None:
    came = Came(FORMAT, of_path(export))
    assert came.columns("weight").quality.tolist() == [MANUAL]
    assert came.columns("steps").quality.tolist() == [0] * 8


def test_odd_cells_are_refused_one_by_one(tmp_path: Path) -> None:
    rows = {
        "weight": [
            instant(0, weight=70_000.0), instant(1, weight="heavy"), instant(2, weight=None), instant(3, weight=0),
            instant(4, weight=71_000.0, time=None), instant(5, weight=71_000.0, time=9_999_999_999_999), instant(6, weight=72_000.0, time="soon"),
            instant(7, weight=b"\xff\x00"), instant(8, weight=73_000.0, zone_offset=7_200_000), instant(9, weight=74_000.0, zone_offset=None),
        ],
        "steps": [span(0, -5, count=10), span(0, 5, count=10, end_time=None)],
        "sleep_stages_table": [{"parent_key": 99, "stage_start_time": NOON, "stage_end_time": NOON + 1, "stage_type": 42}],
    }  # fmt: skip
    came = Came(FORMAT, of_path(write(tmp_path / "e.db", rows)))
    assert came.values("weight") == [70.0, 73.0, 74.0]
    assert came.columns("weight").offset.tolist() == [330, UTC_ONLY, UTC_ONLY]
    assert came.odd == {
        ("refused", "not_a_number"): 2,
        ("refused", "value_missing"): 1,
        ("not_followed", "no_reading"): 2,
        ("refused", "time_missing"): 2,
        ("refused", "time_out_of_reach"): 2,
        ("refused", "ends_before_start"): 1,
    }


def test_missing_tables_and_columns_and_unknown_ones_are_borne(tmp_path: Path) -> None:
    path = tmp_path / "e.db"
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE steps_record_table (start_time INTEGER, end_time INTEGER, count INTEGER)")
    database.execute("INSERT INTO steps_record_table VALUES (?, ?, 12)", (NOON, NOON + 60_000))
    database.execute("CREATE TABLE heart_rate_record_table (row_id INTEGER, app_info_id INTEGER, start_zone_offset INTEGER)")
    database.execute("INSERT INTO heart_rate_record_table VALUES (1, 1, 3600), (1, 1, 3600)")
    database.execute(
        "CREATE TABLE heart_rate_record_series_table (parent_key INTEGER, beats_per_minute INTEGER, epoch_millis INTEGER)"
    )
    database.execute("INSERT INTO heart_rate_record_series_table VALUES (1, 60, ?), (2, 61, ?)", (NOON, NOON))
    database.execute("CREATE TABLE weight_record_table (time INTEGER)")
    database.execute("INSERT INTO weight_record_table VALUES (?)", (NOON,))
    database.execute("CREATE TABLE aura_record_table (time INTEGER, colour TEXT)")
    database.executemany("INSERT INTO aura_record_table VALUES (1, ?)", [("blue",), ("red",)])
    database.execute("CREATE VIEW heavy AS SELECT * FROM weight_record_table")
    database.commit()
    database.close()
    came = Came(FORMAT, of_path(path))
    assert came.values("steps") == [12.0]
    assert sorted(came.columns("hr").offset.tolist()) == [UTC_ONLY, 60]
    assert came.odd == {("refused", "value_missing"): 1, ("not_followed", "unknown_type"): 2}
    assert came.devices == {""}


def test_damaged_pages_cost_only_what_stood_on_them(tmp_path: Path) -> None:
    path = write(tmp_path / "e.db", {"steps": [span(at, 1, count=at) for at in range(3000)]}, page=1024)
    data = bytearray(path.read_bytes())
    root = sqlite3.connect(path).execute("SELECT rootpage FROM sqlite_master WHERE name = 'steps_record_table'").fetchone()[0]
    leaves = [at for at in range(0, len(data), 1024) if data[at] == 13 and at // 1024 > root]
    broken = leaves[len(leaves) // 2]
    data[broken : broken + 1024] = b"\xee" * 1024
    came = Came(FORMAT, member(bytes(data), "e.db"))
    values = came.values("steps")
    assert 2900 < len(values) < 3000
    assert {0.0, 2999.0} <= set(values)
    assert len(values) == len(set(values))
    assert came.odd["refused", "cut_short"] == 1


def test_one_entry_beyond_all_measure_costs_only_itself(tmp_path: Path) -> None:
    rows = [instant(at, weight=70_000.0 + at) for at in range(9)]
    path = write(tmp_path / "e.db", {"weight": rows})
    with sqlite3.connect(path) as database:
        database.execute("UPDATE weight_record_table SET weight = zeroblob(20000000) WHERE row_id = 5")
    came = Came(FORMAT, of_path(path))
    assert sorted(came.values("weight")) == pytest.approx([70.0 + at / 1000 for at in range(9) if at != 4])
    assert came.odd == {("refused", "cut_short"): 1}


def test_a_table_that_leads_in_circles_is_left(tmp_path: Path) -> None:
    path = write(tmp_path / "e.db", {"steps": [span(at, 1, count=at) for at in range(3000)]}, page=1024)
    data = bytearray(path.read_bytes())
    root = sqlite3.connect(path).execute("SELECT rootpage FROM sqlite_master WHERE name = 'steps_record_table'").fetchone()[0]
    page = memoryview(data)[(root - 1) * 1024 : root * 1024]
    cells = int.from_bytes(page[3:5], "big")
    assert page[0] == 5 and cells >= 1
    first = int.from_bytes(page[12:14], "big")
    page[8:12] = page[first : first + 4]  # the last child is the first once more
    came = Came(FORMAT, member(bytes(data), "e.db"))
    values = came.values("steps")
    assert len(values) == len(set(values)) > 0
    assert came.odd["refused", "cut_short"] == 1


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_database_cut_off_is_read_as_far_as_it_goes(share: float, tmp_path: Path) -> None:
    data = write(tmp_path / "e.db", {"steps": [span(at, 1, count=at) for at in range(5000)]}, page=1024).read_bytes()
    came = Came(FORMAT, member(data[: int(len(data) * share)], "e.db"))
    assert came.odd["refused", "cut_short"] + came.odd["refused", "document_unreadable"] >= 1
    if share > 0.9:
        assert len(came.values("steps")) > 4000


def test_it_is_recognised_by_what_it_holds(export: Path) -> None:
    head = export.read_bytes()[:HEAD_BYTES]
    assert FORMAT.recognises(head, "anything.bin")
    assert not FORMAT.recognises(MAGIC + bytes(2000), "photos.db")
    assert FORMAT.recognises(MAGIC + bytes(2000), "Health Connect/health_connect_export.db")
    assert not FORMAT.recognises(b"PK\x03\x04", "health_connect_export.db")


def test_no_copy_stays_behind(export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    reading = FORMAT.read(of_path(export))
    next(reading)  # type: ignore[call-overload]
    if os.name == "posix":
        assert not [path for path in folder.rglob("*") if path.is_file()]
    reading.close()  # type: ignore[attr-defined]
    assert not list(folder.iterdir())


def test_a_query_that_never_answers_is_stopped(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "_PATIENCE", 3)
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    with sqlite_file.opened(of_path(export)) as database:
        assert isinstance(database, sqlite_file.Database)
        with pytest.raises(sqlite3.OperationalError):
            database.one(endless)
        assert database.one("SELECT count(*) FROM steps_record_table") == 8


def test_columns_that_are_worked_out_are_not_worked_out_here(tmp_path: Path) -> None:
    path = tmp_path / "e.db"
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE weight_record_table (time INTEGER, weight REAL AS (70000 + time))")
    database.execute("INSERT INTO weight_record_table VALUES (?)", (NOON,))
    database.commit()
    database.close()
    assert Came(FORMAT, of_path(path)).odd == {("refused", "value_missing"): 1}


def test_a_folder_that_is_full_is_said(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "chmod", full_disk)
    assert Came(FORMAT, of_path(export)).odd == {("refused", "no_room_to_unpack"): 1}


def damaged(data: bytes, dice: random.Random) -> bytes:
    copy = bytearray(data)
    for _ in range(dice.randint(1, 12)):
        at, how = dice.randrange(len(copy)), dice.random()
        if how < 0.5:
            copy[at] ^= 1 << dice.randrange(8)
        elif how < 0.8:
            copy[at : at + 40] = dice.randbytes(40)
        elif how < 0.9:
            del copy[max(at, 100) :]
        else:
            other = dice.randrange(len(copy) // 512 + 1) * 512
            copy[at // 512 * 512 : at // 512 * 512 + 512] = copy[other : other + 512]
    return bytes(copy)


def test_damage_never_raises(tmp_path: Path) -> None:
    data = write(tmp_path / "e.db", full(), page=512).read_bytes()
    dice = random.Random(20_261_126)
    for _ in range(150):
        survives(FORMAT, damaged(data, dice), "health_connect_export.db")


@given(st.binary(max_size=400))
def test_any_bytes_are_survived(data: bytes) -> None:
    survives(FORMAT, data, "health_connect_export.db")
    survives(FORMAT, MAGIC + data, "health_connect_export.db")
