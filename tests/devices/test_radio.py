"""The adapter for bleak, over a stand-in for bleak: no machine of ours has a radio, and what goes wrong must be said in one of our codes."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import bleak
import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)

from core.kiosk.devices import WHY
from core.sources.devices.link import LinkFailed, Seen, choices, meant, named
from core.sources.devices.radio import Radio

BASE = "-0000-1000-8000-00805f9b34fb"


class Scanner:
    error: Exception | None = None
    asked: tuple[Any, ...] = ()

    def __init__(self, service_uuids: list[str] | None = None, **more: Any) -> None:
        Scanner.asked = (service_uuids, more)

    async def __aenter__(self) -> Scanner:
        if Scanner.error:
            raise Scanner.error
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    @property
    def discovered_devices_and_advertisement_data(self) -> dict[str, Any]:
        def one(address: str, uuids: list[str], paired: bool) -> tuple[Any, Any]:
            device = SimpleNamespace(address=address, name="N", details={"props": {"Paired": paired}})
            return device, SimpleNamespace(local_name=None, rssi=-60, service_uuids=uuids)

        return {"A": one("A", [f"00001810{BASE}"], True), "B": one("B", [f"0000180d{BASE}"], False)}


class Client:
    error: Exception | None = None
    later: Exception | None = None

    def __init__(self, device: object, disconnected_callback: Any, timeout: float) -> None:
        self.lost = disconnected_callback
        chars = [SimpleNamespace(uuid=f"00002a35{BASE}"), SimpleNamespace(uuid="12345678-0000-1000-8000-00805f9b34fb")]
        self.services = [SimpleNamespace(characteristics=chars)]

    async def connect(self) -> None:
        if Client.error:
            raise Client.error

    async def read_gatt_char(self, _char: object) -> bytearray:
        if Client.later:
            raise Client.later
        return bytearray(b"Acme")

    async def write_gatt_char(self, _char: object, _data: bytes, response: bool) -> None:
        assert response

    async def start_notify(self, char: object, hand: Any) -> None:
        if Client.later:
            raise Client.later
        hand(char, bytearray(b"\x01"))

    async def disconnect(self) -> None:
        self.lost(self)
        raise BleakError("already gone")


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bleak, "BleakScanner", Scanner)
    monkeypatch.setattr(bleak, "BleakClient", Client)
    Scanner.error = Client.error = Client.later = None


def why(work: Any) -> str:
    with pytest.raises(LinkFailed) as failed:
        asyncio.run(work)
    assert failed.value.code in WHY
    assert failed.value.__cause__ is None
    return failed.value.code


def test_only_devices_that_announce_the_service_are_seen() -> None:
    found = asyncio.run(Radio("hci1").scan((0x1810,), 0))
    assert [(one.address, one.strength, one.paired) for one in found] == [("A", -60, True)]
    assert Scanner.asked == ([f"00001810{BASE}"], {"bluez": {"adapter": "hci1"}})
    assert asyncio.run(Radio().state()) == "ready"


@pytest.mark.parametrize(("error", "code"), [
    (FileNotFoundError(2, "no bus"), "no_bluetooth"), (BleakBluetoothNotAvailableError("x", BleakBluetoothNotAvailableReason.POWERED_OFF), "off"),
    (BleakBluetoothNotAvailableError("x", BleakBluetoothNotAvailableReason.NO_BLUETOOTH), "no_bluetooth"), (PermissionError(13, "x"), "denied"),
    (BleakBluetoothNotAvailableError("x", BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM), "denied"), (BleakDBusError("org.bluez.Error.NotReady", []), "off"),
    (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []), "no_bluetooth"),
])  # fmt: skip
def test_why_there_is_no_radio(error: Exception, code: str) -> None:
    Scanner.error = error
    assert why(Radio().scan((0x1810,), 0)) == code
    assert asyncio.run(Radio().state()) == code


@pytest.mark.parametrize(("error", "code"), [
    (TimeoutError(), "out_of_range"), (BleakDeviceNotFoundError("A"), "out_of_range"), (BleakDBusError("org.bluez.Error.AuthenticationFailed", []), "needs_pairing"),
    (BleakDBusError("org.bluez.Error.Failed", ["le-connection-abort-by-local"]), "out_of_range"),
])  # fmt: skip
def test_why_a_device_cannot_be_connected_to(error: Exception, code: str) -> None:
    Client.error = error
    assert why(Radio().connect(Seen("A", "N", -60), 1.0, lambda: None)) == code


@pytest.mark.parametrize(("error", "code"), [
    (BleakGATTProtocolError(0x05), "needs_pairing"), (BleakGATTProtocolError(0x0F), "needs_pairing"), (BleakGATTProtocolError(0x02), "refused"),
    (BleakError("Not connected"), "lost"), (TimeoutError(), "no_answer"), (BleakDBusError("org.bluez.Error.NotPermitted", ["Read not permitted"]), "needs_pairing"),
])  # fmt: skip
def test_why_a_device_is_not_read(error: Exception, code: str) -> None:
    async def read() -> bytes:
        connection = await Radio().connect(Seen("A", "N", -60), 1.0, lambda: None)
        Client.later = error
        return await connection.read(0x2A35)

    assert why(read()) == code


def test_a_connection_reads_listens_and_hangs_up_without_a_word() -> None:
    async def everything() -> tuple[Any, ...]:
        gone: list[int] = []
        heard: list[bytes] = []
        connection = await Radio().connect(Seen("A", "N", -60), 1.0, lambda: gone.append(1))
        await connection.subscribe(0x2A35, heard.append)
        await connection.write(0x2A35, b"\x01\x06")
        read = await connection.read(0x2A35)
        await connection.disconnect()
        return set(connection.offers()), heard, read, gone

    assert asyncio.run(everything()) == ({0x2A35}, [b"\x01"], b"Acme", [1])


def test_a_mistake_of_ours_is_not_taken_for_the_radios() -> None:
    Scanner.error = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        asyncio.run(Radio().scan((), 0))


def test_whom_is_meant() -> None:
    near, far, paired = Seen("A", "x", -40), Seen("B", "x", -61), Seen("C", "y", -80, paired=True)
    assert meant([far, near], ()) == (near,)
    assert meant([Seen("D", "x", -59), near], ()) == (near, Seen("D", "x", -59))
    assert meant([near, far, paired], ()) == (paired,)
    assert meant([near, far], ("b",)) == (far,)
    assert meant([near, far], ("Z",)) == ()
    assert meant([], ()) == ()


def test_devices_are_named_so_that_they_can_be_told_apart_and_shown() -> None:
    shown = choices(
        (Seen("00:00:00:00:AA:01", "Cuff", -40), Seen("00:00:00:00:AA:02", "Cuff", -90), Seen("00:00:00:00:AA:03", "", -70))
    )
    assert [(one.name, one.near) for one in shown] == [("Cuff …AA:01", 3), ("Cuff …AA:02", 0), ("…AA:03", 2)]
    assert named(Seen("A", "\x1b[2J<b>\ud800" + "n" * 99, -1)) == ("[2J<b>?" + "n" * 99)[:60]
