"""The Advice page as people use it: cards with why, what is missing, putting aside and taking back; the red banner where the table is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from core.advice import feedback
from core.advice.terms import REASONS, Advice, Outcome, Severity
from core.care import cds, manual, sessions
from core.care.access import COMMAND_LINE, Action, require
from core.care.advice_views import AdviceView
from core.medications.findings import TableState
from core.ports import Ports
from core.rules import ShippedTables
from core.ui import advice_card, advice_feedback, advice_rule, advice_words
from core.ui.words import languages, words
from tests.advice.given import AT, table
from tests.advice.given import facts as given_facts
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


RULES = table()
FULL = given_facts(
    "age=50 sex=0 sbp_now=200@0 dbp_now=130@0 sbp_home=150@2 dbp_home=95@2 potassium=6.7@1 glucose_now=40@0 hba1c=9@5 tir=40@1 tbr70=9@1 tbr54=3@1 self_harm=2@1 "
    "medicine_serious=2@0 bmi=31@5 smoker=1 physically_active=0 hypertension=1 diabetes=1 pregnant=0 region_china=0 breast_cancer=0 colorectal_cancer=0 ibd=0 statin=0"
)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("rule", [row.id for row in RULES.rows])
def test_every_card_answers_why_how_sure_why_not_another_and_who_else_sees_it(rule: str, language: str) -> None:
    t = words(language)
    row = RULES.by_id[rule]
    found = Outcome(rule, "card", Severity(row.severity), facts=tuple(FULL[one.fact] for any_of in row.when for one in any_of[:1] if one.fact in FULL), sure="recorded")
    state = TableState("advice", RULES.version)
    view = AdviceView(1, AT, "p", Advice(AT, cards=(found,)), dict(RULES.by_id), state, clinician=True, may_answer=True)
    shown = advice_words.because(t, view, found)
    for key in ("advice.rule_of", "advice.sure_of", "advice.sure.recorded", "advice.source", "advice.status_of", "advice.other_of", "advice.who_of"):
        assert t(key) in shown, key
    assert row.source in unescape(shown)
    assert t("advice.title." + rule) and t("advice.now." + rule)
    said = advice_rule.said(t, row, found.facts)
    assert said and "advice." not in shown + said
    if language == "zh_Hans":
        assert advice_rule.source_name(t, row) != row.source
        assert any("\u4e00" <= letter <= "\u9fff" for letter in advice_rule.source_name(t, row))
    else:
        assert advice_rule.source_name(t, row) == row.source


def test_each_card_that_is_not_urgent_can_be_answered_in_three_ways(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("patient").go("advice")
    rules = {key.removeprefix("advice_done_") for key in buttons(visitor, "advice_done_")}
    assert rules
    for rule in rules:
        assert {f"advice_not_{why}_{rule}" for why in REASONS} <= set(buttons(visitor, "advice_not_"))
        assert {f"advice_later_{days}_{rule}" for days in advice_card.LATER} <= set(buttons(visitor, "advice_later_"))


def test_the_team_sees_what_clinicians_of_other_systems_said_and_nobody_else(own_ports: Ports) -> None:
    account = next(one for one in sessions.demo_accounts(own_ports) if one.role == "patient")
    person_id = own_ports.store.account(account.account_id).persons[0]
    at = own_ports.clock.now()
    said = feedback.Heard("overridden", at, at, "monitored", comment="weekly <b>blood</b> tests")
    cards = (feedback.ShownCard("c1", "order-select", "h25", 4, at, "Clinic system", said), feedback.ShownCard("c2", "patient-view", "hcv", 1, at, "Clinic system"))
    event = require(own_ports, COMMAND_LINE, Action.VIEW_RECORD, person_id).event("cds")
    own_ports.store.put_in_drawer(person_id, feedback.DRAWER, feedback.written(cards), event)
    view = cds.view(own_ports, COMMAND_LINE, person_id)
    for language in languages():
        t = words(language)
        shown = advice_feedback.told(t, view)
        for text in (t("cds.reason.monitored"), t("cds.outcome.overridden"), t("advice.title.hcv"), "Clinic system", "weekly &lt;b&gt;blood"):
            assert text in shown
        assert "cds." not in shown
    mine = Visitor(own_ports).sign_in("patient").go("advice")
    assert mine.problems == []
    assert EN("cds.outcome.overridden") not in mine.text


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
