"""The kiosk's measuring step with a software scale: its value is taken, somebody else's isn't, and one may always type."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.kiosk.terms import Measure
from core.sources.devices.house import Bluetooth
from core.sources.devices.session import Patience
from core.sources.devices.tables import WEIGHT
from core.ui.kiosk_house import KioskHouse
from core.ui.words import words
from tests.devices.software import Air, Box
from tests.ui.given_kiosk import CLINIC, Double, Person, known

ADDRESS = "F0:00:00:00:00:0A"


@dataclass
class WithDevices(Double):
    devices: Any = None

    def house(self, language: str) -> KioskHouse:
        return replace(super().house(language), devices=self.devices)


def weight(at: datetime, kilograms: float) -> bytes:
    return struct.pack("<BHH5B", 2, round(kilograms / 0.005), at.year, at.month, at.day, at.hour, at.minute, at.second)


@pytest.fixture
def before() -> Iterator[Callable[[Air], tuple[Person, WithDevices]]]:
    """Somebody at the measuring step of a kiosk with these devices in the air."""
    made: list[Bluetooth] = []

    def make(air: Air) -> tuple[Person, WithDevices]:
        double = WithDevices(
            clinic=replace(CLINIC, measures=(Measure.WEIGHT,)),
            welcomed=known(medicines=(), allergies=(), contact=(), measures=(Measure.WEIGHT,)),
        )
        double.devices = Bluetooth(lambda: double.now, link=air, patience=Patience(0.1, 1.0, 0.3, 0.5, 60.0))
        made.append(double.devices)
        return Person(double).begin().until("measure"), double

    yield make
    for one in made:
        one.close()


def poll(person: Person, done: Callable[[], bool]) -> None:
    for _ in range(200):
        if done():
            return
        time.sleep(0.05)
        person.app.run()
    raise AssertionError(person.text)


def test_a_weight_of_this_visit_is_taken_and_an_older_one_is_left_in_the_scale(
    before: Callable[[Air], tuple[Person, WithDevices]],
) -> None:
    box = Box("Scale", ADDRESS, 0x181D, (WEIGHT,))
    person, double = before(Air(box))
    t = words("en")
    poll(person, lambda: t("bluetooth.stage.waiting") in person.text)
    double.devices.wait(box.send(WEIGHT, weight(double.now - timedelta(hours=1), 99.0)), 5)
    poll(person, lambda: t("bluetooth.dropped.before_visit") in person.text)
    assert "99" not in person.text
    double.devices.wait(box.send(WEIGHT, weight(double.now, 71.37)), 5)
    poll(person, lambda: person.title == t("kiosk.taken.weight"))
    [reading] = person.stay.state.collected.readings
    assert (reading.how, dict(reading.values), reading.device.maker) == ("bluetooth", {"weight": 71.37}, "Acme")
    assert person.stay.device is None


def test_one_may_type_while_a_device_is_looked_for_and_leaving_forgets_it(
    before: Callable[[Air], tuple[Person, WithDevices]],
) -> None:
    person, _ = before(Air())
    measuring = person.stay.device
    assert words("en")("bluetooth.stage.searching") in person.text
    person.touch("kq_device_type")
    assert (person.stay.device, measuring.look().stage) == (None, "stopped")
    person.type(weight="71.37")
    assert person.title == words("en")("kiosk.taken.weight")
    [reading] = person.stay.state.collected.readings
    assert reading.how == "typed"


def test_of_two_scales_the_person_says_which(before: Callable[[Air], tuple[Person, WithDevices]]) -> None:
    boxes = [
        Box(name, ADDRESS[:-1] + end, 0x181D, (WEIGHT,), on_subscribed=[(WEIGHT, struct.pack("<BH", 0, grams))])
        for name, end, grams in (("Left", "A", 14000), ("Right", "B", 15000))
    ]
    person, _ = before(Air(*boxes))
    poll(person, lambda: any(key.startswith("kq_device_0") for key in person.buttons))
    at = next(one for one in person.app.button if one.label == "Right").key
    person.touch(str(at))
    poll(person, lambda: bool(person.stay.state.collected.readings))
    assert person.stay.state.collected.readings[0].values["weight"] == 75.0


def test_a_kiosk_without_a_radio_says_so_and_asks_to_type(before: Callable[[Air], tuple[Person, WithDevices]]) -> None:
    air = Air()

    async def off() -> str:
        return "off"

    air.state = off  # type: ignore[method-assign]
    person, _ = before(air)
    assert words("en")("bluetooth.why.off") in person.text
    assert person.app.text_input
