"""This is the place where reading our own plain CSV is tested."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.domain.samples import ABOVE, BELOW, FLOATING, MANUAL, UNSURE, UTC_ONLY
from core.sources.wearables.plain_csv import FORMAT
from tests.wearables.csv_given import Came, at, check_damage, member, of_path

LONG = (
    "Time,Value,Unit,Signal,Device,Quality,Person\n"
    "2024-03-31T01:30:00+01:00,72.5,kg,weight,Scale,manual,p1\n"
    "2024-03-31 08:00,5.5,mmol/L,blood glucose,,,p1\n"
    "2024-03-31T08:00:00Z,98.6,°F,8310-5,,,p2\n"
)
WIDE = "timestamp;heart rate (bpm);Weight (lb);steps\n2024-01-01 10:00;60;150,5;12\n2024-01-01 11:00;;;x\n"


@pytest.mark.parametrize(
    "table",
    [LONG, WIDE, "datetime,steps\n", "date,time,value,unit,signal\n", "TIME\tVALUE\tUNITS\tSIGNAL\n", "时间,数值,单位,项目\n"],
)
def test_it_is_recognised(table: str) -> None:
    assert FORMAT.recognises(table.encode(), "x")


@pytest.mark.parametrize(
    "table", ["", "time,value\n", "time,value,unit\n", "a,b,c,d\n", "time,foo,steps\n", "steps,weight (kg)\n", "{}"]
)
def test_what_names_no_signal_is_not(table: str) -> None:
    assert not FORMAT.recognises(table.encode(), "plain.csv")


def test_values_are_of_their_signal_unit_person_and_device() -> None:
    came = Came(FORMAT, member(LONG))
    weight = came.columns("weight")
    assert (weight.start[0], weight.offset[0], weight.quality[0], weight.value[0]) == (at("2024-03-31T00:30"), 60, MANUAL, 72.5)
    glucose = came.columns("glucose", subject="p1")
    assert (glucose.start[0], glucose.offset[0]) == (at("2024-03-31T08:00"), FLOATING)
    assert glucose.value[0] == pytest.approx(99.1001)
    temperature = came.columns("temp", subject="p2")
    assert temperature.offset[0] == UTC_ONLY
    assert temperature.value[0] == pytest.approx(37.0)
    assert came.devices == {"Scale", ""}
    assert came.entries == 3


def test_a_column_for_each_signal() -> None:
    came = Came(FORMAT, member(WIDE))
    assert came.values("hr") == [60.0]
    assert came.values("weight") == [pytest.approx(150.5 * 0.45359237)]
    assert came.values("steps") == [12.0]
    assert came.odd == {("refused", "not_a_number"): 1}


@pytest.mark.parametrize(
    ("row", "outcome", "why"),
    [
        ("2024-01-01 10:00,60,,hr", "quarantined", "unit_missing"),
        ("2024-01-01 10:00,60,furlong,hr", "quarantined", "unit_unknown"),
        ("2024-01-01 10:00,60,kg,hr", "quarantined", "unit_unfit"),
        ("2024-01-01 10:00,60,ms,hrv", "quarantined", "signal_unknown"),
        ("2024-01-01 10:00,60,bpm,", "quarantined", "signal_unknown"),
        ("2024-13-01 10:00,60,bpm,hr", "refused", "time_invalid"),
        ("03/04/2024 10:00,60,bpm,hr", "quarantined", "date_order_unclear"),
        ("2024-01-01 10:00,sixty,bpm,hr", "refused", "not_a_number"),
        ("2024-01-01 10:00,,bpm,hr", "refused", "value_missing"),
        ("2024-01-01 10:00,60", "refused", "not_a_number"),
        ("2024-01-01 10:00,60,bpm,hr,too,many", "refused", "too_many_cells"),
        ("1700-01-01 10:00,60,bpm,hr", "refused", "time_out_of_reach"),
    ],
)
def test_what_is_not_known_is_set_apart_by_row(row: str, outcome: str, why: str) -> None:
    came = Came(FORMAT, member(f"time,value,unit,signal\n2024-01-01T10:00:00Z,61,bpm,heart rate\n{row}\n"))
    assert came.values("hr") == [61.0]
    if row.count(",") == 1:
        assert came.odd == {("quarantined", "signal_unknown"): 1}
    else:
        assert came.odd == {(outcome, why): 1}
    assert came.entries == 2


def test_row_numbers_lead_to_the_row() -> None:
    came = Came(FORMAT, member("a note\ntime,value,unit,signal\n2024-01-01T10:00:00Z,61,,hr\n", "mine.csv"))
    assert came.paths == {"mine.csv:3"}


def test_the_unit_may_be_left_out_where_there_is_only_one() -> None:
    came = Came(FORMAT, member("time,value,unit,signal\n2024-01-01,9000,,steps\n2024-01-01,5,count,floors\n"))
    steps = came.columns("steps", "1d")
    assert (steps.start[0], steps.end[0]) == (at("2024-01-01"), at("2024-01-02"))
    assert came.values("floors", "1d") == [5.0]


def test_intervals_states_limits_and_unknown_qualities() -> None:
    came = Came(
        FORMAT,
        member(
            "start,end,value,unit,signal,quality\n"
            "2024-01-01T23:00:00+05:30,2024-01-01T23:30:00+05:30,deep,,sleep_stage,\n"
            "2024-01-01T23:00:00+05:30,2024-01-01T22:30:00+05:30,deep,,sleep_stage,\n"
            "2024-01-01T10:00:00Z,,<40,mg/dL,cgm,\n"
            "2024-01-01T10:05:00Z,,>400,mg/dL,cgm,\n"
            "2024-01-01T10:10:00Z,,100,mg/dL,cgm,odd\n"
        ),
    )
    stage = came.columns("sleep_stage")
    assert (stage.value[0], stage.end[0] - stage.start[0], stage.offset[0]) == (4.0, 1800 * 10**9, 330)
    assert came.odd == {("refused", "ends_before_start"): 1}
    assert came.columns("cgm_glucose").quality.tolist() == [BELOW, ABOVE, UNSURE]


def test_days_with_slashes_count_where_the_file_shows_the_order() -> None:
    came = Came(FORMAT, member("time,value,unit,signal\n03/04/2024 10:00,60,bpm,hr\n25/04/2024 10:00,61,bpm,hr\n"))
    assert came.columns("hr").start.tolist() == [at("2024-04-03T10:00"), at("2024-04-25T10:00")]


def test_date_and_time_may_stand_in_two_columns() -> None:
    came = Came(FORMAT, member("Date,Time,Value,Unit,Type\n2024-04-03,10:05,60,bpm,pulse\n"))
    assert came.columns("hr").start.tolist() == [at("2024-04-03T10:05")]


def test_damage_never_raises() -> None:
    check_damage(FORMAT, [LONG.encode(), WIDE.encode(), b"datetime,steps\n2025-02-11 01:58:00,13\n2025-02-11 02:07:00,4\n"])


def test_the_real_steps_add_up(shared_data: Path) -> None:
    path = shared_data / "wearable" / "steps-series" / "Fitbit_ST.csv"
    lines = path.read_text().splitlines()[1:]
    came = Came(FORMAT, of_path(path))
    assert came.counts == {("steps", ""): len(lines)}
    assert sum(came.values("steps")) == sum(int(line.split(",")[1]) for line in lines)
    assert not came.odd
