"""The page of alerts as its readers see it: what is open and who has it, who could not be reached, acts with a reason, a person's own in plain words, who is on call."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.care import alerting, alerts, contacts, posting, sessions
from core.care.access import COMMAND_LINE
from core.care.alert_views import AlertView, Shown
from core.care.on_call import load
from core.care.views import Fact
from core.ports import Ports
from core.trends.published import FROM_MEMORY, VERIFIED
from core.ui import alert_list, alert_words
from core.ui.session import Visit
from core.ui.words import words
from tests.ui.visitor import Visitor

EN = words("en")
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def worked(ports: Ports) -> None:
    """One round of the worker."""
    alerting.run_once(ports, COMMAND_LINE, "test")
    posting.run_once(ports, COMMAND_LINE, "test", words)
    alerting.run_once(ports, COMMAND_LINE, "test")


def team(ports: Ports) -> tuple[AlertView, ...]:
    return alerts.panel(ports, COMMAND_LINE).alerts


def openers(visitor: Visitor) -> list[str]:
    return [str(button.key) for button in visitor.app.button if str(button.key).startswith("alert_open_")]


def test_an_alert_goes_from_raised_to_ended_and_the_bar_counts_truly(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("coordinator").go("alerts")
    assert "never looked at" in visitor.text and EN("alerts.never_ran") in visitor.text  # which is not "no alerts"
    worked(own_ports)
    visitor.go("alerts")
    assert visitor.problems == []
    number = len(team(own_ports))
    assert number >= 2
    assert EN("nav.alerts_n", n=number) in visitor.markup and EN("alerts.count_nobody", n=number) in visitor.text
    first = openers(visitor)[0]
    visitor.app.button(key=first).click().run()
    visitor.app.text_input(key="alert_act_words").set_value("Rang twice").run()
    visitor.app.button(key="alert_act_do").click().run()
    assert visitor.problems == []
    assert "Jordan Reyes" in visitor.text and "will call the person: Rang twice" in visitor.text
    visitor.app.segmented_control(key="alert_act_what").set_value("resolve").run()
    visitor.app.selectbox(key="alert_act_why_resolve").set_value("treated").run()
    visitor.app.button(key="alert_act_do").click().run()
    assert visitor.problems == []
    assert EN("nav.alerts_n", n=number - 1) in visitor.markup
    assert first not in openers(visitor)


def test_a_person_sees_their_own_says_so_and_the_team_is_still_told(own_ports: Ports) -> None:
    worked(own_ports)
    visitor = Visitor(own_ports).sign_in("patient")
    assert visitor.problems == []
    assert EN("alerts.to_all") in visitor.markup  # Today begins with it
    visitor.go("alerts")
    assert EN("alert.do.dose") in visitor.text and "Robert" not in visitor.text
    visitor.app.button(key=openers(visitor)[0]).click().run()
    assert visitor.problems == []
    assert "alert_act_do" not in [str(one.key) for one in visitor.app.button]
    visitor.app.button(key="alert_see").click().run()
    assert visitor.problems == []
    assert "You said on" in visitor.text
    mine = next(one for one in team(own_ports) if one.seen)
    assert not mine.taken_by and mine.next is not None


def test_the_limits_of_a_person_are_set_within_what_can_be(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("coordinator").go("people")
    visitor.app.button(key=next(str(one.key) for one in visitor.app.button if str(one.key).startswith("see_"))).click().run()
    visitor.go("alerts")
    visitor.app.segmented_control(key="show").set_value("limits").run()
    assert visitor.problems == []
    visitor.app.selectbox(key="limit_signal").set_value("sbp").run()
    visitor.app.number_input(key="limit_upper_sbp").set_value(200.0).run()
    visitor.app.button(key="limit_set").click().run()
    assert EN("error.limit_bounds") in visitor.text and "180 mmHg" in visitor.text
    visitor.app.number_input(key="limit_upper_sbp").set_value(150.0).run()
    visitor.app.button(key="limit_set").click().run()
    assert visitor.problems == []
    assert "Jordan Reyes" in visitor.text and "limit_unset" in [str(one.key) for one in visitor.app.button]


def test_who_is_on_call_is_changed_and_gaps_are_said(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("coordinator").go("alerts")
    visitor.app.segmented_control(key="show").set_value("on_call").run()
    assert visitor.problems == []
    assert EN("oncall.gaps", names="Jordan Reyes") in visitor.text
    assert load(own_ports.store).rotas
    visitor.app.button(
        key=next(str(one.key) for one in visitor.app.button if str(one.key).startswith("danger_shift_"))
    ).click().run()
    assert visitor.problems == []
    assert EN("oncall.nobody_now") in visitor.text and not load(own_ports.store).rotas


@pytest.mark.parametrize("role", ["coordinator", "caregiver"])
def test_settings_say_that_the_app_alone_reaches_nobody(ports: Ports, role: str) -> None:
    visitor = Visitor(ports).sign_in(role).go("settings")
    assert visitor.problems == []
    assert EN("contact.in_app_note") in visitor.text and EN("contact.not_reached") in visitor.text
    account = next(one for one in sessions.demo_accounts(ports) if one.role == role)
    assert contacts.load(ports.store, account.account_id).channels == ()


@pytest.mark.parametrize("view", ["open", "past", "judged"])
def test_every_part_is_whole_for_who_helps(ports: Ports, view: str) -> None:
    visitor = Visitor(ports).speak("zh_Hans").sign_in("caregiver").go("alerts")
    if view != "open":
        visitor.app.segmented_control(key="show").set_value(view).run()
    assert visitor.problems == []
    assert words("zh_Hans")("alerts.question_other") in visitor.text


def alert(severity: int, raised: datetime, taken: str = "") -> AlertView:
    return AlertView(
        "p", "P", f"a{raised:%H}", "f", Fact("alert.rule.weight_week", {"signal": "weight", "value": 90.0, "unit": "kg", "from_value": 87.0}), "high", "weight", "kg", 1, "notified", severity, raised, None, 90.0, taken, None, None,
        None, None, (), (), (), (), (),
    )  # fmt: skip


def test_the_gravest_and_longest_waiting_stand_first() -> None:
    old, new, grave = alert(2, NOW - timedelta(hours=5)), alert(2, NOW), alert(3, NOW, "Jo")
    assert alert_list.ordered([new, old, grave]) == [grave, old, new]


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_who_could_not_be_reached_is_said_in_words_and_in_the_colour_of_act_now(ports: Ports, language: str) -> None:
    t = words(language)
    visit = Visit(ports, t, NOW, sessions_actor(ports, "coordinator"))
    drawn = alert_list.row(visit, replace(alert(2, NOW), unreached=("patient", "caregiver")))
    said = t("alert.not_reached", who=t("list.and").join((t("alert.to.patient"), t("alert.to.caregiver"))))
    assert said in drawn and "s-now" in drawn
    assert said not in alert_list.row(visit, alert(2, NOW))


def test_a_person_is_told_no_limit_that_was_not_checked(ports: Ports) -> None:
    facts = {"signal": "sbp", "unit": "mm[Hg]", "value": 185, "from_value": 180}
    one = Shown("sbp_severe", "threshold", Fact("alert.evidence.threshold", facts), NOW, 3, True, "somewhere", 2025, FROM_MEMORY)
    visit = Visit(ports, EN, NOW, sessions_actor(ports, "patient"))
    assert "180" not in alert_words.evidence(visit, one) and "185" in alert_words.evidence(visit, one)
    sure = Shown("spo2_low", "threshold", one.says, NOW, 3, True, "NEWS2", 2017, VERIFIED)
    assert "180" in alert_words.evidence(visit, sure)


def sessions_actor(ports: Ports, role: str):  # type: ignore[no-untyped-def]
    account = next(one for one in sessions.demo_accounts(ports) if one.role == role)
    return sessions.actor_of(ports, sessions.demo_sign_in(ports, account.account_id).session_id)
