"""A coordinator sees one person at a glance: every part is there, and one that can't be read says so and takes nothing away."""

from __future__ import annotations

import pytest

from core.care import overview
from core.care.access import COMMAND_LINE
from core.domain.audit import AuditEvent
from core.errors import BadInput, NotPermitted
from core.ports import Ports
from core.ui.words import languages, words
from tests.ui.visitor import Visitor

PARTS = ("emergency.allergies", "today.attention", "overview.problems", "overview.risks", "overview.forms", "nav.medicines", "overview.checks", "nav.advice")


def opened(ports: Ports, language: str = "en") -> Visitor:
    visitor = Visitor(ports).speak(language).sign_in("coordinator").go("people")
    next(button for button in visitor.app.button if str(button.key).startswith("see_")).click().run()
    return visitor


@pytest.mark.parametrize("language", languages())
def test_opening_somebody_shows_everything_on_one_page(ports: Ports, language: str) -> None:
    visitor, t = opened(ports, language), words(language)
    assert visitor.problems == []
    assert t("overview.question") in visitor.text
    for part in PARTS:
        assert t(part) in visitor.text, part
    assert t("overview.failed") not in visitor.text
    assert any(button.key == "print_page" for button in visitor.app.button)


def test_a_part_that_cannot_be_read_is_said_and_the_rest_stays(own_ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_: object) -> None:
        raise BadInput("drawer_damaged", place="medicines", need="a drawer that can be read")

    monkeypatch.setattr(overview.medicine_cards, "view", damaged)
    visitor, t = opened(own_ports), words("en")
    assert visitor.problems == []
    assert t("overview.failed") in visitor.text and t("error.drawer_damaged") in visitor.text
    assert t("overview.problems") in visitor.text and t("nav.advice") in visitor.text


def test_a_refusal_is_never_taken_for_a_part_that_failed(own_ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise NotPermitted(action="view_record")

    person = own_ports.store.people(None, AuditEvent(own_ports.clock.now(), "system", "system", "test", "", "system", "", ""))[0]
    assert overview.view(own_ports, COMMAND_LINE, person.person_id).failed == ()
    monkeypatch.setattr(overview.advice, "view", refused)
    with pytest.raises(NotPermitted):
        overview.view(own_ports, COMMAND_LINE, person.person_id)
