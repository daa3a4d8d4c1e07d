"""This is the place where work is done that nobody waits for in a browser: doses are planned, reminders go out, and what devices publish by MQTT is taken in.

    python -m core.worker        (or `healthboard worker`)

Every few seconds it makes plans anew where they are due and sends the reminders whose time has come (core/care/reminding.py). Several workers share the
work by leases; one that dies is taken over from when its lease is over. Once a minute it asks the models again about photos and recordings that none could
answer when they were sent (core/care/check_models.py).

Beside that it looks at people's readings for alerts (core/care/alerting.py) and sends letters (core/care/posting.py), each in a thread of its own: a mail server
that doesn't answer holds up neither what is judged nor who is told next. A thread that ends by an error nobody foresaw ends the worker: it is to be started anew, not
to go on without one of its hands.

Topics (docs/SOURCES.md): a device publishes to `<prefix>/<name>/ingest`, QoS 1, JSON {"token": ..., "key": ..., "body": ...}: its token, an
optional idempotency key, and what it would have sent to the HTTP door. What came of it is published to `<prefix>/<name>/receipt`.
A message is acknowledged once it is kept: a worker that dies before gets it again, and keeps it once.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode
from sqlalchemy.exc import OperationalError

from core.care import check_models, reminding
from core.care.access import COMMAND_LINE
from core.care.door import MOST_BYTES, receive
from core.errors import BadInput, Conflict, HealthboardError, NotPermitted
from core.ports import Ports
from core.settings import Settings, load_settings
from core.worker_hands import Hands, say_in

LOG = logging.getLogger("healthboard.worker")

PREFIX = "healthboard/v1"
CLIENT_ID = "healthboard-worker"
EVERY = 2.0
"""Seconds between two looks at what is due."""
CHECKS_EVERY = 60.0
"""Seconds between two questions to a model that did not answer."""
CHECKS_AT_ONCE = 20
TRIES = 5
PAUSE = 0.2
"""Seconds before the store is asked again, longer each time."""
_PORTS = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class Broker:
    """Where to listen: host, port, TLS, name and password, and the prefix of the topics."""

    host: str
    port: int
    tls: bool
    username: str = ""
    password: str = ""
    prefix: str = PREFIX

    @classmethod
    def of(cls, url: str) -> Broker:
        """From mqtt://name:password@host:port/prefix. Raises BadInput."""
        parts = urlsplit(url)
        try:
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError:
            port = 0
        if parts.scheme not in _PORTS or not parts.hostname or not port:
            raise BadInput("bad_setting", place="HEALTHBOARD_MQTT_URL", need="mqtt://host[:port][/prefix] or mqtts://...")
        prefix = unquote(parts.path).strip("/") or PREFIX
        if "+" in prefix or "#" in prefix:
            raise BadInput("bad_setting", place="HEALTHBOARD_MQTT_URL", need="a prefix without wildcards")
        return cls(parts.hostname, port, parts.scheme == "mqtts", unquote(parts.username or ""), unquote(parts.password or ""), prefix)


def answered(ports: Ports, payload: bytes) -> bytes:
    """What came of one message, as the JSON of its receipt. Raises Conflict where the store is busy: then it can be tried again."""
    try:
        if len(payload) > MOST_BYTES:
            raise BadInput("file_too_large", place="message", need=MOST_BYTES)
        token, key, body = _opened(payload)
        return receive(ports, token, body, key).body.encode()
    except Conflict:
        raise
    except HealthboardError as error:
        return json.dumps({"error": error.code, **(error.facts if not isinstance(error, NotPermitted) else {})}).encode()


def _opened(payload: bytes) -> tuple[str, str, bytes]:
    """Token, key and body of a message. Raises BadInput naming what is missing."""
    try:
        message = orjson.loads(payload)
    except orjson.JSONDecodeError:
        raise BadInput("message_not_json", place="message", need="a JSON object") from None
    if not isinstance(message, dict):
        raise BadInput("message_not_json", place="message", need="a JSON object")
    token, key, body = message.get("token"), message.get("key", ""), message.get("body")
    if not isinstance(token, str):
        raise BadInput("message_incomplete", place="token", need="the token of the device")
    if not isinstance(key, str):
        raise BadInput("message_incomplete", place="key", need="a text")
    if not isinstance(body, dict | list):
        raise BadInput("message_incomplete", place="body", need="a FHIR resource or Open mHealth data")
    return token, key, orjson.dumps(body)


class Listener:
    """Subscribed to the broker until it is closed; answers every message once it is kept."""

    def __init__(self, broker: Broker, ports: Callable[[], Ports]) -> None:
        self.ready, self._closing = threading.Event(), threading.Event()
        self._broker, self._ports = broker, ports
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, CLIENT_ID, clean_session=False, manual_ack=True)
        self._client.on_connect, self._client.on_subscribe, self._client.on_message = self._connected, self._subscribed, self._came
        self._client.on_disconnect = self._lost
        if broker.username:
            self._client.username_pw_set(broker.username, broker.password or None)
        if broker.tls:
            self._client.tls_set()

    def start(self) -> None:
        """Connect in the background, and again whenever the connection is lost."""
        self._client.reconnect_delay_set(1, 60)
        self._client.connect_async(self._broker.host, self._broker.port, keepalive=30)
        self._client.loop_start()

    def close(self) -> None:
        self._closing.set()
        self._client.disconnect()
        self._client.loop_stop()

    def _connected(self, client: mqtt.Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any) -> None:
        if reason.is_failure:
            LOG.error("The broker refused: %s", reason)
            return
        client.subscribe(f"{self._broker.prefix}/+/ingest", qos=1)

    def _subscribed(self, _client: mqtt.Client, _data: Any, _mid: int, reasons: list[ReasonCode], _properties: Any) -> None:
        if any(reason.is_failure for reason in reasons):
            LOG.error("The broker lets nobody subscribe to %s", self._broker.prefix)
            return
        LOG.info("Listening to %s on %s:%s", self._broker.prefix, self._broker.host, self._broker.port)
        self.ready.set()

    def _lost(self, _client: mqtt.Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any) -> None:
        self.ready.clear()
        if reason.is_failure:
            LOG.warning("The connection to the broker was lost (%s); trying again", reason)

    def _came(self, client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        answer = self._kept(bytes(message.payload))
        if answer is None:
            client.disconnect()  # unacknowledged: the broker sends it again
            client.reconnect()
            return
        client.publish(message.topic.removesuffix("/ingest") + "/receipt", answer, qos=1)
        client.ack(message.mid, message.qos)

    def _kept(self, payload: bytes) -> bytes | None:
        for attempt in range(TRIES):
            try:
                return answered(self._ports(), payload)
            except Conflict as error:
                LOG.warning("The store was busy (%s), try %d of %d", error.code, attempt + 1, TRIES)
                self._closing.wait(PAUSE * (attempt + 1))
        return None


def run(settings: Settings, ports: Ports) -> int:
    """Work until told to stop (SIGTERM, Ctrl-C): what was begun is finished first. Raises BadInput for an address of a broker that is none."""
    url = settings.mqtt_url.get_secret_value()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    listener = Listener(Broker.of(url), lambda: ports) if url else None
    if listener:
        listener.start()
    lease = timedelta(seconds=settings.reminder_lease_seconds)
    hands = Hands(ports, stop, lease)
    hands.start()
    try:
        remind(ports, stop, lease, os.getppid() if settings.worker_ends_with_parent else 0)
    finally:
        stop.set()
        hands.join()
        if listener:
            listener.close()
    return 1 if hands.failed else 0


def remind(ports: Ports, stop: threading.Event, lease: timedelta, parent: int = 0) -> None:
    """Plan and remind every few seconds until told to stop, or until the process that started this one is gone (`parent`, 0: whoever)."""
    worker_id = f"worker-{secrets.token_hex(6)}"
    LOG.info("Planning and reminding as %s", worker_id)
    ask_at = time.monotonic()
    while not stop.is_set() and (not parent or os.getppid() == parent):
        done = reminding.Done()
        try:
            done = reminding.run_once(ports, COMMAND_LINE, worker_id, say_in, lease)
            if time.monotonic() >= ask_at:
                ask_at = time.monotonic() + (0 if ask_models(ports) >= CHECKS_AT_ONCE else CHECKS_EVERY)
        except Conflict as error:
            LOG.warning("The store was busy (%s); tried again", error.code)
        except OperationalError as error:
            LOG.warning("The database can't be reached (%s); tried again", type(error.orig).__name__)
        else:
            if done.planned or done.sent or done.failed or done.missed:
                LOG.info("Planned %d, sent %d, failed %d, missed %d", done.planned, done.sent, done.failed, done.missed)
        if not (done.planned or done.looked_at):  # else there may be more
            stop.wait(EVERY)


def ask_models(ports: Ports) -> int:
    """Ask the models about what still waits for one; how many were answered. So many as are asked at once: there may be more."""
    answered_now = check_models.ask_again(ports, COMMAND_LINE, CHECKS_AT_ONCE)
    if answered_now:
        LOG.info("Models answered about %d checks that waited", answered_now)
    return answered_now


def main() -> int:
    """The worker as a program of its own."""
    from core import wiring

    settings = load_settings()
    logging.basicConfig(level=settings.log_level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    ports = wiring.build(settings)
    try:
        return run(settings, ports)
    except HealthboardError as error:
        sys.stderr.write(f"healthboard worker: {error.code.replace('_', ' ')} {error.facts}\n")
        return 1
    finally:
        ports.store.close()


if __name__ == "__main__":
    sys.exit(main())
