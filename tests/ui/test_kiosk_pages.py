"""The pages around kiosks: an administrator adds one, a coordinator answers a call and sorts a visit, a person makes a code."""

from __future__ import annotations

from core.care import kiosk_clinic, kiosk_desk, kiosk_intake, kiosk_registry, kiosk_unmatched
from core.care.access import COMMAND_LINE
from core.care.kiosk_papers import load
from core.kiosk.sealing import seal
from core.kiosk.terms import Collected
from core.ports import Ports
from tests.ui.visitor import Visitor


def pressed(visitor: Visitor, label: str) -> None:
    next(one for one in visitor.app.button if one.label == label).click().run()


def test_an_administrator_adds_a_kiosk_sees_its_key_once_and_revokes_it(own_ports: Ports) -> None:
    admin = Visitor(own_ports).sign_in("administrator")
    admin.go("kiosks")
    admin.app.text_input(key="kiosk_name").input("Hall")
    pressed(admin, "Add and show its key")
    key = next(one.value for one in admin.app.code if one.value.startswith(kiosk_registry.PREFIX))
    pressed(admin, "I have copied it")
    assert key not in admin.text and "Hall" in admin.text and admin.problems == []
    kiosk = next(one.kiosk for one in kiosk_registry.listed(own_ports, COMMAND_LINE) if one.kiosk.name == "Hall")
    admin.app.button(key=f"revoke_{kiosk.kiosk_id}").click().run()
    assert kiosk_registry.listed(own_ports, COMMAND_LINE)[-1].kiosk.revoked_at is not None


def test_a_call_is_on_every_page_and_answered_by_name_and_a_visit_is_thrown_away_for_a_reason(own_ports: Ports) -> None:
    hand = kiosk_registry.of_account(own_ports, COMMAND_LINE)
    kiosk_desk.put(hand, "danger", "", "c1")
    now = own_ports.clock.now()
    kiosk_intake.receive(
        hand, seal(kiosk_clinic.told(hand).public_key, Collected("o-1", "", now, "en", consented_at=now, finished_at=now), now)
    )
    team = Visitor(own_ports).sign_in("coordinator")
    team.go("people")
    assert "may need help at once" in team.text
    team.go("kiosk_calls")
    team.app.button(key="answer_c1").click().run()
    assert load(own_ports.store, kiosk_desk.DOCUMENT).calls[0].by_name
    team.app.button(key="open_o-1").click().run()
    team.app.text_input(key="why_o-1").input("a test")
    pressed(team, "Throw it away")
    assert all(one.visit_id != "o-1" for one in kiosk_unmatched.listed(own_ports, COMMAND_LINE)) and team.problems == []
    team.go("people")
    assert "may need help at once" not in team.text


def test_a_person_makes_a_code_and_takes_it_back(own_ports: Ports) -> None:
    patient = Visitor(own_ports).sign_in("patient")
    patient.go("check_in")
    patient.app.button(key="check_in_make").click().run()
    assert "checkin-code" in patient.text or "shown only now" in patient.text
    patient.app.button(key="check_in_revoke").click().run()
    assert patient.problems == [] and "shown only now" not in patient.text
