"""How each device stands: last data, last try, days that came, and why others did not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest

from core.care import device_lines, devices, door, manual, series_choices
from core.care.access import COMMAND_LINE
from core.care.device_views import DeviceLine
from core.care.parcels import Parcel
from core.care.placing import Whose
from core.domain.samples import SyncEvent
from core.errors import NotPermitted
from core.ports import Ports, Upload
from tests.care.given import add_person, bring, clock, event, heart_rate, ports_with
from tests.care.test_devices import observation


@pytest.fixture
def ports(sql_store: object) -> Ports:
    return ports_with(sql_store)  # type: ignore[arg-type]


@pytest.fixture
def person(ports: Ports) -> str:
    return add_person(ports)


def steps(ports: Ports, person: str, device: str, days: int = 30, without: tuple[int, ...] = (), until: int = 0) -> None:
    """A device that counts from 8 to 20 o'clock every day, but for the days (back from today) in `without`."""
    now = clock(ports).at.replace(hour=0, minute=0)
    rows = ["time,value,unit,signal,device"]
    for back in range(days, until - 1, -1):
        for hour in range(8, 20) if back not in without else ():
            at = now - timedelta(days=back) + timedelta(hours=hour)
            if at < clock(ports).at:
                rows.append(f"{at.isoformat()},500,,steps,{device}")
    bring(ports, Parcel(f"{device}.csv", (Upload(f"{device}.csv", BytesIO("\n".join(rows).encode())),)), whose=Whose(person))


def lines(ports: Ports, person: str) -> dict[str, DeviceLine]:
    return {one.name: one for one in device_lines.overview(ports, COMMAND_LINE, person).lines}


def test_days_that_came_are_counted_and_the_others_explained(ports: Ports, person: str) -> None:
    steps(ports, person, "Watch", days=60, without=(4, 9))
    one = lines(ports, person)["Watch"]
    (strip,) = one.strips
    assert (strip.signal, strip.unit, len(strip.days), strip.covered) == ("steps", "day", 30, 28)
    assert strip.said.parts == (("not_worn", 2, "day"),)
    assert (one.state, one.last_try and one.last_try.kind) == ("gaps", "import")


def test_what_asks_for_the_eye_comes_first(ports: Ports, person: str) -> None:
    steps(ports, person, "Fine")
    steps(ports, person, "Silent", until=6)
    steps(ports, person, "Given up", days=100, until=80)
    steps(ports, person, "Broken", without=(2,))
    source = next(one for one in ports.store.sources(person, event()) if one.label == "Broken.csv")
    clock(ports).wait(minutes=1)
    at = int(clock(ports).at.timestamp() * 1e9)
    ports.store.add_sync_event(person, SyncEvent(source.source_id, "failed", at, why="timeout"), event())
    view = device_lines.overview(ports, COMMAND_LINE, person)
    states = {one.name: one.state for one in view.lines}
    assert states == {"Broken": "failed", "Silent": "silent", "Fine": states["Fine"], "Given up": "ended"}
    assert [one.name for one in view.lines][:2] == ["Broken", "Silent"] and view.lines[-1].name == "Given up"
    assert view.lines[0].last_try is not None and view.lines[0].last_try.why == "timeout"


@pytest.mark.parametrize(
    ("do", "state"),
    [
        (lambda ports, person, made: None, "waiting"),
        (lambda ports, person, made: devices.consent(ports, COMMAND_LINE, person, made.device.source_id, given=False), "no_consent"),
    ],
)
def test_a_connected_device_of_which_nothing_came(ports: Ports, person: str, do: Callable[..., None], state: str) -> None:
    made = devices.connect(ports, COMMAND_LINE, person, "Cuff")
    clock(ports).wait(minutes=1)
    do(ports, person, made)
    one = lines(ports, person)["Cuff"]
    assert (one.state, one.last_at, one.strips) == (state, None, ())
    devices.disconnect(ports, COMMAND_LINE, person, made.device.token_id)
    assert "Cuff" not in lines(ports, person)


def test_observations_that_a_device_sent_count_as_its_data(ports: Ports, person: str) -> None:
    made = devices.connect(ports, COMMAND_LINE, person, "Cuff")
    door.receive(ports, made.secret, observation())
    one = lines(ports, person)["Cuff"]
    assert (one.signals, one.samples, one.last_at is not None) == (("hr",), 1, True)
    assert heart_rate("x")["effectiveDateTime"].startswith(f"{one.last_at:%Y-%m-%d}")


def test_without_consent_the_door_is_closed_until_it_is_given_again(ports: Ports, person: str) -> None:
    made = devices.connect(ports, COMMAND_LINE, person, "Cuff")
    devices.consent(ports, COMMAND_LINE, person, made.device.source_id, given=False)
    with pytest.raises(NotPermitted, match="consent_withdrawn"):
        door.receive(ports, made.secret, observation())
    assert ports.store.records(person, event()) == ()
    clock(ports).wait(minutes=1)
    devices.consent(ports, COMMAND_LINE, person, made.device.source_id, given=True)
    assert '"stored": 1' in door.receive(ports, made.secret, observation()).body


def test_a_device_that_is_switched_off_is_said_to_be(ports: Ports, person: str) -> None:
    steps(ports, person, "Watch")
    series_choices.switch(ports, COMMAND_LINE, person, "Watch", False)
    one = lines(ports, person)["Watch"]
    assert (one.off, one.state, one.strips) == (True, "off", ())


def test_devices_that_tell_of_one_signal_are_rivals(ports: Ports, person: str) -> None:
    steps(ports, person, "Watch")
    steps(ports, person, "Phone")
    (rivals,) = device_lines.overview(ports, COMMAND_LINE, person).rivals
    assert (rivals.signal, set(rivals.devices), rivals.chosen) == ("steps", {"Watch", "Phone"}, "")
    series_choices.set_order(ports, COMMAND_LINE, person, "steps", ["Phone"])
    assert device_lines.overview(ports, COMMAND_LINE, person).rivals[0].chosen == "Phone"
    watch = next(strip for strip in lines(ports, person)["Watch"].strips)
    assert {day.state for day in watch.days[:-1]} == {"duplicate_discarded"}


def test_what_was_typed_in_is_no_device(ports: Ports, person: str) -> None:
    at = clock(ports).at
    manual.keep(ports, COMMAND_LINE, person, manual.Entry("weight", {"weight": 71.0}, at, {}), confirmed=True)
    assert lines(ports, person) == {}
