"""Software devices (bumble) and a Link to them: a radio that exists only in this process. Everything here runs in the loop of the Bluetooth house."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from bumble.att import ATT_INSUFFICIENT_AUTHENTICATION_ERROR, ATT_Error, Attribute
from bumble.controller import Controller
from bumble.core import UUID, AdvertisingData, BaseBumbleError
from bumble.device import Connection, Device, DeviceConfiguration, Peer
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.hci import Address
from bumble.host import Host
from bumble.link import LocalLink

from core.sources.devices.link import LinkFailed, Seen
from core.sources.devices.tables import CURRENT_TIME, MAKER, MODEL, RACP, SERIAL

READ, NOTIFY, INDICATE, WRITE = (Characteristic.Properties[name] for name in ("READ", "NOTIFY", "INDICATE", "WRITE"))


@dataclass
class Box:
    """A software device: its service, the characteristics that notify, what it answers when read."""

    name: str
    address: str
    service: int
    sends: tuple[int, ...]
    says: dict[int, bytes] = field(default_factory=lambda: {MAKER: b"Acme", MODEL: b"BP-1", SERIAL: b"0042"})
    records: Sequence[tuple[int, bytes]] = ()
    on_subscribed: Sequence[tuple[int, bytes]] = ()
    needs_pairing: bool = False
    device: Device | None = None
    peer: Connection | None = None
    asked: list[bytes] = field(default_factory=list)
    later: list[asyncio.Future] = field(default_factory=list)

    async def start(self, air: LocalLink) -> None:
        self.device = Device(config=DeviceConfiguration(name=self.name, address=Address(self.address)), host=Host())
        self.device.host.controller = Controller(self.name, link=air)
        chars = [self._sending(uuid) for uuid in self.sends]
        info = [Characteristic(UUID.from_16_bits(uuid), READ, Attribute.READABLE, value) for uuid, value in self.says.items()]
        self.device.add_service(Service(UUID.from_16_bits(self.service), chars))
        self.device.add_service(
            Service(UUID.from_16_bits(0x180A), [one for one in info if one.uuid != UUID.from_16_bits(CURRENT_TIME)])
        )
        self.device.add_service(
            Service(UUID.from_16_bits(0x1805), [one for one in info if one.uuid == UUID.from_16_bits(CURRENT_TIME)])
        )
        self.device.on("connection", self._connected)
        await self.device.power_on()
        await self.advertise()

    def _sending(self, uuid: int) -> Characteristic:
        if uuid == RACP:
            value = CharacteristicValue(write=self._racp)
            return Characteristic(UUID.from_16_bits(uuid), WRITE | INDICATE, Attribute.WRITEABLE, value)
        made = Characteristic(
            UUID.from_16_bits(uuid), INDICATE if uuid not in (0x2A18, 0x2A5F, 0x2A37, 0x2A36) else NOTIFY, Attribute.READABLE, b""
        )
        made.on("subscription", lambda _connection, notify, indicate: self._subscribed(uuid) if notify or indicate else None)
        return made

    def _subscribed(self, uuid: int) -> None:
        for char, data in self.on_subscribed:
            if char == uuid:
                self.later.append(asyncio.ensure_future(self.send(char, data)))

    def _racp(self, _connection: Connection, value: bytes) -> None:
        self.asked.append(bytes(value))

        async def answer() -> None:
            for char, data in self.records:
                await self.send(char, data)
            await self.send(RACP, bytes((6, 0, 1, 1 if self.records else 6)))

        self.later.append(asyncio.ensure_future(answer()))

    def _connected(self, connection: Connection) -> None:
        self.peer = connection

    async def advertise(self) -> None:
        data = AdvertisingData([
            (AdvertisingData.FLAGS, b"\x06"), (AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, self.service.to_bytes(2, "little")),
            (AdvertisingData.COMPLETE_LOCAL_NAME, self.name.encode()),
        ])  # fmt: skip
        await self.device.start_advertising(
            auto_restart=True, advertising_data=bytes(data), advertising_interval_min=20, advertising_interval_max=20
        )

    async def send(self, uuid: int, data: bytes) -> None:
        char = next(
            one
            for one in self.device.gatt_server.attributes
            if isinstance(one, Characteristic) and one.uuid == UUID.from_16_bits(uuid)
        )
        if char.properties & INDICATE:
            await self.device.indicate_subscribers(char, data)
        else:
            await self.device.notify_subscribers(char, data)

    async def go(self) -> None:
        """Hang up."""
        await self.peer.disconnect()


class Air:
    """A Link to software devices. `far` the strengths of some; `gone` addresses that are seen and can't be reached."""

    def __init__(
        self, *boxes: Box, strengths: dict[str, int] | None = None, gone: Collection[str] = (), paired: Collection[str] = ()
    ) -> None:
        self.boxes, self.strengths, self.gone, self.paired = boxes, strengths or {}, gone, paired
        self.links = 0
        self._central: Device | None = None

    async def _device(self) -> Device:
        if self._central is None:
            air = LocalLink()
            central = Device(config=DeviceConfiguration(name="kiosk", address=Address("C0:00:00:00:00:01")), host=Host())
            central.host.controller = Controller("kiosk", link=air)
            await central.power_on()
            for box in self.boxes:
                await box.start(air)
            self._central = central
        return self._central

    async def state(self) -> str:
        return "ready"

    async def scan(self, services: Sequence[int], seconds: float) -> Sequence[Seen]:
        central = await self._device()
        found: dict[str, Seen] = {}

        def seen(said: object) -> None:
            uuids = said.data.get(AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS) or []
            name = said.data.get(AdvertisingData.COMPLETE_LOCAL_NAME) or ""
            address = str(said.address).split("/")[0]
            if not services or any(UUID.from_16_bits(one) in uuids for one in services):
                found[address] = Seen(address, name, self.strengths.get(address, said.rssi), address in self.paired, said.address)

        central.on("advertisement", seen)
        await central.start_scanning()
        await asyncio.sleep(seconds)
        await central.stop_scanning()
        central.remove_listener("advertisement", seen)
        return list(found.values())

    async def connect(self, seen: Seen, seconds: float, lost: Callable[[], None]) -> Joined:
        if seen.address in self.gone:
            await asyncio.sleep(0)
            raise LinkFailed("out_of_range")
        central = await self._device()
        try:
            connection = await central.connect(seen.handle, timeout=seconds)
        except (TimeoutError, BaseBumbleError):
            raise LinkFailed("out_of_range") from None
        connection.on("disconnection", lambda _reason: lost())
        self.links += 1
        peer = Peer(connection)
        await peer.discover_services()
        for service in peer.services:
            await service.discover_characteristics()
        box = next(one for one in self.boxes if one.address == seen.address)
        return Joined(connection, peer, box)


class Joined:
    def __init__(self, connection: Connection, peer: Peer, box: Box) -> None:
        self._connection, self._box = connection, box
        self._known = {
            int.from_bytes(char.uuid.uuid_bytes, "little"): char for service in peer.services for char in service.characteristics if len(char.uuid.uuid_bytes) == 2
        }  # fmt: skip

    def offers(self) -> Collection[int]:
        return self._known.keys()

    async def read(self, characteristic: int) -> bytes:
        return bytes(await self._known[characteristic].read_value())

    async def write(self, characteristic: int, data: bytes) -> None:
        await self._known[characteristic].write_value(data, with_response=True)

    async def subscribe(self, characteristic: int, hand: Callable[[bytes], None]) -> None:
        try:
            if self._box.needs_pairing:
                raise ATT_Error(ATT_INSUFFICIENT_AUTHENTICATION_ERROR)
            await self._known[characteristic].subscribe(lambda data: hand(bytes(data)))
        except ATT_Error as error:
            raise LinkFailed("needs_pairing" if error.error_code == ATT_INSUFFICIENT_AUTHENTICATION_ERROR else "refused") from None

    async def disconnect(self) -> None:
        try:
            await asyncio.wait_for(self._connection.disconnect(), 2)
        except (BaseBumbleError, TimeoutError):
            return
