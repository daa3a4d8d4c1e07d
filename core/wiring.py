"""This is the place where concrete classes are built and put together; nobody else knows them all."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.channels import calendar
from core.channels.apprise_service import Services
from core.channels.email import Mail, MailServer
from core.channels.outgoing import Outgoing
from core.channels.push import Push, PushKey
from core.channels.video import Jitsi
from core.clock import SystemClock as SystemClock
from core.domain.check_card import CheckCard
from core.domain.check_media import Checked, CleanPhoto, CleanSignal
from core.domain.checks import CheckKind, CheckResult, Quality, SkinFacts
from core.exports import Exports
from core.kiosk.sending import SenderOf, VisitSender
from core.kiosk.server import KioskServer
from core.ports import (
    CheckModels,
    Package,
    Ports,
    Progress,
    PulledPackage,
    SamplePackage,
    ServerLogin,
    ShouldStop,
    TabularModel,
    Upload,
)  # fmt: skip
from core.risk.model_card import Logistic, ModelCard
from core.rules import ShippedTables
from core.settings import Settings, load_settings
from core.store import Argon2Passwords, open_store
from core.ui.words import words


class FilesWhenAsked:
    """The readers of files, imported at the first file: nobody who only looks waits for them. What a device's format
    recognises is a device's; all else is asked for records, and refused in their words."""

    def open(self, uploads: Sequence[Upload]) -> Package | SamplePackage:
        from core.sources.fhir.package import FhirReader
        from core.sources.wearables.package import recognised

        return recognised(uploads) or FhirReader().open(uploads)


@dataclass(frozen=True, slots=True)
class _ServersWhenAsked:
    """The reader of servers, imported at the first pull."""

    allow_plain_http: bool

    def pull(self, login: ServerLogin, should_stop: ShouldStop | None = None, progress: Progress | None = None) -> PulledPackage:
        from core.sources.fhir.client import FhirServer

        return FhirServer(self.allow_plain_http).pull(login, should_stop, progress)


class _ModelWhenAsked:
    """A trained model, its runtime imported and its files read at the first question."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._model: TabularModel | None = None

    def _opened(self) -> TabularModel:
        with self._lock:
            if self._model is None:
                from models.cards import ARTIFACTS
                from models.edge import ShippedModel

                self._model = ShippedModel(ARTIFACTS / self._name)
            return self._model

    def card(self) -> ModelCard:
        return self._opened().card()

    def baseline(self) -> Logistic:
        return self._opened().baseline()

    def predict(self, rows: np.ndarray) -> np.ndarray:
        return self._opened().predict(rows)


class _ChecksWhenAsked:
    """The checks of photos and signals, imported and opened at the first question. With a model server it is asked first; this machine always last."""

    def __init__(self, settings: Settings) -> None:
        self._server, self._plain_http = settings.model_server.strip(), settings.plain_http_servers
        self._lock = threading.Lock()
        self._checks: CheckModels | None = None
        if self._server:
            self._opened()  # a wrong address is told at the start, not to a person with a photo

    def _opened(self) -> CheckModels:
        with self._lock:
            if self._checks is None:
                from models.cards import ARTIFACTS
                from models.runners import EdgeRunner, FirstThatAnswers, ServerRunner
                from models.shipped_checks import ShippedChecks

                edge = EdgeRunner(ARTIFACTS)
                server = [ServerRunner(self._server, artifacts=ARTIFACTS, plain_http=self._plain_http)] if self._server else []
                self._checks = ShippedChecks(FirstThatAnswers([*server, edge]) if server else edge, ARTIFACTS)
            return self._checks

    def card(self, kind: CheckKind) -> CheckCard:
        return self._opened().card(kind)

    def photo(self, content: bytes) -> CleanPhoto:
        return self._opened().photo(content)

    def signal(self, name: str, content: bytes, rate: float | None = None) -> CleanSignal:
        return self._opened().signal(name, content, rate)

    def photo_quality(self, kind: CheckKind, photo: CleanPhoto) -> Quality:
        return self._opened().photo_quality(kind, photo)

    def check_photo(self, kind: CheckKind, photo: CleanPhoto, facts: SkinFacts | None = None, coin: str = "") -> Checked:
        return self._opened().check_photo(kind, photo, facts, coin)

    def aligned(self, kind: CheckKind, first: CleanPhoto, other: CleanPhoto) -> bytes | None:
        return self._opened().aligned(kind, first, other)

    def check_signal(self, signal: CleanSignal) -> tuple[Checked, ...]:
        return self._opened().check_signal(signal)

    def recording(self, results: Sequence[CheckResult]) -> CheckResult:
        return self._opened().recording(results)

    def marker_sheet(self) -> bytes:
        return self._opened().marker_sheet()


def channels(settings: Settings) -> Outgoing:
    """The ways out of the house that were set up. Raises BadInput where a setting is wrong."""
    now = SystemClock().now
    url, sender = settings.smtp_url.get_secret_value(), settings.mail_from.strip()
    mail = Mail(MailServer.of(url), sender, now) if url else None
    contact = f"mailto:{sender}" if sender else settings.public_url if settings.public_url.startswith("https://") else "mailto:nobody@localhost"
    push = Push(PushKey(settings.push_key_path), contact, now, settings.push_services) if settings.push else None
    return Outgoing(mail, Services(settings.apprise_hosts) if settings.apprise else None, push)


def video(settings: Settings) -> Jitsi | None:
    """Where video visits are held, None where that wasn't set. Raises BadInput where a setting is wrong."""
    url, secret = settings.video_url.strip(), settings.video_secret.get_secret_value()
    if not url and not secret and not settings.video_app_id:
        return None
    return Jitsi.of(url, settings.video_app_id.strip(), secret)


def kiosk_sender(settings: Settings) -> SenderOf:
    """How the app's own kiosk accounts hand visits over: through an outbox in the data folder, made when it is first needed."""

    def made(server: KioskServer, public_key: bytes) -> VisitSender:
        from core.edge.outbox import Outbox
        from core.edge.sender import Sender

        sender = Sender(server, Outbox(settings.home / "kiosk-outbox"), SystemClock().now, lambda: public_key)
        sender.eager = True  # the app has no heartbeat of its own that sends what waits
        return sender

    return made


def build(settings: Settings) -> Ports:
    """Everything a use case may reach, made anew: for one command, or one server. Close its store when done."""
    return Ports(
        store=open_store(settings),
        clock=SystemClock(),
        reader=FilesWhenAsked(),
        server=_ServersWhenAsked(settings.plain_http_servers),
        passwords=Argon2Passwords(),
        exporter=Exports(settings.font_path),
        demo=settings.demo,
        idle_minutes=settings.idle_minutes,
        max_upload_bytes=settings.max_upload_bytes,
        crisis_line=settings.crisis_line.strip(),
        country=settings.country,
        diabetes_model=_ModelWhenAsked("diabetes"),
        tables=ShippedTables(),
        explore_advice=settings.advice_explore,
        channels=channels(settings),
        public_url=settings.public_url.rstrip("/"),
        checks=_ChecksWhenAsked(settings),
        words=words,
        video=video(settings),
        calendar_file=calendar.rendered,
        kiosk_sender=kiosk_sender(settings),
    )


class _Held:
    """The ports of this process. They hold doors, not data: nothing about a person is kept here."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._settings: Settings | None = None
        self._ports: Ports | None = None

    def ports(self, settings: Settings | None) -> Ports:
        with self._lock:
            if self._ports is None or (settings is not None and settings != self._settings):
                self._settings = settings or load_settings()
                self._ports = build(self._settings)
                if self._settings.demo:
                    from core import demo  # half of all there is to import, and needed nowhere else

                    demo.fill(self._ports)
            return self._ports


_HELD = _Held()


def ports_for(settings: Settings) -> Ports:
    """The ports of a server with these settings, from now on what `ports` answers; with the demo, filled."""
    return _HELD.ports(settings)


def ports() -> Ports:
    """The ports of this process: those it was started with, or (started by another server) those of the environment."""
    return _HELD.ports(None)
