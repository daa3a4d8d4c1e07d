"""The commands for whoever sets a kiosk up."""

from __future__ import annotations

import json
from argparse import Namespace

import pytest

from core.cli import main
from core.commands import devices
from core.errors import BadInput
from core.kiosk.terms import Measure
from core.sources.devices.house import Bluetooth
from core.sources.devices.tables import PRESSURE
from tests.devices.software import Air
from tests.devices.test_watching import NOW, QUICK, SINCE, A, B, cuff, pressure


def watched(air: Air) -> dict[str, object]:
    bluetooth = Bluetooth(lambda: NOW, link=air, patience=QUICK)
    try:
        return devices.document_of(devices._watched(bluetooth, Measure.BLOOD_PRESSURE, SINCE))
    finally:
        bluetooth.close()


def test_a_measurement_is_told_as_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    said = watched(Air(cuff(on_subscribed=[(PRESSURE, pressure(128, 79, status=1))])))
    assert json.loads(json.dumps(said)) == {
        "kind": "blood_pressure", "state": "done", "why": "", "values": {"sbp": 128.0, "dbp": 79.0, "hr": 71.0}, "at": "2026-03-04T10:30:00+00:00", "flags": ["moved"],
        "measure_again_because": ["moved"], "device": {"maker": "Acme", "model": "BP-1", "serial": "0042", "validated": "unknown"}, "not_taken": [],
    }  # fmt: skip
    assert "searching" in capsys.readouterr().err


def test_of_two_devices_one_must_be_named() -> None:
    with pytest.raises(BadInput, match=A):
        watched(Air(cuff("Left", A), cuff("Right", B)))


def test_what_answers_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        devices, "_bluetooth", lambda _given: Bluetooth(lambda: NOW, link=Air(cuff("Left", A), strengths={A: -61}), patience=QUICK)
    )
    said = devices.scan(Namespace(kind="blood_pressure", seconds=0.2))
    assert said.document == {"devices": [{"address": A, "name": "Left", "strength_dbm": -61, "paired": False}]}


def test_without_a_radio_the_command_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["devices", "scan", "--seconds", "0.1", "--json"])
    said = json.loads(capsys.readouterr().out)
    if status == 0:
        pytest.skip("this machine has a radio")
    assert (said["error"], said["why"]) == ("bluetooth", "no_bluetooth")
