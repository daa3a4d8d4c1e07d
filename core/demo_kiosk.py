"""This is the place where the demo's clinic gets its kiosk: how it works, and one visit that was made while nobody could be asked whose it is."""

from __future__ import annotations

from datetime import timedelta

from core.care import kiosk_clinic, kiosk_intake
from core.care.access import COMMAND_LINE, Action, require
from core.care.kiosk_registry import ACCOUNT, Hand
from core.kiosk.sealing import seal
from core.kiosk.terms import Collected, Measure, Proof, Reading
from core.ports import Ports

CLINIC = "Riverside Clinic / 河畔诊所"
DESK = "Left of the entrance / 入口左侧"
FORMS = ("phq-2", "steadi")


def add(ports: Ports) -> None:
    """By the same ways as everybody's."""
    kiosk_clinic.save(ports, COMMAND_LINE, kiosk_clinic.Settings(name=CLINIC, desk=DESK, forms=FORMS))
    found = ports.store.account_by_username("demo-kiosk")
    if found is None:
        return
    grant = require(ports, COMMAND_LINE, Action.USE_KIOSK)
    hand = Hand(ports, grant, f"{ACCOUNT}{found[0].account_id}", found[0].display_name)
    now = ports.clock.now()
    began = now - timedelta(hours=2)
    readings = (
        Reading(Measure.BLOOD_PRESSURE, {"sbp": 134.0, "dbp": 82.0, "hr": 71.0}, began + timedelta(minutes=6), "typed"),
        Reading(Measure.BLOOD_PRESSURE, {"sbp": 131.0, "dbp": 80.0, "hr": 69.0}, began + timedelta(minutes=7), "typed"),
    )
    visit = Collected(
        "demo-without-a-name", "", began, "en", proof=Proof("birth", birth_date="1950-01-01", initials="MX", factor="0000"), consented_at=began + timedelta(minutes=1),
        readings=readings, finished_at=began + timedelta(minutes=9),
    )  # fmt: skip
    kiosk_intake.receive(hand, seal(kiosk_clinic.told(hand).public_key, visit, now))
