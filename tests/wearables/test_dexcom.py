"""This is the place where reading Dexcom Clarity exports is tested. No real export is at hand: tables by the documented columns."""

from __future__ import annotations

import pytest

from core.domain.samples import ABOVE, BELOW, FLOATING, MANUAL
from core.sources.wearables.dexcom import FORMAT
from tests.wearables.csv_given import Came, at, check_damage, member

HEADER = (
    "Index,Timestamp (YYYY-MM-DDThh:mm:ss),Event Type,Event Subtype,Patient Info,Device Info,Source Device ID,Glucose Value (mg/dL),"
    "Insulin Value (u),Carb Value (grams),Duration (hh:mm:ss),Glucose Rate of Change (mg/dL/min),Transmitter Time (Long Integer),Transmitter ID\n"
)
ROWS = (
    "1,,FirstName,,Jane,,,,,,,,,\n2,,Device,,,Dexcom G6 Mobile App,iPhone G6,,,,,,,\n3,,Alert,High,,,iPhone G6,200,,,,3,,\n"
    "4,2024-06-01T00:03:00,EGV,,,,iPhone G6,112,,,,,7337131,8GAAAA\n5,2024-06-01T00:08:00,EGV,,,,iPhone G6,Low,,,,,7337431,8GAAAA\n"
    "6,2024-06-01T00:13:00,EGV,,,,iPhone G6,High,,,,,7337731,8GAAAA\n7,2024-06-01T10:00:00,Insulin,Fast-Acting,,,iPhone G6,,5,,,,,\n"
    "8,2024-06-01T11:00:00,Calibration,,,,iPhone G6,120,,,,,7377731,8GAAAA\n9,2024-06-01T11:05:00,EGV,,,,iPhone G6,,,,,,1,8GAAAA\n"
)
FRENCH = (
    "Index;Horodatage (AAAA-MM-JJThh:mm:ss);Type d'événement;Sous-type d'événement;Infos patient;Infos appareil;ID de l'appareil source;"
    "Valeur du glucose (mmol/L)\n1;2024-06-01T00:03:00;VGE;;;;android G7;6,2\n2;2024-06-01T00:08:00;VGE;;;;android G7;Bas\n"
)


def test_readings_limits_and_calibrations() -> None:
    came = Came(FORMAT, member(HEADER + ROWS))
    sensor = came.columns("cgm_glucose")
    assert sensor.value.tolist() == [112.0, 40.0, 400.0]
    assert sensor.quality.tolist() == [0, BELOW, ABOVE]
    assert sensor.start[0] == at("2024-06-01T00:03")
    assert set(sensor.offset.tolist()) == {FLOATING}
    meter = came.columns("glucose")
    assert (meter.value.tolist(), meter.quality.tolist()) == ([120.0], [MANUAL])
    assert came.devices == {"Dexcom G6"}
    assert came.odd == {
        ("not_followed", "not_a_measurement"): 3,
        ("not_followed", "signal_not_kept"): 1,
        ("not_followed", "no_reading"): 1,
    }
    assert came.entries == 9


def test_an_alarm_setting_is_no_reading_and_no_name_gets_out() -> None:
    came = Came(FORMAT, member(HEADER + ROWS))
    assert 200.0 not in came.values("cgm_glucose")
    assert not any("Jane" in text for one in came.tallies for text in (one.kind, one.path))


def test_mmol_in_another_language_with_decimal_commas() -> None:
    came = Came(FORMAT, member(FRENCH))
    assert came.values("cgm_glucose") == [pytest.approx(6.2 * 18.0182), 40.0]
    assert came.devices == {"Dexcom G7"}


def test_without_a_unit_nothing_is_guessed() -> None:
    came = Came(FORMAT, member(HEADER.replace("Glucose Value (mg/dL)", "Glucose Value") + ROWS))
    assert came.odd["quarantined", "unit_missing"] == 2


@pytest.mark.parametrize("table", [HEADER, FRENCH, "\ufeff" + HEADER])
def test_it_is_recognised(table: str) -> None:
    assert FORMAT.recognises(table.encode(), "x")


def test_other_tables_are_not() -> None:
    assert not FORMAT.recognises(b"Index,Timestamp,Event Type\n", "CLARITY_Export.csv")


def test_damage_never_raises() -> None:
    check_damage(FORMAT, [(HEADER + ROWS).encode(), FRENCH.encode()])
