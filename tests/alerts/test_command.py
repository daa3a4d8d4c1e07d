"""`healthboard alerts replay`: a clinic's own table in, alerts with evidence out, and never a traceback."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.arguments import arguments
from core.commands.alerts import replay_file
from core.errors import BadInput, FileRefused, HealthboardError

PARSER = arguments()
HEAD = "time,signal,value,unit\n"


def run(path: Path, text: str | bytes, *options: str) -> dict:
    file = path / "f.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    parsed = PARSER.parse_args(["alerts", "replay", str(file), *options, "--json"])
    answer = replay_file(parsed)
    json.dumps(answer.document, allow_nan=False)
    assert all(isinstance(line, str) for line in answer.lines)
    assert answer.status == 0
    return answer.document  # type: ignore[no-any-return]


def test_each_alert_comes_with_its_states_its_evidence_and_the_source_of_its_rule(tmp_path: Path) -> None:
    told = run(tmp_path, HEAD + "2026-03-01T07:00,weight,200,lb\n2026-03-02T07:00,weight,205,lb\n", "--zone", "Europe/Berlin")
    (alert,) = told["alerts"]
    assert alert["state"] == "notified"
    assert alert["raised_at"] == "2026-03-02T07:00:00+01:00"
    assert [entry["event"] for entry in alert["timeline"]] == ["raised", "notified"]
    assert {one["line"] for one in alert["evidence"]} == {3}
    assert all(rule["source"] and rule["status"] and rule["ends_by"] == "a_person" for rule in alert["rules"])
    assert (told["zone"], told["zone_assumed"]) == ("Europe/Berlin", False)


def test_what_people_did_stands_in_the_same_table(tmp_path: Path) -> None:
    rows = """2026-03-01T07:00,weight,200,lb,,
2026-03-02T07:00,weight,205,lb,,
2026-03-02T08:00,ack,,weight,Nurse Li,will call
2026-03-02T09:00,snooze,72,high:weight,Nurse Li,known
2026-03-03T07:00,weight,208,lb,,
2026-03-03T08:00,act,,,Nurse Li,
2026-03-05T08:00,resolve,,weight_gain,Dr Wu,diuretic changed
"""
    (alert,) = run(tmp_path, "time,signal,value,unit,who,why\n" + rows)["alerts"]
    line = [(entry["event"], entry["who"]) for entry in alert["timeline"]]
    assert line == [
        ("raised", None), ("notified", None), ("acknowledged", "Nurse Li"), ("held", "Nurse Li"), ("worsened", None), ("notified", None),
        ("acting", "Nurse Li"), ("resolved", "Dr Wu"),
    ]  # fmt: skip
    assert alert["open"] is False


def test_rows_that_are_not_understood_are_listed_with_their_line_and_the_others_count(tmp_path: Path) -> None:
    rows = [
        "2026-03-01T07:00,weight,200,lb", "yesterday,weight,200,lb", "2026-03-01,moods,5,1", "2026-03-01,weight,200,furlong", "2026-03-01,weight,many,kg", "",
        "2026-03-01,weight,nan,kg", "2026-03-01,weight,80", "2026-03-01,snooze,5,sideways", "2026-03-01,snooze,-5,high", "9999-12-31,weight,80,kg",
        "2026-03-02,weight,205,lb", '2026-03-02,"weight,205,lb', "2026-03-01,sbp,120,kg", "2026-03-01,weight,80,",
    ]  # fmt: skip
    told = run(tmp_path, HEAD + "\n".join(rows))
    assert [one["line"] for one in told["not_understood"]] == [3, 4, 5, 6, 8, 9, 10, 11, 12, 14, 15, 16]
    assert all(one["need"] for one in told["not_understood"])
    assert told["readings"] == 2
    assert told["rows"] == told["readings"] + len(told["not_understood"]) + len(told["data_issues"])
    assert len(told["alerts"]) == 1


def test_what_cannot_be_is_a_data_issue_and_no_alert(tmp_path: Path) -> None:
    told = run(tmp_path, HEAD + "2026-03-01,sbp,400,mmHg\n2026-03-02,spo2,12,%\n2026-03-02,hr,0,/min\n2026-03-02,weight,900,kg\n")
    assert told["alerts"] == []
    assert [(one["line"], one["code"]) for one in told["data_issues"]] == [(line, "implausible") for line in (2, 3, 4, 5)]


def test_semicolons_decimal_commas_utf_16_and_any_order_are_read(tmp_path: Path) -> None:
    text = "Unit;Value;Signal;Time\r\nkg;82,5;weight;2026-03-08\r\nkg;80,0;weight;2026-03-01\r\n"
    for data in (text.encode(), b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16")):
        assert len(run(tmp_path, data)["alerts"]) == 1


@pytest.mark.parametrize(
    ("reading", "severity"),
    [
        ("sbp,181,mmHg", 3), ("sbp,180,mmHg", 1), ("sbp,159,mmHg", 0), ("sbp,90,mmHg", 1), ("dbp,121,mmHg", 3), ("dbp,120,mmHg", 0), ("spo2,91,%", 1), ("spo2,83,%", 3),
        ("spo2,0.83,1", 3), ("hr,131,/min", 1), ("hr,40,bpm", 1), ("glucose,53,mg/dL", 3), ("glucose,2.9,mmol/L", 3), ("glucose,3.8,mmol/L", 1), ("glucose,70,mg/dL", 0),
        ("glucose,251,mg/dL", 1), ("temp,39.1,Cel", 2), ("temp,102.4,degF", 2), ("phq9_item9,1,", 3), ("phq9_item9,0,", 0), ("irregular_rhythm,1,", 2), ("skin_check,1,", 2),
    ],
)  # fmt: skip
def test_limits_of_one_reading(tmp_path: Path, reading: str, severity: int) -> None:
    told = run(tmp_path, HEAD + f"2026-03-01,{reading}\n")
    assert told["not_understood"] == []
    assert max((one["severity"] for one in told["alerts"]), default=0) == severity


def test_a_second_reading_confirms_and_two_back_in_range_end_it(tmp_path: Path) -> None:
    once = run(tmp_path, HEAD + "2026-03-01T08:00,hr,140,/min\n2026-03-01T08:05,hr,142,/min\n")
    assert [one["severity"] for one in once["alerts"]] == [2]
    back = "2026-03-01T09:00,hr,80,/min\n2026-03-01T09:30,hr,80,/min\n"
    still = run(tmp_path, HEAD + "2026-03-01T08:00,hr,140,/min\n" + back)
    assert still["alerts"][0]["open"], "less than an hour"
    ended = run(tmp_path, HEAD + "2026-03-01T08:00,hr,140,/min\n" + back + "2026-03-01T10:01,hr,80,/min\n")
    assert ended["alerts"][0]["timeline"][-1]["why"] == "back_in_range"


def test_news2_is_scored_where_everything_is_there_and_says_what_is_missing(tmp_path: Path) -> None:
    rows = ["rr,22,/min", "spo2,93,%", "temp,38.5,Cel", "sbp,105,mmHg", "hr,112,/min", "on_oxygen,0,", "acvpu,0,"]
    full = run(tmp_path, HEAD + "".join(f"2026-03-01T08:00,{row}\n" for row in rows))
    (news,) = [one for one in full["alerts"] if one["family"] == "news2"]
    assert (news["severity"], news["worst"]) == (3, 8)  # 2 + 2 + 1 + 1 + 2
    part = run(tmp_path, HEAD + "".join(f"2026-03-01T08:00,{row}\n" for row in rows[:5]))
    assert [one["need"] for one in part["data_issues"]] == ["also on_oxygen, acvpu"]
    assert not [one for one in part["alerts"] if one["family"] == "news2"]


def test_the_own_level_is_made_of_earlier_days_only_and_needs_enough_of_them(tmp_path: Path) -> None:
    days = [f"2026-03-{day:02}T08:00,hr,{66 + day % 3},/min\n" for day in range(1, 8)]
    told = run(tmp_path, HEAD + "".join(days) + "2026-03-08T08:00,hr,95,/min\n")
    (alert,) = told["alerts"]
    assert (alert["evidence"][0]["level"], alert["evidence"][0]["days"], alert["evidence"][0]["last_day"]) == (67, 7, "2026-03-07")
    short = run(tmp_path, HEAD + "".join(days[1:]) + "2026-03-08T08:00,hr,95,/min\n")
    assert short["alerts"] == []
    assert {"rule": "hr_unusual_high", "readings": 7, "days_at_last": 6, "days_needed": 7} in short["not_enough_to_compare"]


def test_what_is_unusual_does_not_become_usual_by_lasting(tmp_path: Path) -> None:
    rows = [f"2026-{3 + day // 28:02}-{1 + day % 28:02}T08:00,hr,{(66 if day < 14 else 95) + day % 3},/min\n" for day in range(80)]
    (alert,) = run(tmp_path, HEAD + "".join(rows))["alerts"]
    assert alert["open"]
    assert alert["severity"] == 2


def test_a_missing_reading_is_told_where_the_team_expects_one_and_ends_when_it_comes(tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text('[{"key": "weight_missing", "limit": 3}]')
    rows = "2026-03-01T08:00,weight,80,kg\n2026-03-09T08:00,weight,80,kg\n"
    (alert,) = run(tmp_path, HEAD + rows, "--rules", str(rules))["alerts"]
    assert (alert["raised_at"][:10], alert["timeline"][-1]["why"]) == ("2026-03-04", "data_again")
    assert run(tmp_path, HEAD + rows)["alerts"] == []


@pytest.mark.parametrize(
    "rules",
    [
        "{", "[1]", "{}", '[{"key": "sbp_high", "limt": 150}]', '[{"key": "sbp_high", "limit": "150"}]', '[{"key": "mine"}]', '[{"key": "weight_week", "recovery": "back_in_range"}]',
        '[{"key": "sbp_severe", "confirm": 2}]', '[{"key": "sbp_high", "limit": 1e999}]', '[{"key": "sbp_high", "source": ""}]', '[{"key": "x", "off": true}]',
        '[{"key": "sbp_high", "severity": 3}]', '[{"key": "sbp_high", "severity": ["now"]}]', "[" * 100000,
    ],
)  # fmt: skip
def test_rules_that_do_not_fit_the_schema_are_refused_with_the_place(tmp_path: Path, rules: str) -> None:
    file = tmp_path / "rules.json"
    file.write_text(rules)
    with pytest.raises(BadInput) as refused:
        run(tmp_path, HEAD, "--rules", str(file))
    assert refused.value.facts["place"]


def test_a_team_may_bring_a_rule_of_its_own_and_switch_one_off(tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    own = {
        "key": "waist_up", "kind": "threshold", "signal": "waist", "direction": "high", "limit": 110, "severity": "soon",
        "source": "our clinic", "year": 2026, "status": "our_choice",
    }  # fmt: skip
    rules.write_text(json.dumps({"rules": [own, {"key": "sbp_severe", "off": True}]}))
    told = run(tmp_path, HEAD + "2026-03-01,waist,112,cm\n2026-03-01,sbp,200,mmHg\n", "--rules", str(rules))
    assert sorted((one["family"], one["severity"]) for one in told["alerts"]) == [("sbp", 1), ("waist_up", 2)]


@pytest.mark.parametrize("text", ["", "\n\n", "a,b\n1,2", "time,signal,value,unit,time\n", "\x00\x00", "time"])
def test_what_is_no_such_table_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileRefused):
        run(tmp_path, text)


def test_a_file_that_is_not_there_and_a_zone_nobody_knows_are_refused(tmp_path: Path) -> None:
    for options in ({"table": tmp_path / "none.csv"}, {"zone": "Mars/Olympus"}, {"until": "later"}):
        (tmp_path / "f.csv").write_text(HEAD)
        asked = Namespace(**{"table": tmp_path / "f.csv", "rules": None, "zone": None, "until": None, **options})
        with pytest.raises(BadInput):
            replay_file(asked)


@pytest.mark.parametrize(
    ("heading", "row", "family"),
    [
        ("timestamp,type,value,units", "2026-03-01T08:00,Systolic BP,190,mmHg", "sbp"), ("Date,Metric,Result,Unit", "2026-03-01,Blood Glucose,2.9,mmol/L", "glucose"),
        ("time,signal,value,unit,time zone", "2026-03-01T08:00,oxygen-saturation,80,%,UTC", "spo2"), ("time,signal,value,unit,date", "2026-03-01T08:00,SYS,25,kPa,1", "sbp"),
        ("time,signal,value,unit", "2026-03-01T08:00,8480-6,190,mm[Hg]", "sbp"), ("time,signal,value,unit", "2026-03-01T08:00,Blood pressure,190/85,mmHg", "sbp"),
        ("time,signal,value,unit", "2026-03-01T08:00,BP,150/125,mmHg", "dbp"), ("time,signal,value,unit", "2026-03-01T08:00,Body Temperature,103,F", "temp"),
    ],
)  # fmt: skip
def test_columns_and_signals_go_by_the_names_that_clinics_give_them(tmp_path: Path, heading: str, row: str, family: str) -> None:
    told = run(tmp_path, f"{heading}\n{row}\n")
    assert told["not_understood"] == []
    assert [one["family"] for one in told["alerts"]] == [family]


def test_a_pressure_in_one_cell_is_two_readings_and_half_of_one_is_none(tmp_path: Path) -> None:
    rows = [
        f"2026-03-0{day}T08:00,bp,{value},mmHg"
        for day, value in enumerate(("120/80", "80/120", "190", "190/9", "190/", "1e2/80", "120/80/60"), start=1)
    ]
    told = run(tmp_path, HEAD + "\n".join(rows))
    assert (told["rows"], told["readings"], told["pressures_in_one_cell"]) == (7, 2, 1)
    assert [one["line"] for one in told["not_understood"]] == [3, 4, 6, 7, 8]
    assert [one["code"] for one in told["data_issues"]] == ["implausible"], "neither half of 190/9 is used"
    assert told["alerts"] == []


def test_a_table_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.commands.alerts._MOST_BYTES", 100)
    with pytest.raises(FileRefused) as refused:
        run(tmp_path, HEAD + "2026-03-01,weight,80,kg\n" * 10)
    assert refused.value.code == "file_too_large"


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["2026-03-01", "2026-03-01T08:00", "0001-01-01", "weight", "hr", "ack", "snooze", "resolve", "undelivered", "patient", "high", "low:weight",
                     "kg", "lb", "/min", "80", "200", "1e308", "-0", "inf", "nan", '"', "", "phq9_item9", "acvpu", "1.5", "24", "bp", "120/80", "8480-6"]),
)  # fmt: skip
ROW = st.lists(CELL, min_size=3, max_size=6).map(",".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, max_size=12))
def test_hostile_rows_never_raise(tmp_path: Path, rows: list[str]) -> None:
    told = run(tmp_path, (HEAD + "\n".join(rows)).encode("utf-8", "replace"))
    implausible = sum(one["code"] in ("implausible", "duplicate") for one in told["data_issues"])
    assert (
        told["rows"] + told["pressures_in_one_cell"] == told["readings"] + told["acts"] + len(told["not_understood"]) + implausible
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
def test_hostile_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    for given_bytes in (data, HEAD.encode() + data):
        try:
            run(tmp_path, given_bytes)
        except HealthboardError as error:
            assert error.code


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    document=st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5) | st.sampled_from(["sbp_high", "now", "hr"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["key", "limit", "off", "kind", "signal", "year", "rules", "confirm", "step"]), inner, max_size=4
            )
        ),
        max_leaves=8,
    )
)
def test_hostile_rules_are_read_or_refused(tmp_path: Path, document: object) -> None:
    file = tmp_path / "rules.json"
    file.write_text(json.dumps([document]))
    try:
        run(tmp_path, HEAD + "2026-03-01,sbp,165,mmHg\n", "--rules", str(file))
    except HealthboardError as error:
        assert error.code == "bad_rule"


def test_work_grows_with_the_rows_and_not_faster(tmp_path: Path) -> None:
    """Counted in calls, which are the same whatever else the machine does."""
    import cProfile
    import pstats
    from datetime import UTC, datetime, timedelta

    def calls(days: int) -> int:
        rows = [
            f"{(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=30 * n)).isoformat()},hr,{60 + (n * 7919) % 90},/min\n"
            for n in range(48 * days)
        ]
        watched = cProfile.Profile()
        watched.runcall(run, tmp_path, HEAD + "".join(rows))
        return int(pstats.Stats(watched).total_calls)  # type: ignore[attr-defined]

    calls(5)
    few, many = calls(40), calls(160)
    assert many < 5 * few
