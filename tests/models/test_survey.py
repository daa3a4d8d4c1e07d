"""This is the place where it is checked who is taken from the survey, how it is split, what the ADA items are, and what training refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.training import ada, survey

ROW = {
    "ID": 1, "Age": 50, "Gender": "male", "Diabetes": "No", "DiabetesAge": np.nan, "PregnantNow": np.nan, "BMI": 31.0, "PhysActive": "No",
    "Smoke100": "No", "SmokeNow": np.nan, "BPSysAve": 142.0, "BPDiaAve": 80.0, "Pulse": 70.0, "SleepHrsNight": 7.0, "SleepTrouble": "No",
    "SDMVSTRA": 75, "SDMVPSU": 1, "WTMEC2YR": 1000.0, "Race1": "White",
}  # fmt: skip


def table(*changes: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([ROW | {"ID": n} | change for n, change in enumerate(changes)])


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"Age": 19}, "under_20"),
        ({"Age": 80}, "age_80_or_more_top_coded"),
        ({"Gender": "female", "PregnantNow": "Yes"}, "pregnant"),
        ({"Diabetes": None}, "label_unknown"),
        ({"BMI": np.nan}, "an_input_unknown"),
        ({"BPDiaAve": 0.0}, "an_input_unknown"),
        ({"Smoke100": "Yes", "SmokeNow": np.nan}, "an_input_unknown"),
    ],
)
def test_whoever_is_left_out_is_counted_by_rule(change: dict[str, object], rule: str) -> None:
    found, counts = survey.people(table({}, change))
    assert len(found) == 1
    assert counts[rule] == 1
    left_out = ("under_20", "age_80_or_more_top_coded", "pregnant", "label_unknown", "an_input_unknown")
    assert counts["rows"] == counts["kept"] + sum(counts[name] for name in left_out)


def test_who_never_smoked_a_hundred_does_not_smoke() -> None:
    found, _ = survey.people(table({}))
    assert (found.x["smoked_100"][0], found.x["smoker"][0]) == (0.0, 0.0)


def units(strata: int = 15) -> np.ndarray:
    return np.repeat([f"{stratum}-{unit}" for stratum in range(75, 75 + strata) for unit in (1, 2)], 4)


def test_a_third_is_held_back_by_whole_units_one_of_a_stratum_always_the_same() -> None:
    held = survey.held_back(units())
    taken = sorted(set(units()[held]))
    assert len(taken) == 10
    assert len({name.split("-")[0] for name in taken}) == 10
    assert not set(taken) & set(units()[~held])
    assert (held == survey.held_back(units())).all()


def test_neighbours_are_in_one_fold() -> None:
    place = survey.folds(units())
    assert set(place) == {0, 1, 2, 3, 4}
    assert all(len(set(place[units() == name])) == 1 for name in set(units()))


@pytest.mark.parametrize(
    ("change", "points"),
    [
        ({}, 1 + 2 + 1 + 2 + 1),  # man, 50, BMI 31, inactive, 142/80
        ({"Age": 39, "BMI": 24.9, "BPSysAve": 120.0, "PhysActive": "Yes", "Gender": "female"}, 0),
        ({"Age": 40, "BMI": 25.0, "BPSysAve": 139.0, "BPDiaAve": 90.0}, 1 + 1 + 1 + 1 + 1),
        ({"Age": 60, "BMI": 40.0, "BPSysAve": 140.0}, 1 + 3 + 1 + 3 + 1),
        ({"Age": 59, "BMI": 29.99, "BPSysAve": 139.9}, 1 + 2 + 1 + 1),
    ],
)
def test_the_ada_items_by_hand(change: dict[str, object], points: int) -> None:
    found, _ = survey.people(table(change))
    assert list(ada.available(found)) == [points]


def test_the_bounds_hold_whatever_the_missing_items_are() -> None:
    """A woman told, 5 points without any missing item; a man told with 3; a man never told with 2: the full tests can only lie between."""
    told, three, two = {"Gender": "female", "Diabetes": "Yes"}, {"Age": 39, "Diabetes": "Yes", "BMI": 29.0}, {"Age": 39, "BMI": 24.0}
    found, _ = survey.people(table(told, three, two))
    assert list(ada.without_pressure(found)) == [5, 3, 2]
    assert ada.bounds(found) == {"sensitivity": {"low": 0.5, "high": 1.0}, "specificity": {"low": 1.0, "high": 1.0}}


def test_other_data_are_refused_unless_they_are_wanted(tmp_path: Path) -> None:
    with pytest.raises(survey.DataRefused, match="no nhanes"):
        survey.find(tmp_path)
    table({}).to_csv(tmp_path / "nhanes_2009_10.csv")
    with pytest.raises(survey.DataRefused, match="SHA-256"):
        survey.read(survey.find(tmp_path))
    assert len(survey.read(survey.find(tmp_path), any_data=True)) == 1


def test_a_table_with_somebody_twice_is_refused(tmp_path: Path) -> None:
    pd.DataFrame([ROW, ROW]).to_csv(tmp_path / "nhanes_2009_10.csv")
    with pytest.raises(survey.DataRefused, match="one row for each person"):
        survey.read(survey.find(tmp_path), any_data=True)


def test_the_counts_of_the_report_are_those_of_the_table(shared_data: Path) -> None:
    from tests.models.given import report

    found, counts = survey.people(survey.read(survey.find(shared_data / "tabular")))
    assert counts == report()["data"]["counts"]
    held = survey.held_back(found.unit)
    assert report()["data"]["development"]["people"] == int((~held).sum())
    assert report()["data"]["development"]["told"] == int(found.y[~held].sum())
