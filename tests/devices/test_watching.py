"""A kiosk and software devices: two at once, a hang-up in the middle, out of range, packets in pieces, another person's stored readings."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import Conflict
from core.kiosk.devices import Look, Measuring, Stage
from core.kiosk.terms import Device, Measure
from core.sources.devices.house import Bluetooth
from core.sources.devices.session import Patience
from core.sources.devices.tables import (
    BODY,
    CUFF,
    CURRENT_TIME,
    GLUCOSE,
    GLUCOSE_CONTEXT,
    HEART,
    MAKER,
    MODEL,
    OXIMETER,
    PRESSURE,
    RACP,
    SERIAL,
    THERMOMETER,
    WEIGHT,
)
from tests.devices.software import Air, Box

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
SINCE = NOW - timedelta(minutes=6)
QUICK = Patience(search=0.1, connect=1.0, quiet=0.25, ask_again=0.5, whole=20.0)
A, B = "F0:00:00:00:00:0A", "F0:00:00:00:00:0B"


def when(at: datetime) -> bytes:
    return struct.pack("<H5B", at.year, at.month, at.day, at.hour, at.minute, at.second)


def pressure(sbp: int, dbp: int, at: datetime | None = NOW, user: int | None = None, status: int | None = None) -> bytes:
    flags = (at is not None) << 1 | 1 << 2 | (user is not None) << 3 | (status is not None) << 4
    made = struct.pack("<B3H", flags, sbp, dbp, 93) + (when(at) if at else b"") + struct.pack("<H", 71)
    return made + (bytes([user]) if user is not None else b"") + (struct.pack("<H", status) if status is not None else b"")


def cuff(name: str = "Cuff", address: str = A, **more: object) -> Box:
    return Box(name, address, 0x1810, (PRESSURE, CUFF), **more)  # type: ignore[arg-type]


class Kiosk:
    def __init__(self, air: Air, patience: Patience = QUICK, **more: object) -> None:
        self.air = air
        self.bluetooth = Bluetooth(lambda: NOW, link=air, patience=patience, **more)  # type: ignore[arg-type]

    def measure(self, measure: Measure = Measure.BLOOD_PRESSURE, since: datetime = SINCE) -> Measuring:
        return self.bluetooth.measure(measure, since)

    def do(self, work: Callable[[], object]) -> None:
        self.bluetooth.wait(work(), 5.0)  # type: ignore[arg-type]

    def until(self, measuring: Measuring, *stages: Stage) -> Look:
        """The first look in one of these stages (or ended)."""
        for _ in range(1500):
            look = measuring.look()
            if look.stage in stages or look.ended:
                return look
            time.sleep(0.01)
        raise AssertionError(f"still {measuring.look()}")


@pytest.fixture
def kiosk() -> Iterator[Callable[..., Kiosk]]:
    made: list[Kiosk] = []

    def make(*boxes: Box, air: Air | None = None, **more: object) -> Kiosk:
        made.append(Kiosk(air or Air(*boxes), **more))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.bluetooth.close()


def test_a_pressure_measured_in_the_visit_is_taken_with_its_flags_and_its_device(kiosk: Callable[..., Kiosk]) -> None:
    box = cuff()
    here = kiosk(box)
    measuring = here.measure()
    assert here.until(measuring, Stage.WAITING).device == Device("Acme", "BP-1", "0042", "unknown")
    here.do(lambda: box.send(CUFF, struct.pack("<B3H", 0, 142, 0x7FF, 0x7FF)))
    assert dict(here.until(measuring, Stage.RECEIVING, Stage.WAITING).now or {"cuff": 142.0}) == {"cuff": 142.0}
    here.do(lambda: box.send(PRESSURE, pressure(128, 79, status=0b100001)))
    look = here.until(measuring, Stage.DONE)
    assert look.reading is not None
    assert dict(look.reading.values) == {"sbp": 128.0, "dbp": 79.0, "hr": 71.0}
    assert (look.reading.how, look.reading.flags, look.doubts) == ("bluetooth", ("moved", "position"), ("moved", "position"))
    assert look.reading.device == Device("Acme", "BP-1", "0042", "unknown")
    measuring.stop()
    assert measuring.look().reading is None
    assert measuring.look().stage is Stage.DONE


def test_what_somebody_else_left_in_the_device_is_not_taken(kiosk: Callable[..., Kiosk]) -> None:
    stored = [(PRESSURE, pressure(190 + n, 100, SINCE - timedelta(minutes=9 - n))) for n in range(4)]
    box = cuff(on_subscribed=stored)
    here = kiosk(box)
    measuring = here.measure()
    look = here.until(measuring, Stage.WAITING)
    while not look.dropped:
        look = here.until(measuring, Stage.WAITING)
    assert [one.why for one in look.dropped] == ["before_visit"]
    here.do(lambda: box.send(PRESSURE, pressure(121, 77)))
    look = here.until(measuring, Stage.DONE)
    assert look.reading is not None
    assert look.reading.values["sbp"] == 121.0


def test_the_record_of_the_visit_before_is_not_taken_again_whatever_the_clock_says(kiosk: Callable[..., Kiosk]) -> None:
    box = cuff(on_subscribed=[(PRESSURE, pressure(150, 90))])
    here = kiosk(box, patience=Patience(0.1, 1.0, 0.1, 0.5, 1.5))
    assert here.until(here.measure(), Stage.DONE).stage is Stage.DONE
    look = here.until(here.measure(), Stage.DONE)
    assert (look.stage, look.why, [one.why for one in look.dropped]) == (Stage.FAILED, "none_of_this_visit", ["before_visit"])


def test_a_clock_that_is_wrong_is_measured_and_allowed_for(kiosk: Callable[..., Kiosk]) -> None:
    wrong = NOW - timedelta(days=4000)
    said = {MAKER: b"Acme", MODEL: b"BP-1", SERIAL: b"1", CURRENT_TIME: when(wrong) + b"\x03\x00\x00"}
    box = cuff(
        says=said,
        on_subscribed=[
            (PRESSURE, pressure(200, 110, wrong - timedelta(hours=1))),
            (PRESSURE, pressure(131, 80, wrong - timedelta(seconds=20))),
        ],
    )
    here = kiosk(box)
    look = here.until(here.measure(), Stage.DONE)
    assert look.reading is not None
    assert (look.reading.values["sbp"], look.reading.at) == (131.0, NOW - timedelta(seconds=20))
    assert [one.why for one in look.dropped] == ["before_visit"]


def test_of_two_devices_one_is_asked_about_and_the_other_left_alone(kiosk: Callable[..., Kiosk]) -> None:
    one, other = (
        cuff("Left", A, on_subscribed=[(PRESSURE, pressure(111, 71))]),
        cuff("Right", B, on_subscribed=[(PRESSURE, pressure(122, 72))]),
    )
    here = kiosk(one, other)
    measuring = here.measure()
    look = here.until(measuring, Stage.CHOOSE)
    assert {choice.name for choice in look.choices} == {"Left", "Right"}
    measuring.choose("nobody")
    measuring.choose(next(choice.choice_id for choice in look.choices if choice.name == "Right"))
    look = here.until(measuring, Stage.DONE)
    assert look.reading is not None
    assert look.reading.values["sbp"] == 122.0
    assert one.peer is None


@pytest.mark.parametrize("how", ["nearer", "paired", "known"])
def test_the_nearer_the_paired_or_the_kiosks_own_is_used_without_asking(kiosk: Callable[..., Kiosk], how: str) -> None:
    boxes = (
        cuff("Left", A, on_subscribed=[(PRESSURE, pressure(111, 71))]),
        cuff("Right", B, on_subscribed=[(PRESSURE, pressure(122, 72))]),
    )
    air = Air(*boxes, strengths={A: -80, B: -45} if how == "nearer" else {A: -45, B: -60}, paired=(B,) if how == "paired" else ())
    here = kiosk(air=air, known=(B.lower(),) if how == "known" else ())
    look = here.until(here.measure(), Stage.DONE, Stage.CHOOSE)
    assert look.reading is not None
    assert look.reading.values["sbp"] == 122.0


def test_a_stranger_is_never_used_where_the_kiosk_has_its_own(kiosk: Callable[..., Kiosk]) -> None:
    here = kiosk(cuff(), known=(B,), patience=Patience(0.1, 1.0, 0.1, 0.5, 0.5))
    look = here.until(here.measure())
    assert (look.stage, look.why) == (Stage.FAILED, "not_found")


def test_a_device_that_hangs_up_in_the_middle_is_found_again(kiosk: Callable[..., Kiosk]) -> None:
    box = cuff()
    here = kiosk(box)
    measuring = here.measure()
    here.until(measuring, Stage.WAITING)
    here.do(lambda: box.send(CUFF, struct.pack("<B3H", 0, 142, 0x7FF, 0x7FF)))
    here.do(box.go)
    assert here.until(measuring, Stage.SEARCHING).why == "lost"
    here.until(measuring, Stage.WAITING)
    here.do(lambda: box.send(PRESSURE, pressure(118, 76)))
    look = here.until(measuring, Stage.DONE)
    assert look.reading is not None
    assert here.air.links == 2


def test_a_reading_that_came_before_the_hang_up_counts(kiosk: Callable[..., Kiosk]) -> None:
    box = cuff()
    here = kiosk(box)
    measuring = here.measure()
    here.until(measuring, Stage.WAITING)
    here.do(lambda: box.send(PRESSURE, pressure(118, 76)))
    here.do(box.go)
    assert here.until(measuring, Stage.DONE).stage is Stage.DONE


def test_a_device_out_of_range_fails_and_says_so(kiosk: Callable[..., Kiosk]) -> None:
    here = kiosk(air=Air(cuff(), gone=(A,)), patience=Patience(0.1, 0.3, 0.1, 0.5, 0.8))
    look = here.until(here.measure())
    assert (look.stage, look.why) == (Stage.FAILED, "out_of_range")


def test_a_device_that_wants_to_be_paired_says_so_at_once(kiosk: Callable[..., Kiosk]) -> None:
    here = kiosk(cuff(needs_pairing=True))
    look = here.until(here.measure())
    assert (look.stage, look.why) == (Stage.FAILED, "needs_pairing")


def test_a_packet_in_pieces_is_no_reading_and_a_whole_one_after_it_is(kiosk: Callable[..., Kiosk]) -> None:
    box = cuff()
    here = kiosk(box)
    measuring = here.measure()
    here.until(measuring, Stage.WAITING)
    whole = pressure(128, 79)
    here.do(lambda: box.send(PRESSURE, whole[:9]))
    here.do(lambda: box.send(PRESSURE, whole[9:]))
    here.do(lambda: box.send(PRESSURE, whole))
    look = here.until(measuring, Stage.DONE)
    assert look.reading is not None
    assert look.reading.values["sbp"] == 128.0
    assert "damaged" in {one.why for one in look.dropped}


def test_a_body_composition_in_two_packets_is_one_weight(kiosk: Callable[..., Kiosk]) -> None:
    box = Box("Scale", A, 0x181B, (BODY,))
    here = kiosk(box, patience=Patience(0.1, 1.0, 1.0, 0.5, 20.0))
    measuring = here.measure(Measure.WEIGHT)
    here.until(measuring, Stage.WAITING)
    here.do(lambda: box.send(BODY, struct.pack("<HH", 1 << 12 | 1 << 1, 214) + when(NOW)))
    here.do(lambda: box.send(BODY, struct.pack("<HHH", 1 << 12 | 1 << 10, 214, 14014)))
    look = here.until(measuring, Stage.DONE)
    assert look.reading is not None
    assert dict(look.reading.values) == {"weight": 70.07}


def test_a_scale_that_says_the_same_three_times_without_a_time_is_heard_once(kiosk: Callable[..., Kiosk]) -> None:
    box = Box("Scale", A, 0x181D, (WEIGHT,), on_subscribed=[(WEIGHT, struct.pack("<BH", 0, 14014))] * 3)
    here = kiosk(box)
    look = here.until(here.measure(Measure.WEIGHT))
    assert look.reading is not None
    assert look.reading.flags == ("time_of_arrival",)


def test_a_glucose_meter_is_asked_for_its_last_record_and_the_meal_is_noted(kiosk: Callable[..., Kiosk]) -> None:
    record = struct.pack("<BH", 0b00010010, 7) + when(NOW - timedelta(seconds=50)) + struct.pack("<HB", 0xB000 | 104, 0x11)
    meal = struct.pack("<BHB", 0b10, 7, 3)
    box = Box("Meter", A, 0x1808, (GLUCOSE, GLUCOSE_CONTEXT, RACP), records=[(GLUCOSE, record), (GLUCOSE_CONTEXT, meal)])
    here = kiosk(box)
    look = here.until(here.measure(Measure.GLUCOSE))
    assert look.reading is not None
    assert dict(look.reading.values) == {"glucose": 104.0}
    assert look.reading.flags == ("sample_capillary_whole", "fasting")
    assert box.asked[0] == b"\x01\x06"


def test_a_meter_with_nothing_stored_is_asked_again_but_not_without_end(kiosk: Callable[..., Kiosk]) -> None:
    box = Box("Meter", A, 0x1808, (GLUCOSE, RACP))
    here = kiosk(box, patience=Patience(0.1, 1.0, 0.1, 0.3, 1.6))
    look = here.until(here.measure(Measure.GLUCOSE))
    assert (look.stage, look.why) == (Stage.FAILED, "nothing_measured")
    assert 1 <= len(box.asked) <= 6


def test_an_oximeter_is_read_once_its_values_agree(kiosk: Callable[..., Kiosk]) -> None:
    box = Box("Clip", A, 0x1822, (OXIMETER,))
    here = kiosk(box)
    measuring = here.measure(Measure.OXYGEN)
    here.until(measuring, Stage.WAITING)
    for value in (80, 88, 96, 97, 97, 96):
        here.do(lambda value=value: box.send(OXIMETER, struct.pack("<BHH", 0, value, 66)))
    assert not measuring.look().ended
    here.do(lambda: box.send(OXIMETER, struct.pack("<BHH", 0, 97, 66)))
    look = here.until(measuring, Stage.DONE)
    assert look.reading is not None
    assert dict(look.reading.values) == {"spo2": 97.0, "hr": 66.0}


def test_a_chest_strap_without_contact_gives_no_pulse(kiosk: Callable[..., Kiosk]) -> None:
    box = Box("Strap", A, 0x180D, (HEART,))
    here = kiosk(box, patience=Patience(0.1, 1.0, 0.2, 0.5, 1.2))
    measuring = here.measure(Measure.PULSE)
    here.until(measuring, Stage.WAITING)
    for _ in range(6):
        here.do(lambda: box.send(HEART, b"\x04\x48"))
    look = here.until(measuring)
    assert (look.stage, look.why, [one.why for one in look.dropped]) == (Stage.FAILED, "none_of_this_visit", ["unfit"])


def test_a_thermometer_in_fahrenheit(kiosk: Callable[..., Kiosk]) -> None:
    box = Box(
        "Ear", A, 0x1809, (THERMOMETER,), on_subscribed=[(THERMOMETER, struct.pack("<BI", 0b101, 0xFF000000 | 986) + b"\x03")]
    )
    here = kiosk(box)
    look = here.until(here.measure(Measure.TEMPERATURE))
    assert look.reading is not None
    assert (dict(look.reading.values), look.reading.flags) == ({"temp": 37.0}, ("site_ear", "time_of_arrival"))


def test_a_device_without_what_it_announces_is_not_waited_for(kiosk: Callable[..., Kiosk]) -> None:
    here = kiosk(Box("Odd", A, 0x1810, (CUFF,)), patience=Patience(0.1, 1.0, 0.1, 0.5, 0.8))
    assert here.until(here.measure()).why == "not_this_kind"


def test_stopping_forgets_hangs_up_and_is_harmless_twice(kiosk: Callable[..., Kiosk]) -> None:
    box = cuff()
    here = kiosk(box)
    measuring = here.measure()
    here.until(measuring, Stage.WAITING)
    measuring.stop()
    measuring.stop()
    assert measuring.look() == Look(Stage.STOPPED, Measure.BLOOD_PRESSURE)
    second = here.measure()
    here.until(second, Stage.WAITING)
    here.do(lambda: box.send(PRESSURE, pressure(118, 76)))
    assert here.until(second, Stage.DONE).stage is Stage.DONE
    assert measuring.look().stage is Stage.STOPPED


def test_a_reading_nobody_comes_for_is_forgotten(kiosk: Callable[..., Kiosk]) -> None:
    here = kiosk(cuff(on_subscribed=[(PRESSURE, pressure(118, 76))]), patience=Patience(0.1, 1.0, 0.25, 0.5, 20.0, keep=0.0))
    measuring = here.measure()
    here.until(measuring, Stage.DONE)
    for _ in range(500):
        if measuring.look().reading is None:
            break
        time.sleep(0.01)
    assert measuring.look() == Look(Stage.DONE, Measure.BLOOD_PRESSURE)


def test_a_new_measurement_ends_the_one_before_and_a_closed_house_begins_none(kiosk: Callable[..., Kiosk]) -> None:
    here = kiosk(cuff())
    first = here.measure()
    here.measure()
    assert here.until(first).stage is Stage.STOPPED
    here.bluetooth.close()
    with pytest.raises(Conflict):
        here.measure()


def test_without_a_radio_it_says_so_and_values_are_typed() -> None:
    """This machine, and CI's, have no Bluetooth."""
    bluetooth = Bluetooth(lambda: NOW)
    try:
        state = bluetooth.state()
        if state == "ready":
            pytest.skip("this machine has a radio")
        measuring = bluetooth.measure(Measure.BLOOD_PRESSURE, SINCE)
        for _ in range(500):
            if measuring.look().ended:
                break
            time.sleep(0.01)
        assert (measuring.look().stage, measuring.look().why) == (Stage.FAILED, state)
    finally:
        bluetooth.close()
