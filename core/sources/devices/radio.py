"""This is the place where bleak is: the machine's own Bluetooth radio (BlueZ on Linux). It is imported when it is first used."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from core.sources.devices.link import LinkFailed, Seen

_BASE = "-0000-1000-8000-00805f9b34fb"
_PAIRING_CODES = frozenset({0x05, 0x08, 0x0C, 0x0F})
"""ATT errors that mean: not paired, or not firmly enough."""
_PAIRING_WORDS = ("authentication", "encryption", "notpaired", "notauthorized", "notpermitted", "pairing")
_GONE_WORDS = ("disconnected", "not connected", "notconnected", "unreachable", "connection-abort", "page-timeout")
_RADIO = {"NO_BLUETOOTH": "no_bluetooth", "NO_BLE_CENTRAL_ROLE": "no_bluetooth", "POWERED_OFF": "off"}


def _uuid(short: int) -> str:
    return f"0000{short:04x}{_BASE}"


def _short(uuid: str) -> int | None:
    uuid = uuid.lower()
    return int(uuid[4:8], 16) if uuid.startswith("0000") and uuid.endswith(_BASE) else None


@contextmanager
def _told(otherwise: str) -> Iterator[None]:
    """Whatever bleak, the bus or the radio raise, as LinkFailed."""
    try:
        yield
    except Exception as error:
        if _of_the_radio(error):
            raise LinkFailed(_why(error, otherwise)) from None  # its text may name a device, and nobody needs it
        raise


def _of_the_radio(error: Exception) -> bool:
    """Whether it came out of bleak or the bus, or is one that they let through; all else is a mistake of ours."""
    if isinstance(error, (OSError, EOFError, TimeoutError)):
        return True
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_globals.get("__name__", "").split(".")[0] in ("bleak", "dbus_fast"):
            return True
        step = step.tb_next
    return type(error).__module__.split(".")[0] in ("bleak", "dbus_fast")


def _why(error: Exception, otherwise: str) -> str:
    from bleak.exc import BleakBluetoothNotAvailableError, BleakDeviceNotFoundError, BleakGATTProtocolError

    if isinstance(error, BleakBluetoothNotAvailableError):
        name = getattr(error.reason, "name", "")
        return _RADIO.get(name, "denied" if name.startswith("DENIED") else "no_bluetooth")
    if isinstance(error, (FileNotFoundError, ConnectionRefusedError)):  # no message bus: no BlueZ
        return "no_bluetooth"
    if isinstance(error, PermissionError):
        return "denied"
    if isinstance(error, (BleakDeviceNotFoundError, TimeoutError)):
        return "out_of_range" if otherwise in ("out_of_range", "not_found") else "no_answer"
    if isinstance(error, BleakGATTProtocolError):
        return "needs_pairing" if error.args and error.args[0] in _PAIRING_CODES else "refused"
    said = str(error).lower()
    if any(word in said for word in _PAIRING_WORDS):
        return "needs_pairing"
    if any(word in said for word in _GONE_WORDS):
        return "lost" if otherwise != "out_of_range" else otherwise
    if "notready" in said or "powered off" in said:
        return "off"
    return "no_bluetooth" if "serviceunknown" in said or "no bluetooth" in said else otherwise


class Radio:
    """A Link over bleak. `adapter` the radio where there are several ("hci1")."""

    def __init__(self, adapter: str = "") -> None:
        self._more: dict[str, Any] = {"bluez": {"adapter": adapter}} if adapter else {}

    async def state(self) -> str:
        """Looked for by searching for a moment: nothing else tells on every system."""
        try:
            import bleak  # noqa: F401
        except ImportError:
            return "no_library"
        try:
            await self.scan((), 0.1)
        except LinkFailed as failed:
            return failed.code if failed.code in ("off", "denied") else "no_bluetooth"
        return "ready"

    async def scan(self, services: Sequence[int], seconds: float) -> Sequence[Seen]:
        try:
            from bleak import BleakScanner
        except ImportError:
            raise LinkFailed("no_library") from None
        with _told("no_bluetooth"):
            wanted = [_uuid(one) for one in services]
            async with BleakScanner(service_uuids=wanted or None, **self._more) as scanner:
                await asyncio.sleep(seconds)
            found = scanner.discovered_devices_and_advertisement_data.values()
            return [
                Seen(device.address, said.local_name or device.name or "", said.rssi, _paired(device), device)
                for device, said in found
                if not wanted or {one.lower() for one in said.service_uuids} & set(wanted)
            ]

    async def connect(self, seen: Seen, seconds: float, lost: Callable[[], None]) -> _Connected:
        try:
            from bleak import BleakClient
        except ImportError:
            raise LinkFailed("no_library") from None
        with _told("out_of_range"):
            client = BleakClient(seen.handle, disconnected_callback=lambda _client: lost(), timeout=seconds, **self._more)  # type: ignore[arg-type]
            await client.connect()
            return _Connected(client, seconds)


def _paired(device: Any) -> bool:
    details = device.details
    return bool(isinstance(details, dict) and details.get("props", {}).get("Paired"))


class _Connected:
    def __init__(self, client: Any, seconds: float) -> None:
        self._client, self._seconds = client, seconds
        self._known: dict[int, Any] = {}
        for service in client.services:
            for one in service.characteristics:
                short = _short(one.uuid)
                if short is not None:
                    self._known.setdefault(short, one)

    def offers(self) -> Collection[int]:
        return self._known.keys()

    async def read(self, characteristic: int) -> bytes:
        with _told("refused"):
            async with asyncio.timeout(self._seconds):
                return bytes(await self._client.read_gatt_char(self._known[characteristic]))

    async def write(self, characteristic: int, data: bytes) -> None:
        with _told("refused"):
            async with asyncio.timeout(self._seconds):
                await self._client.write_gatt_char(self._known[characteristic], data, response=True)

    async def subscribe(self, characteristic: int, hand: Callable[[bytes], None]) -> None:
        with _told("refused"):
            async with asyncio.timeout(self._seconds):
                await self._client.start_notify(self._known[characteristic], lambda _one, data: hand(bytes(data)))

    async def disconnect(self) -> None:
        try:
            with _told("lost"):
                async with asyncio.timeout(self._seconds):
                    await self._client.disconnect()
        except LinkFailed:
            return
