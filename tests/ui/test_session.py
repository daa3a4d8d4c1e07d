"""This is the place where it is checked that a browser session holds one person's things, and lets go of them."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

from core.ports import Ports
from core.ui.session import MOST_HELD
from core.ui.words import words
from tests.ui.visitor import Visitor


class LaterClock:
    """A clock that can be put forward."""

    def __init__(self, ports: Ports) -> None:
        self.of, self.ahead = ports.clock, timedelta(0)

    def now(self) -> datetime:
        return self.of.now() + self.ahead


def test_two_sessions_side_by_side_never_show_each_other(ports: Ports) -> None:
    """Canaries: each person's own name, allergy and medicine; two hundred random steps, one session after the other."""
    canaries = {0: ("Margaret Ellis", "Latex"), 1: ("王建国", "青霉素")}
    visitors = {0: Visitor(ports).sign_in("patient", 0), 1: Visitor(ports).sign_in("patient", 1)}
    steps = random.Random(2026)
    seen = {0: set(), 1: set()}  # type: ignore[var-annotated]
    for _ in range(200):
        who = steps.randrange(2)
        page = steps.choice(("today", "records", "medicines", "sources", "settings", "more", "trends"))
        text = visitors[who].go(page).text
        assert visitors[who].problems == []
        assert not [word for word in canaries[1 - who] if word in text], (who, page)
        seen[who] |= {word for word in canaries[who] if word in text}
    assert seen == {who: set(found) for who, found in canaries.items()}


def test_signing_out_clears_everything(ports: Ports) -> None:
    visitor = Visitor(ports).sign_in("patient").go("records")
    assert "hb.held" in visitor.remembered
    visitor.app.button(key="leave_wide").click().run()
    assert words("en")("error.signed_out") in visitor.text
    assert "Margaret" not in visitor.text.replace("Continue as Margaret Ellis", "").replace("Margaret Ellis", "", 1)
    assert not {"hb.held", "hb.landing", "hb.person", "hb.touched"} & visitor.remembered
    visitor.go("today")
    assert words("en")("sign_in.title") in visitor.text


def test_the_next_one_at_the_same_browser_finds_nothing_of_the_last(ports: Ports) -> None:
    visitor = Visitor(ports).sign_in("patient", 0).go("records")
    visitor.app.button(key="leave_wide").click().run()
    visitor.sign_in("patient", 1).go("today")
    assert "Margaret" not in visitor.text
    assert "王建国" in visitor.text


def test_an_idle_session_ends_with_a_plain_sentence(ports: Ports) -> None:
    clock = LaterClock(ports)
    visitor = Visitor(replace(ports, clock=clock)).sign_in("patient")
    clock.ahead = timedelta(minutes=ports.idle_minutes + 1)
    visitor.app.run()
    assert words("en")("error.session_idle") in visitor.text
    assert "Latex" not in visitor.text
    assert "hb.held" not in visitor.remembered


def test_using_the_pages_keeps_the_session_alive(ports: Ports) -> None:
    clock = LaterClock(ports)
    visitor = Visitor(replace(ports, clock=clock)).sign_in("patient")
    for _ in range(4):
        clock.ahead += timedelta(minutes=ports.idle_minutes * 0.7)
        visitor.go("medicines")
        assert words("en")("medicines.question") in visitor.text


def test_a_view_is_read_once_and_asked_for_again_only_when_the_record_changed(ports: Ports) -> None:
    visitor = Visitor(ports).sign_in("patient").go("today")
    before = set(visitor.app.session_state["hb.held"])
    visitor.go("settings").go("today")
    assert set(visitor.app.session_state["hb.held"]) == before


def test_what_is_held_has_an_end(ports: Ports) -> None:
    visitor = Visitor(ports).sign_in("patient").go("records")
    for number in range(60):
        visitor.app.text_input(key="records_text").set_value(f"word {number}").run()
    assert len(visitor.app.session_state["hb.held"]) <= MOST_HELD


def test_a_demo_sign_in_without_demo_is_not_offered(ports: Ports) -> None:
    visitor = Visitor(replace(ports, demo=False))
    assert words("en")("sign_in.demo_title") not in visitor.text
    assert words("en")("sign_in.password") in visitor.text


def test_a_wrong_password_says_so_and_shows_nothing(ports: Ports) -> None:
    visitor = Visitor(replace(ports, demo=False))
    visitor.app.text_input(key="sign_in_username").set_value("demo-margaret")
    visitor.app.text_input(key="sign_in_password").set_value("not the password")
    next(button for button in visitor.app.button if button.label == words("en")("sign_in.go")).click().run()
    assert words("en")("error.sign_in_refused") in visitor.text
    assert "hb.session" not in visitor.remembered
