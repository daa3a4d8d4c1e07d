"""Today's last weeks of devices: one value a day beside what is usual, changes in words, vendors' findings, what was typed in."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest

from core.care import lately, manual, series_choices, settings_of, today
from core.care.access import COMMAND_LINE
from core.care.lately_views import LatelyTile
from core.care.parcels import Parcel
from core.care.placing import Whose
from core.domain.people import Preferences, Role
from core.ports import Ports, Upload
from tests.care.given import add_account, add_person, bring, clock, ports_with, signed_in


@pytest.fixture
def ports(sql_store: object) -> Ports:
    return ports_with(sql_store)  # type: ignore[arg-type]


@pytest.fixture
def person(ports: Ports) -> str:
    return add_person(ports)


def sent(ports: Ports, person: str, rows: list[str], name: str = "watch.csv") -> None:
    text = "\n".join(["time,value,unit,signal,device,quality", *rows])
    made = bring(ports, Parcel(name, (Upload(name, BytesIO(text.encode())),)), whose=Whose(person))
    assert dict(made.counts)["stored"] == len(rows), made.files[0].lines


def nights(ports: Ports, days: int, last_up: float = 0.0, signal: str = "rhr") -> list[str]:
    now = clock(ports).at.replace(hour=6, minute=0)
    return [
        f"{(now - timedelta(days=back)).isoformat()},{58 + back % 3 + (last_up if back < 7 else 0)},/min,{signal},Watch,"
        for back in range(days - 1, -1, -1)
    ]


def tile(ports: Ports, person: str, signal: str) -> LatelyTile:
    view = lately.view(ports, COMMAND_LINE, person)
    return next(one for one in view.tiles if one.signal == signal)


def test_without_a_device_there_is_nothing_to_show(ports: Ports, person: str) -> None:
    view = lately.view(ports, COMMAND_LINE, person)
    assert (view.tiles, view.changes, view.findings, view.known) == ((), (), (), 0)


def test_what_is_usual_is_counted_down_until_it_is_known(ports: Ports, person: str) -> None:
    sent(ports, person, nights(ports, 9))
    one = tile(ports, person, "rhr")
    assert (one.standing, one.said.code, one.said.facts["n"], one.band) == ("learning", "lately.learning_nights", 8, None)
    sent(ports, person, nights(ports, 40), "more.csv")
    known = tile(ports, person, "rhr")
    assert known.standing == "usual" and known.band == (58, 60)


def test_a_week_above_the_four_before_is_said_with_both_numbers(ports: Ports, person: str) -> None:
    sent(ports, person, nights(ports, 45, last_up=8))
    (change,) = lately.view(ports, COMMAND_LINE, person).changes
    assert change.code in ("lately.shifted_up", "lately.stands_out_up")
    assert change.facts["signal"] == "rhr"
    assert tile(ports, person, "rhr").standing == "far_above"


def test_numbers_are_in_the_persons_units(ports: Ports, person: str) -> None:
    now = clock(ports).at
    rows = [f"{(now - timedelta(days=back)).isoformat()},{5.5},mmol/L,cgm_glucose,Sensor," for back in range(1, 40)]
    sent(ports, person, rows)
    actor = signed_in(ports, add_account(ports, Role.PATIENT, "own", persons=(person,)))
    settings_of.save(ports, actor, Preferences(labs="mmol/L"))
    view = lately.view(ports, actor, person)
    assert [(one.value, one.unit) for one in view.tiles] == [(5.5, "mmol/L")]


def test_the_day_that_goes_on_is_compared_with_nothing(ports: Ports, person: str) -> None:
    now = clock(ports).at
    day = now.replace(hour=0, minute=0)
    rows = []
    for back in range(30, -1, -1):
        for hour in range(8, 20):
            at = day - timedelta(days=back) + timedelta(hours=hour)
            if at < now:
                rows.append(f"{at.isoformat()},800,,steps,Watch,")
    sent(ports, person, rows)
    one = tile(ports, person, "steps")
    assert (one.day, one.value) == ((now - timedelta(days=1)).date(), 12 * 800)


def test_a_device_that_is_switched_off_is_left_out(ports: Ports, person: str) -> None:
    sent(ports, person, nights(ports, 30))
    series_choices.switch(ports, COMMAND_LINE, person, "Watch", False)
    assert lately.view(ports, COMMAND_LINE, person).tiles == ()
    series_choices.switch(ports, COMMAND_LINE, person, "Watch", True)
    assert len(lately.view(ports, COMMAND_LINE, person).tiles) == 1


def test_a_watchs_finding_is_told_as_its_own(ports: Ports, person: str) -> None:
    now = clock(ports).at
    rows = [f"{(now - timedelta(days=back)).isoformat()},0,,rhythm_flag,Watch," for back in (1, 3)]
    sent(ports, person, rows)
    (one,) = lately.view(ports, COMMAND_LINE, person).findings
    assert (one.code, one.times, one.device) == ("finding.rhythm_flag.irregular", 2, "Watch")
    clock(ports).wait(days=40)
    assert lately.view(ports, COMMAND_LINE, person).findings == ()


def test_a_pressure_without_a_cuff_is_shown_as_not_validated_and_judged_by_nothing(ports: Ports, person: str) -> None:
    at = (clock(ports).at - timedelta(hours=3)).isoformat()
    sent(ports, person, [f"{at},188,mmHg,sbp,Band,unvalidated", f"{at},121,mmHg,dbp,Band,unvalidated"])
    one = tile(ports, person, "blood_pressure")
    assert (one.value, one.second, one.standing, one.cautions) == (188, 121, "unjudged", ("caution.cuffless",))
    seen = today.view(ports, COMMAND_LINE, person)
    assert [reading.signal for reading in seen.readings] == []
    assert [note for note in seen.attention if "bp" in note.says.code] == []


def test_what_was_typed_is_a_newest_reading_at_once_and_no_more_when_taken_back(ports: Ports, person: str) -> None:
    at = clock(ports).at - timedelta(minutes=5)
    manual.keep(ports, COMMAND_LINE, person, manual.Entry("blood_pressure", {"sbp": 190.0, "dbp": 125.0}, at, {}), confirmed=True)
    seen = today.view(ports, COMMAND_LINE, person)
    (one,) = seen.readings
    assert (one.signal, [value.number for value in one.values], one.state, one.sources[0].kind) == ("blood_pressure", [190, 125], "now", "manual")
    assert "attention.bp_severe" in [note.says.code for note in seen.attention]
    manual.take_back(ports, COMMAND_LINE, person, "blood_pressure", at)
    assert today.view(ports, COMMAND_LINE, person).readings == ()
