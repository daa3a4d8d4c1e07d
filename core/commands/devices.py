"""This is the place where the commands of Bluetooth devices are, for whoever sets a kiosk up: what answers near by, and one measurement as a kiosk would take it."""

from __future__ import annotations

import time
from argparse import Namespace
from datetime import datetime
from typing import Any

from core import wiring
from core.commands.answer import Answer, note, table
from core.errors import BadInput, SourceUnavailable
from core.kiosk.devices import Look, Stage
from core.kiosk.terms import Measure
from core.sources.devices.house import Bluetooth, patient
from core.sources.devices.link import LinkFailed, Seen, named
from core.sources.devices.session import Patience
from core.sources.devices.tables import SERVICES

LOOK_EVERY = 0.2
MOST_SECONDS = 3600


def scan(given: Namespace) -> Answer:
    """The devices that announce one of the profiles we read. Raises SourceUnavailable where there is no radio."""
    _seconds(given.seconds)
    services = sorted({one for measure, wanted in SERVICES.items() for one in wanted if given.kind in (None, measure.value)})
    bluetooth = _bluetooth(given)
    try:
        found = sorted(bluetooth.around(services, given.seconds), key=lambda one: -one.strength)
    except LinkFailed as failed:
        raise SourceUnavailable("bluetooth", why=failed.code) from None
    finally:
        bluetooth.close()
    rows = [
        ("address", "name", "dBm", "paired"),
        *((one.address, named(one), str(one.strength), "yes" if one.paired else "no") for one in found),
    ]
    return Answer({"devices": [_seen(one) for one in found]}, table(rows) if found else ["no device answers"])


def read(given: Namespace) -> Answer:
    """One measurement, as a kiosk takes it: what was measured before this command began isn't taken. Nothing is stored."""
    _seconds(given.seconds)
    bluetooth = _bluetooth(given)
    try:
        looked = _watched(bluetooth, Measure(given.kind), _local_now())
    finally:
        bluetooth.close()
    if looked.stage is not Stage.DONE and looked.why in ("no_library", "no_bluetooth", "off", "denied"):
        raise SourceUnavailable("bluetooth", why=looked.why)
    document = document_of(looked)
    return Answer(document, [f"{name}: {said}" for name, said in document.items()], 0 if looked.reading else 1)


def document_of(look: Look) -> dict[str, Any]:
    """A look that has ended."""
    reading = look.reading
    return {
        "kind": look.measure.value,
        "state": look.stage.value,
        "why": look.why,
        "values": dict(reading.values) if reading else None,
        "at": reading.at.isoformat(timespec="seconds") if reading else None,
        "flags": list(reading.flags) if reading else [],
        "measure_again_because": list(look.doubts),
        "device": {"maker": look.device.maker, "model": look.device.model, "serial": look.device.serial, "validated": look.device.validated} if look.device else None,
        "not_taken": [one.why for one in look.dropped],
    }  # fmt: skip


def _watched(bluetooth: Bluetooth, measure: Measure, since: datetime) -> Look:
    """Watch to the end; every new stage is said on stderr. Raises BadInput where several devices answer: which one must be said."""
    measuring = bluetooth.measure(measure, since)
    before = ""
    try:
        while True:
            look = measuring.look()
            if look.stage.value != before:
                before = look.stage.value
                note(before + (f" ({look.why})" if look.why else ""))
            if look.ended:
                return look
            if look.choices:
                raise BadInput("bad_choice", place="--device", need="one of " + ", ".join(one.choice_id for one in look.choices))
            time.sleep(LOOK_EVERY)
    finally:
        measuring.stop()


def _bluetooth(given: Namespace) -> Bluetooth:
    return Bluetooth(
        _local_now,
        tuple(getattr(given, "device", None) or ()),
        getattr(given, "device_user", None),
        patience=patient(Patience(), given.seconds),
    )


def _local_now() -> datetime:
    """In this machine's zone: what devices are set to."""
    return wiring.SystemClock().now().astimezone()


def _seconds(given: float) -> None:
    if not 0 < given <= MOST_SECONDS:
        raise BadInput("bad_choice", place="--seconds", need=f"more than 0 and at most {MOST_SECONDS}")


def _seen(one: Seen) -> dict[str, Any]:
    return {"address": one.address, "name": named(one), "strength_dbm": one.strength, "paired": one.paired}
