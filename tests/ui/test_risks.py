"""This is the place where My risks is used as people use it: a region chosen, something typed in and taken back, values tried out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.domain.audit import AuditEvent
from core.ports import Ports
from core.ui.words import languages, words
from tests.ui.test_pages import open_somebody
from tests.ui.visitor import Visitor

EN = words("en")


def choose(visitor: Visitor, region: str) -> Visitor:
    visitor.app.selectbox(key="risk_region").set_value(region).run()
    return visitor


def buttons(visitor: Visitor, start: str) -> list[str]:
    return [str(one.key) for one in visitor.app.button if str(one.key).startswith(start)]


@pytest.mark.parametrize("language", languages())
def test_the_first_question_is_where_one_lives(own_ports: Ports, language: str) -> None:
    t = words(language)
    visitor = Visitor(own_ports).speak(language).sign_in("patient").go("risks")
    assert visitor.problems == []
    text = visitor.text
    if t("risks.region_ask") in text:
        assert text.index(t("risks.region_ask")) < text.index(t("risk.family.cvd"))
    choose(visitor, "europe_moderate")
    assert visitor.problems == []
    assert t("risks.region_now", region=t("risk.region.europe_moderate")) in visitor.text
    assert "SCORE2" in visitor.text
    choose(visitor, "china")
    assert t("risk.equation.china_par") in visitor.text


def kept(ports: Ports) -> dict[str, int]:
    """The revision of every record."""
    people = ports.store.people(None, AuditEvent(ports.clock.now(), "test", "system", "view_record"))
    return {one.person_id: ports.store.revision(one.person_id) for one in people}


def lacking(visitor: Visitor) -> str:
    """A button that asks for something; the liver's tests are on nobody's record."""
    return next(key for key in buttons(visitor, "risk_type_liver_") if "platelets" in key)


def test_only_what_can_be_is_kept_marked_as_typed_and_taken_back(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("patient").go("risks")
    key = lacking(visitor)
    visitor.app.button(key=key).click().run()
    assert EN("risks.type_apart") in visitor.text
    visitor.app.button(key="risk_keep").click().run()
    assert EN("risks.type_empty") in visitor.text
    visitor.app.number_input(key="risk_typed_value").set_value(99_999_999.0).run()
    visitor.app.button(key="risk_keep").click().run()
    assert EN("error.number_impossible.next") in visitor.text
    assert "10*9" not in visitor.text
    visitor.app.number_input(key="risk_typed_value").set_value(210.0).run()
    assert "risk_back_platelets" not in buttons(visitor, "risk_back_")
    visitor.app.button(key="risk_keep").click().run()
    visitor.go("risks")
    assert visitor.problems == []
    assert "risk_back_platelets" in buttons(visitor, "risk_back_")
    assert key not in buttons(visitor, "risk_type_liver_")
    visitor.app.button(key="risk_back_platelets").click().run()
    visitor.go("risks")
    assert "risk_back_platelets" not in buttons(visitor, "risk_back_")
    assert key in buttons(visitor, "risk_type_liver_")


def test_trying_values_out_changes_the_answer_and_never_the_record(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("patient").go("risks")
    choose(visitor, "us")
    visitor.app.session_state["risk_more_cvd"] = True
    visitor.app.session_state["risk_look_cvd"] = "try"
    visitor.app.run()
    assert visitor.problems == []
    slider = next(one for one in visitor.app.slider if "_sbp_" in str(one.key))
    before = kept(own_ports)
    slider.set_value(101.0).run()
    assert visitor.problems == []
    assert "instead of" in visitor.text
    reset = next(one for one in visitor.app.button if str(one.key).startswith("risk_reset_"))
    reset.click().run()
    assert "instead of" not in visitor.text
    assert kept(own_ports) == before


def test_who_looks_after_somebody_reads_and_types_nothing(ports: Ports) -> None:
    visitor = Visitor(ports).sign_in("caregiver").go("risks")
    assert visitor.problems == []
    assert buttons(visitor, "risk_type_") == []
    assert [one.key for one in visitor.app.selectbox] == []


def test_a_coordinator_sees_what_is_for_clinicians_and_a_patient_does_not(ports: Ports) -> None:
    patient = Visitor(ports).sign_in("patient").go("risks")
    coordinator = open_somebody(Visitor(ports).sign_in("coordinator")).go("risks")
    assert coordinator.problems == []
    assert EN("risk.family.early_warning") in coordinator.text
    assert EN("risk.family.early_warning") not in patient.text
    assert buttons(coordinator, "risk_type_") == []


def test_scores_that_are_not_computed_are_linked_to_with_the_reason(ports: Ports) -> None:
    visitor = Visitor(ports).sign_in("patient").go("risks")
    assert EN("risk.elsewhere.closed_algorithm") in visitor.text
    assert 'href="https://qrisk.org"' in visitor.markup
    assert 'rel="noopener noreferrer"' in visitor.markup


@pytest.mark.parametrize("language", languages())
def test_the_card_of_the_trained_model_says_first_where_it_fails(ports: Ports, language: str) -> None:
    t = words(language)
    visitor = Visitor(ports).speak(language).sign_in("patient").go("model_card")
    assert visitor.problems == []
    text = visitor.text
    assert text.index(t("model_card.failures")) < text.index(t("model_card.results"))
    assert sum(f" {n}. " in text for n in range(1, 32)) == 31
    assert t("model_card.not_available") in text


def test_a_trained_model_that_cannot_be_asked_says_nothing_about_anybody(own_ports: Ports) -> None:
    visitor = Visitor(replace(own_ports, diabetes_model=None)).sign_in("patient")
    assert EN("model_card.unavailable") in visitor.go("model_card").text
    text = visitor.go("risks").text
    assert EN("model_card.experimental") not in text
