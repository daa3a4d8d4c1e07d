"""This is the place where questionnaires are answered on the screen: saved at every answer, in both languages, with help when it is needed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.ports import Ports
from core.questionnaires.instruments import INSTRUMENTS
from core.ui.questionnaire_words import wording
from core.ui.words import languages, words
from tests.ui.visitor import Visitor


def on_checks(ports: Ports, language: str = "en") -> Visitor:
    return Visitor(ports).speak(language).sign_in("patient").go("checks")


def press(visitor: Visitor, key: str) -> Visitor:
    visitor.app.button(key=key).click().run()
    assert visitor.problems == []
    return visitor


def choose(visitor: Visitor, key: str, value: object) -> Visitor:
    visitor.app.radio(key=key).set_value(value).run()
    assert visitor.problems == []
    return visitor


@pytest.mark.parametrize("language", languages())
def test_every_questionnaire_opens_in_every_language(own_ports: Ports, language: str) -> None:
    visitor, t = on_checks(own_ports, language), words(language)
    for form in INSTRUMENTS:
        press(visitor, f"begin_{form.key}")
        assert wording(t)(form.title) in visitor.text
        assert [wording(t)(one.text) for one in form.items if not one.conditions and wording(t)(one.text) not in visitor.text] == []
        assert visitor.markup.count("<h1") == 1
        press(visitor, "check_back")


def test_a_short_form_from_start_to_result_and_history(own_ports: Ports) -> None:
    t = words("en")
    visitor = press(on_checks(own_ports), "begin_gad-2")
    assert t("check.progress", done=0, of=2) in visitor.text
    press(visitor, "check_finish")
    assert t("check.fix", n=2) in visitor.text
    choose(visitor, "ask_gad-2_0", "2")
    assert t("check.progress", done=1, of=2) in visitor.text
    choose(visitor, "ask_gad-2_1", "3")
    press(visitor, "check_finish")
    assert t("check.done") in visitor.text
    assert t("check.points", n=5) in visitor.text
    assert t("check.unchecked") in visitor.text  # the cut-off is from memory
    press(visitor, "check_back")
    press(visitor, "begin_gad-2")
    for at in (0, 1):
        choose(visitor, f"ask_gad-2_{at}", "0")
    press(visitor, "check_finish")
    assert t("check.trend") in visitor.text


def test_a_draft_is_offered_first_to_the_next_visitor_session(own_ports: Ports) -> None:
    choose(press(on_checks(own_ports), "begin_phq-9"), "ask_phq-9_0", "1")
    again = on_checks(own_ports)
    assert words("en")("check.begun") in again.text
    press(again, "begin_phq-9")
    assert again.app.radio(key="ask_phq-9_0").value == "1"


@pytest.mark.parametrize("language", languages())
def test_the_ninth_answer_opens_help_at_once_and_the_operators_line_comes_first(own_ports: Ports, language: str) -> None:
    ports = replace(own_ports, crisis_line="555-0100")
    t = words(language)
    visitor = press(on_checks(ports, language), "begin_phq-9")
    assert t("crisis.title") not in visitor.text
    choose(visitor, "ask_phq-9_8", "1")
    assert t("crisis.now") in visitor.text
    assert 'href="tel:5550100"' in visitor.markup
    assert visitor.markup.index("5550100") < visitor.markup.index('href="tel:988"')
    assert t("check.progress", done=1, of=10) in visitor.text
    visitor.go("today")
    assert t("action.self_harm_own") in visitor.text


def test_a_low_total_never_stands_as_comfort_beside_thoughts_of_self_harm(own_ports: Ports) -> None:
    t, visitor = words("en"), press(on_checks(own_ports), "begin_phq-9")
    for at in range(9):
        choose(visitor, f"ask_phq-9_{at}", "1" if at == 8 else "0")
    press(visitor, "check_finish")
    assert t("check.points", n=1) in visitor.text
    assert t("crisis.now") in visitor.text
    assert t("check.means.crisis") in visitor.text
    assert t("check.means.mind.fine") not in visitor.text
    assert t("state.fine") not in visitor.text


def test_what_is_typed_wrongly_is_said_at_the_question(own_ports: Ports) -> None:
    t = words("en")
    visitor = press(on_checks(own_ports), "begin_cdrs")
    visitor.app.number_input(key="ask_cdrs_0").set_value(300).run()
    press(visitor, "check_finish")
    assert t("check.wrong.between", low=0, high=120, unit="years")[:40] in visitor.text
    assert visitor.app.number_input(key="ask_cdrs_0").value == 300


def test_a_score_that_was_not_made_for_this_age_is_declined_with_its_reason(own_ports: Ports) -> None:
    visitor = press(on_checks(own_ports), "begin_cdrs")
    for at, number in ((0, 80), (2, 170.0), (3, 70.0), (4, 88.0), (5, 131)):
        visitor.app.number_input(key=f"ask_cdrs_{at}").set_value(number).run()
    choose(visitor, "ask_cdrs_1", "male")
    choose(visitor, "ask_cdrs_6", False)
    press(visitor, "check_finish")
    t = words("en")
    assert t("check.no_score") in visitor.text
    assert t("check.no_score.range", question=t("q.age"), low="20", high="74") in visitor.text


def test_a_weight_in_pounds_is_kept_in_kilograms(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("patient").go("settings")
    visitor.app.segmented_control(key="set_weight").set_value("[lb_av]").run()
    press(visitor.go("checks"), "begin_findrisc")
    visitor.app.number_input(key="ask_findrisc_3").set_value(154.3).run()
    assert visitor.problems == []
    filling = visitor.app.session_state["hb.check"].filling
    assert filling.answers["weight"] == pytest.approx(69.99, abs=0.01)


def test_those_who_only_read_see_results_and_no_button_to_answer(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("caregiver").go("checks")
    assert visitor.problems == []
    assert words("en")("checks.read_only") in visitor.text
    assert not [one for one in visitor.app.button if str(one.key).startswith("begin_")]


def test_a_form_is_gone_when_another_person_signs_in(own_ports: Ports) -> None:
    visitor = press(on_checks(own_ports), "begin_phq-2")
    assert "hb.check" in visitor.remembered
    visitor.app.button(key="leave_wide").click().run()
    assert "hb.check" not in visitor.remembered
