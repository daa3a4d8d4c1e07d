"""The Advice page as people use it: cards with why, what is missing, putting aside and taking back; the red banner where the table is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.care import manual, sessions
from core.care.access import COMMAND_LINE
from core.ports import Ports
from core.rules import ShippedTables
from core.ui.words import languages, words
from tests.ui.visitor import Visitor

EN = words("en")


def buttons(visitor: Visitor, start: str) -> list[str]:
    return [str(one.key) for one in visitor.app.button if str(one.key).startswith(start)]


@pytest.mark.parametrize("language", languages())
def test_a_patient_sees_cards_why_and_what_is_missing(own_ports: Ports, language: str) -> None:
    t = words(language)
    visitor = Visitor(own_ports).speak(language).sign_in("patient").go("advice")
    assert visitor.problems == []
    text = visitor.text
    for key in ("advice.question", "advice.why", "advice.because", "advice.missing", "advice.missing_lead", "advice.who.all", "advice.no_by_silence"):
        assert t(key) in text, key
    for rule in ("ipv", "hiv", "anxiety", "diabetes_screen", "vaccine_flu"):
        assert t("advice.title." + rule) not in text
    assert "advice." not in text


def test_what_is_put_aside_moves_down_and_comes_back(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("patient").go("advice")
    done = buttons(visitor, "advice_done_")
    assert done
    visitor.app.button(key=done[0]).click().run()
    assert visitor.problems == []
    rule = done[0].removeprefix("advice_done_")
    assert done[0] not in buttons(visitor, "advice_done_")
    assert EN("advice.aside") in visitor.text
    visitor.app.button(key=f"advice_back_{rule}").click().run()
    assert done[0] in buttons(visitor, "advice_done_")


def test_a_caregiver_may_read_and_not_answer(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("caregiver").go("advice")
    assert visitor.problems == []
    assert EN("advice.why") in visitor.text
    assert buttons(visitor, "advice_done_") == buttons(visitor, "advice_not_") == []


@pytest.mark.parametrize("damage", ["missing", "corrupt"])
def test_without_its_table_the_page_is_a_red_banner(own_ports: Ports, tmp_path: Path, damage: str) -> None:
    if damage == "corrupt":
        (tmp_path / "advice.json").write_bytes(b"{}")
    visitor = Visitor(replace(own_ports, tables=ShippedTables(tmp_path))).sign_in("patient").go("advice")
    assert visitor.problems == []
    assert EN("advice.unavailable") in visitor.text
    assert 'class="box s-now" role="alert"' in visitor.markup
    assert EN("advice.none") not in visitor.text
    assert buttons(visitor, "advice_done_") == []


def test_today_says_what_is_urgent_and_leads_there(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("patient")
    title = EN("advice.urgent_today", title=EN("advice.title.bp_very_high"))
    assert title not in visitor.text
    account = next(one for one in sessions.demo_accounts(own_ports) if one.role == "patient")
    person_id = own_ports.store.account(account.account_id).persons[0]
    now = own_ports.clock.now()
    entry = manual.Entry("blood_pressure", {"sbp": 201.0, "dbp": 118.0}, now - timedelta(hours=2), {})
    manual.keep(own_ports, COMMAND_LINE, person_id, entry, confirmed=True)
    again = Visitor(own_ports).sign_in("patient")
    assert again.problems == []
    assert title in again.text
    again.go("advice")
    urgent = again.text.index(EN("advice.title.bp_very_high"))
    assert urgent < again.text.index(EN("advice.why"))
    assert "advice_done_bp_very_high" not in buttons(again, "advice_done_")
