"""The door for devices over HTTP and MQTT: real requests, and a real Mosquitto where there is one."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.api import Door, routes
from core.care import devices
from core.domain.people import Role
from core.errors import BadInput, Conflict
from core.ports import Ports
from core.worker import Broker, Listener, answered
from tests.care.given import add_account, add_person, event, heart_rate, ports_with, signed_in

HEART_RATE = {
    "header": {"id": "a1", "schema_id": {"namespace": "omh", "name": "heart-rate", "version": "1.0"}},
    "body": {
        "heart_rate": {"value": 62, "unit": "beats/min"},
        "effective_time_frame": {"date_time": "2026-03-01T08:00:00+05:30"},
    },
}


@pytest.fixture
def ports() -> Ports:
    return ports_with()


@pytest.fixture
def person(ports: Ports) -> str:
    return add_person(ports)


@pytest.fixture
def secret(ports: Ports, person: str) -> str:
    own = signed_in(ports, add_account(ports, Role.PATIENT, "own", persons=(person,)))
    return devices.connect(ports, own, person, "Cuff").secret


@pytest.fixture
def client(ports: Ports) -> TestClient:
    return TestClient(Starlette(routes=routes(Door(lambda: ports, False))), base_url="http://localhost")


def sent_by(secret: str, **more: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}", **more}


def test_an_observation_is_taken_in(client: TestClient, ports: Ports, person: str, secret: str) -> None:
    answer = client.post("/ingest", json=heart_rate("o1", subject=""), headers=sent_by(secret))
    assert (answer.status_code, answer.json()["stored"], answer.json()["entries"]) == (200, 1, 1)
    assert len(ports.store.records(person, event())) == 1


def test_open_mhealth_becomes_samples(client: TestClient, ports: Ports, person: str, secret: str) -> None:
    answer = client.post("/ingest", json=HEART_RATE, headers=sent_by(secret))
    assert (answer.status_code, answer.json()["stored"]) == (200, 1)
    (stream,) = ports.store.streams(person, event())
    assert (stream.signal, stream.samples) == ("hr", 1)


def test_the_same_key_is_kept_once(client: TestClient, ports: Ports, person: str, secret: str) -> None:
    headers = sent_by(secret, **{"idempotency-key": "abc"})
    first = client.post("/ingest", json=heart_rate("o1", subject=""), headers=headers)
    second = client.post("/ingest", json=heart_rate("o2", subject=""), headers=headers)
    assert (second.json(), second.headers["idempotency-replayed"]) == (first.json(), "true")
    assert len(ports.store.records(person, event())) == 1


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer hbd_nobody"])
def test_nobody_gets_in_without_a_token(client: TestClient, ports: Ports, person: str, header: str) -> None:
    answer = client.post("/ingest", json=heart_rate("o1"), headers={"authorization": header} if header else {})
    assert (answer.status_code, answer.json()["error"], answer.headers["www-authenticate"]) == (401, "device_unknown", "Bearer")
    assert ports.store.records(person, event()) == ()


def test_what_cannot_be_read_says_so(client: TestClient, secret: str) -> None:
    assert client.post("/ingest", content=b"{", headers=sent_by(secret)).status_code == 422
    assert client.post("/ingest", content=b"x" * 10_000_001, headers=sent_by(secret)).status_code == 413
    assert client.get("/ingest").status_code == 405


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("mqtt://broker", ("broker", 1883, False, "", "", "healthboard/v1")),
        ("mqtts://me:p%40ss@broker:8884/clinic/a", ("broker", 8884, True, "me", "p@ss", "clinic/a")),
    ],
)
def test_the_address_of_a_broker(url: str, wanted: tuple[object, ...]) -> None:
    broker = Broker.of(url)
    assert (broker.host, broker.port, broker.tls, broker.username, broker.password, broker.prefix) == wanted


@pytest.mark.parametrize("url", ["http://broker", "mqtt://", "mqtt://broker:no", "mqtt://broker/+/x"])
def test_what_is_no_broker(url: str) -> None:
    with pytest.raises(BadInput):
        Broker.of(url)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"no", "message_not_json"),
        (b"[]", "message_not_json"),
        (b"{}", "message_incomplete"),
        (b'{"token": "hbd_x", "body": 5}', "message_incomplete"),
        (b'{"token": "hbd_x", "key": 5, "body": {}}', "message_incomplete"),
        (b'{"token": "hbd_x", "body": {}}', "device_unknown"),
    ],
)
def test_a_message_that_is_none_gets_a_reason(ports: Ports, payload: bytes, code: str) -> None:
    assert json.loads(answered(ports, payload))["error"] == code


# --------------------------------------------------------------------------------------------------------------- Mosquitto


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
    if program is None:
        pytest.skip("no Mosquitto: install it (Debian: mosquitto)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config: Path = tmp_path_factory.mktemp("mosquitto") / "mosquitto.conf"
    config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
    running = subprocess.Popen([program, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield Broker.of(f"mqtt://127.0.0.1:{port}")
    finally:
        running.terminate()
        running.wait(10)


class Device:
    """Something that publishes, and hears the receipts."""

    def __init__(self, broker: Broker) -> None:
        self.heard: list[dict[str, object]] = []
        self._came = threading.Condition()
        self._listening = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2)
        self._client.on_message = self._on_message
        self._client.on_subscribe = lambda *_: self._listening.set()
        self._client.connect(broker.host, broker.port)
        self._client.loop_start()
        self._client.subscribe(f"{broker.prefix}/cuff/receipt", qos=1)
        assert self._listening.wait(10)

    def send(self, message: object) -> None:
        self._client.publish("healthboard/v1/cuff/ingest", json.dumps(message), qos=1).wait_for_publish(10)

    def receipts(self, count: int) -> list[dict[str, object]]:
        with self._came:
            assert self._came.wait_for(lambda: len(self.heard) >= count, 20)
        return self.heard

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _on_message(self, _client: object, _data: object, message: mqtt.MQTTMessage) -> None:
        with self._came:
            self.heard.append(json.loads(message.payload))
            self._came.notify_all()


@pytest.mark.needs_mosquitto
def test_what_is_published_is_kept_once_and_answered(broker: Broker, ports: Ports, person: str, secret: str) -> None:
    listener, device = Listener(broker, lambda: ports), Device(broker)
    listener.start()
    try:
        assert listener.ready.wait(20)
        message = {"token": secret, "key": "1", "body": HEART_RATE}
        for one in (message, message, {"token": "hbd_wrong", "body": HEART_RATE}):
            device.send(one)
        first, second, third = device.receipts(3)
    finally:
        listener.close()
        device.close()
    assert (first["stored"], second, third) == (1, first, {"error": "device_unknown"})
    assert ports.store.streams(person, event())[0].samples == 1


@pytest.mark.needs_mosquitto
def test_what_came_while_nobody_listened_is_kept_afterwards(broker: Broker, ports: Ports, person: str, secret: str) -> None:
    first = Listener(broker, lambda: ports)
    first.start()
    assert first.ready.wait(20)
    first.close()
    device = Device(broker)
    device.send({"token": secret, "body": heart_rate("o1", subject="")})
    second = Listener(broker, lambda: ports)
    second.start()
    try:
        assert device.receipts(1)[0]["stored"] == 1
    finally:
        second.close()
        device.close()


@pytest.mark.needs_mosquitto
def test_a_busy_store_loses_no_message(broker: Broker, ports: Ports, person: str, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unacknowledged, the broker sends it again."""
    tries: list[int] = []

    def busy_at_first(given: Ports, payload: bytes) -> bytes:
        tries.append(1)
        if len(tries) <= 5:
            raise Conflict("store_busy")
        return answered(given, payload)

    monkeypatch.setattr("core.worker.answered", busy_at_first)
    listener, device = Listener(broker, lambda: ports), Device(broker)
    listener.start()
    try:
        assert listener.ready.wait(20)
        device.send({"token": secret, "body": HEART_RATE})
        assert device.receipts(1)[0]["stored"] == 1
    finally:
        listener.close()
        device.close()
    assert len(tries) == 6
