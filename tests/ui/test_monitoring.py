"""A coordinator keeps the ledger of remote monitoring on its page; nobody else has it."""

from __future__ import annotations

import pytest

from core.ports import Ports
from core.ui.words import languages, words
from tests.ui.visitor import Visitor


def opened(ports: Ports, language: str = "en") -> Visitor:
    visitor = Visitor(ports).speak(language).sign_in("coordinator").go("people")
    next(button for button in visitor.app.button if str(button.key).startswith("see_")).click().run()
    return visitor.go("monitoring")


@pytest.mark.parametrize("language", languages())
def test_work_is_written_down_counted_and_struck(own_ports: Ports, language: str) -> None:
    t = words(language)
    visitor = opened(own_ports, language)
    assert visitor.problems == [] and t("monitoring.no_entries") in visitor.text
    visitor.app.number_input(key="monitoring_spent").set_value(25)
    visitor.app.checkbox(key="monitoring_live").check()
    visitor.app.text_input(key="monitoring_note").set_value("<b>Inhaler</b>")
    visitor.app.button(key="monitoring_keep").click().run()
    assert visitor.problems == []
    assert "99457 × 1" in visitor.text and "&lt;b&gt;Inhaler" in visitor.markup
    next(button for button in visitor.app.button if str(button.key).startswith("strike_")).click().run()
    assert visitor.problems == []
    assert "99457" not in visitor.text and t("monitoring.why.too_few_minutes") in visitor.text
    assert "Inhaler" in visitor.text, "what was struck can still be read"


@pytest.mark.parametrize("language", languages())
def test_more_says_what_the_ledger_is_while_a_record_is_open(own_ports: Ports, language: str) -> None:
    visitor = opened(own_ports, language).go("more")
    assert visitor.problems == []
    assert words(language)("more.monitoring") in visitor.text and "more.monitoring" not in visitor.text
