"""This is the place where the tests of the kiosk's screens get a kiosk: a server that answers from memory, a sender that keeps what it was handed, a visitor who touches buttons."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from streamlit.testing.v1 import AppTest

from core.errors import HealthboardError, NotFound, SourceUnavailable
from core.kiosk.sending import QUEUED, SENT, Handed
from core.kiosk.terms import Clinic, Collected, Heartbeat, Measure, Proof, SealedVisit, ToConfirm, VisitReceipt, Welcomed
from core.ui.kiosk_house import KioskHouse, PhotoLook
from core.ui.words import words
from tests.ui.visitor import _drawn

CODE = "ACDEFHJK"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLINIC = Clinic("Riverside", b"k" * 32, measures=(Measure.BLOOD_PRESSURE, Measure.WEIGHT), desk="Left of the door")
CANARIES = ("M••••t", "Xylocanary 5 mg", "Canarynut", "•••• 33", "ticket-canary", "Zqcanary", "71.37")


def known(**more: object) -> Welcomed:
    """What a server says of the one person it knows."""
    given = {
        "contact": (ToConfirm("phone:0", "•••• 33"),), "medicines": tuple(ToConfirm(f"m{at}", f"Xylocanary {at} mg") for at in range(5, 11)),
        "allergies": (ToConfirm("a0", "Canarynut"),), "allergies_known": "listed", "questionnaires": ("phq-2", "steadi"), "photo": "",
    }  # fmt: skip
    return Welcomed("ticket-canary", "visit-1", "M••••t", **{**given, **more})  # type: ignore[arg-type]


@dataclass
class Double:
    """A server and a sender. `away`: nobody answers. Every call to the desk is kept, and every visit that was handed over."""

    welcomed: Welcomed = field(default_factory=known)
    clinic: Clinic = CLINIC
    away: bool = False
    handed: list[Collected] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    receipt: VisitReceipt = field(default_factory=lambda: VisitReceipt("visit-1", "kept", link="/take-home/secret"))
    now: datetime = NOW
    broken: HealthboardError | None = None

    def hello(self, beat: Heartbeat) -> Clinic:
        return self.clinic

    def identify(self, proof: Proof, language: str) -> Welcomed:
        if self.away:
            raise SourceUnavailable("server_unreachable")
        if proof.code.replace(" ", "") != CODE:
            raise NotFound("kiosk_not_recognised")
        return self.welcomed

    def send(self, visit: SealedVisit) -> VisitReceipt:
        return self.receipt

    def call_desk(self, why: str, ticket: str = "") -> None:
        if self.away:
            raise SourceUnavailable("server_unreachable")
        self.calls.append((why, ticket))

    def hand_over(self, clinic: Clinic, collected: Collected) -> Handed:
        if self.broken is not None:
            raise self.broken
        self.handed.append(collected)
        return Handed(QUEUED) if self.away else Handed(SENT, self.receipt)

    def house(self, language: str) -> KioskHouse:
        look: Callable[[str, bytes], PhotoLook] = lambda kind, content: PhotoLook(content)  # noqa: E731
        return KioskHouse(
            "kiosk-1", "Waiting room", words(language), lambda: self.now, self, lambda: self.clinic, self.hand_over, look, lambda text: b"png" + text.encode(), "GB"
        )  # fmt: skip


def script(double):  # type: ignore[no-untyped-def]  # its source is run on its own, where no name is known
    import streamlit as st

    from core.ui import kiosk_acts, kiosk_screens

    if st.session_state.pop("test.idle", ""):
        kiosk_acts.idle()
    kiosk_screens.run(double.house(st.session_state.get("hb.spoken", "") or "en"))


class Person:
    """Somebody before the kiosk."""

    def __init__(self, double: Double) -> None:
        self.double = double
        self.app = AppTest.from_function(script, kwargs={"double": double}, default_timeout=60)
        self.app.run()

    @property
    def stay(self):  # type: ignore[no-untyped-def]
        return self.app.session_state["hb.kiosk"]

    @property
    def buttons(self) -> list[str]:
        return [str(one.key) for one in self.app.button]

    @property
    def markup(self) -> str:
        return "\n".join(_drawn(self.app._tree))

    @property
    def text(self) -> str:
        return html.unescape(re.sub(r"<[^>]*>", " ", self.markup))

    @property
    def title(self) -> str:
        return html.unescape(re.findall(r'<h1 class="kq-h[^>]*>([^<]*)', self.markup)[0])

    def touch(self, key: str) -> Person:
        self.app.button(key=key).click().run()
        assert [str(one.value) for one in (*self.app.exception, *self.app.error)] == []
        return self

    def type(self, **values: str) -> Person:
        """Fill fields by the name in their key, and take them."""
        for one in self.app.text_input:
            if (name := str(one.key).split("_")[1]) in values:
                one.set_value(values[name])
        return self.touch("kq_add" if "more" in values else "kq_go")

    def end(self, how: str) -> Person:
        """Nobody touches anything any more."""
        self.app.session_state["test." + how] = how
        self.app.run()
        return self

    def begin(self, language: str = "en", code: str = CODE) -> Person:
        return self.touch(f"kq_language_{language}").type(code=code)

    def until(self, step: str) -> Person:
        """On by what is quickest until that step."""
        for _ in range(80):
            if self.stay.step == step and not self.stay.state.alarm:
                return self
            self.on()
        raise AssertionError(f"{step} was never reached: {self.title}")

    def on(self) -> Person:
        """One touch that leads on; the minute between two readings passes."""
        if "kq_enough" in self.buttons:
            self.double.now += timedelta(seconds=61)
            return self.touch("kq_large")
        for key in (
            "kq_all",
            "kq_rested",
            *(key for key in self.buttons if key.startswith("kq_option_") and key.endswith("_0")),
            "kq_next",
        ):
            if key in self.buttons:
                if key == "kq_next" and self.stay.step == "measure" and self.app.text_input:
                    return self.type(sbp="128", dbp="79", hr="", weight="71.37")
                if key == "kq_next" and self.stay.step == "questions" and self.app.text_input:
                    return self.type(answer="2")
                return self.touch(key)
        return self.touch("kq_skip")
