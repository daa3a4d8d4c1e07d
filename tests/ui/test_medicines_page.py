"""The Medicines page and what hangs on it: added by hand with a preview, counted, asked for as a receipt, compared, answered by the team."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from html import escape

import pytest

from core.care import medicine_cards, requests
from core.care.access import COMMAND_LINE
from core.care.dose_views import AdherenceLine, DayCell, MedicineCard, StockView
from core.medications.findings import ASK_TOGETHER, Checked, Finding, NotChecked, Severity, Source, TableState
from core.ports import Ports
from core.ui import adherence_parts, medicine_card, medicine_safety
from core.ui.dose_parts import mark
from core.ui.words import languages, words
from tests.ui.visitor import Visitor

T = words("en")
HOUSE, MEMORY = Source("House rule", "2026-11", "house"), Source("From memory", "2026-11", "memory")
FACTS = {"a": "A", "b": "B", "in_a": "A", "in_b": "B"}
SERIOUS = Finding("interaction", "pair-1", Severity.SERIOUS, ("m1", "m2"), "check.what.pair.rhythm", "check.why.pair.rhythm", HOUSE, FACTS)
LINE = AdherenceLine("m1", "Metformin", 0, 0, 0, 0, 0, (), None, None, None, "")


def person_of(ports: Ports) -> str:
    account = ports.store.account_by_username("demo-margaret")
    assert account
    return account[0].persons[0]


def cards(ports: Ports) -> dict[str, MedicineCard]:
    return {one.title: one for one in medicine_cards.view(ports, COMMAND_LINE, person_of(ports)).current}


def keys(page: Visitor) -> set[str]:
    return {str(one.key) for one in page.app.button}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("place", ["medicines", "adherence", "reconcile"])
def test_each_page_is_drawn_in_every_language_for_all_who_read(ports: Ports, language: str, place: str) -> None:
    for role in ("patient", "caregiver"):
        page = Visitor(ports).speak(language).sign_in(role).go(place)
        assert page.problems == []
        assert words(language)("nav." + place) in page.text


def test_a_medicine_is_added_after_its_next_doses_were_shown(own_ports: Ports) -> None:
    page = Visitor(own_ports).sign_in("patient").go("medicines")
    page.app.button(key="add_medicine").click().run()
    page.app.text_input(key="med_form_title").set_value("Magnesium 400 mg").run()
    page.app.number_input(key="med_form_amount").set_value(1).run()
    page.app.time_input(key="med_form_at_1_0").set_value(time(21, 15)).run()
    assert page.problems == []
    assert page.text.count("21:15") >= 10
    assert "Magnesium 400 mg" not in cards(own_ports)
    page.app.button(key="form_keep").click().run()
    assert page.problems == []
    assert cards(own_ports)["Magnesium 400 mg"].next_at is not None


def test_a_change_begins_with_what_holds_and_may_differ_from_time_to_time(own_ports: Ports) -> None:
    page = Visitor(own_ports).sign_in("patient").go("medicines")
    page.app.button(key="add_medicine").click().run()
    page.app.text_input(key="med_form_title").set_value("Magnesium 400 mg").run()
    page.app.selectbox(key="med_form_times").set_value(2).run()
    page.app.time_input(key="med_form_at_2_1").set_value(time(21, 15)).run()
    page.app.toggle(key="med_form_apart").set_value(True).run()
    assert T("form.wanting.each") in page.text
    page.app.number_input(key="med_form_many_0").set_value(2).run()
    page.app.number_input(key="med_form_many_1").set_value(1).run()
    page.app.button(key="form_keep").click().run()
    assert page.problems == []
    added = cards(own_ports)["Magnesium 400 mg"]
    page.app.button(key=f"change_{mark(added.medicine_id)}").click().run()
    assert page.problems == []
    assert [page.app.time_input(key=f"med_form_at_2_{n}").value for n in (0, 1)] == [time(8), time(21, 15)]
    assert [page.app.number_input(key=f"med_form_many_{n}").value for n in (0, 1)] == [2, 1]
    page.app.button(key="form_keep").click().run()
    assert cards(own_ports)["Magnesium 400 mg"].own == added.own


def test_without_a_name_nothing_is_added(own_ports: Ports) -> None:
    page = Visitor(own_ports).sign_in("patient").go("medicines")
    page.app.button(key="add_medicine").click().run()
    assert page.app.button(key="form_keep").disabled
    assert T("form.name_first") in page.text


def test_an_answer_settles_the_question_and_plans_doses(own_ports: Ports) -> None:
    open_one = next(one for one in cards(own_ports).values() if one.asks)
    page = Visitor(own_ports).sign_in("patient").go("today")
    assert T("form.about", title=open_one.title) in page.text
    page.app.button(key=f"answer_{mark(open_one.medicine_id)}").click().run()
    page.app.button(key="form_keep").click().run()
    assert page.problems == []
    settled = cards(own_ports)[open_one.title]
    assert settled.asks == ()
    assert settled.next_at is not None
    assert T("form.about", title=open_one.title) not in page.text


def test_what_is_left_is_counted_anew(own_ports: Ports) -> None:
    one = cards(own_ports)["losartan 50 MG tablet"]
    page = Visitor(own_ports).sign_in("patient").go("medicines")
    page.app.button(key=f"settings_{mark(one.medicine_id)}").click().run()
    page.app.number_input(key="med_set_count").set_value(7).run()
    page.app.button(key="med_set_stock").click().run()
    assert page.problems == []
    stock = cards(own_ports)[one.title].stock
    assert stock is not None
    assert stock.left == 7


def test_looking_asks_for_nothing_and_asking_leaves_a_receipt_that_the_team_answers(own_ports: Ports) -> None:
    one = cards(own_ports)["losartan 50 MG tablet"]
    page = Visitor(own_ports).sign_in("patient").go("medicines")
    assert T("refill.only_viewed") in page.text
    assert requests.listed(own_ports, COMMAND_LINE, person_of(own_ports)) == ()
    page.app.button(key=f"refill_{mark(one.medicine_id)}").click().run()
    assert page.problems == []
    assert T("refill.not_seen") in page.text
    (asked,) = requests.listed(own_ports, COMMAND_LINE, person_of(own_ports))
    assert (asked.kind, asked.state) == ("refill", "requested")

    desk = Visitor(own_ports).sign_in("coordinator").go("people")
    desk.app.button(key=f"request_{asked.request_id}").click().run()
    assert desk.problems == []
    desk.app.button(key="request_refuse").click().run()
    assert requests.listed(own_ports, COMMAND_LINE, person_of(own_ports))[0].state == "requested"
    desk.app.text_area(key="request_text").set_value("Ready on Friday").run()
    desk.app.button(key="request_accept").click().run()
    assert desk.problems == []
    (answered,) = requests.listed(own_ports, COMMAND_LINE, person_of(own_ports))
    assert (answered.state, answered.answer) == ("accepted", "Ready on Friday")
    assert "Ready on Friday" in page.go("medicines").text


def test_a_caregiver_and_a_coordinator_change_nothing(ports: Ports) -> None:
    for place in ("medicines", "reconcile"):
        page = Visitor(ports).sign_in("caregiver").go(place)
        changing = ("add_medicine", "change_", "settings_", "refill_", "answer_", "ask_team_", "danger_")
        assert [key for key in keys(page) if key.startswith(changing)] == []


def test_what_the_person_says_they_take_is_kept_and_ends_the_doses(own_ports: Ports) -> None:
    one = cards(own_ports)["losartan 50 MG tablet"]
    page = Visitor(own_ports).sign_in("patient").go("reconcile")
    page.app.segmented_control(key=f"taking_{mark(one.medicine_id)}").set_value("no").run()
    assert page.problems == []
    after = cards(own_ports)[one.title]
    assert (after.now, after.next_at) == ("not_taking", None)
    assert T("reconcile.kind.not_taking") in page.text


# ------------------------------------------------------------------------------------------------------------------ drawn from views made by hand


def checked(state: str, *found: Finding, left: tuple[NotChecked, ...] = ()) -> Checked:
    fault = "corrupt" if state == "unavailable" else ""
    return Checked(found, left, (TableState("interactions", "1", "abc", 10, fault),), state)


@pytest.mark.parametrize("language", languages())
def test_checks_that_can_t_be_made_are_a_red_alarm_and_never_an_all_clear(language: str) -> None:
    t = words(language)
    drawn = medicine_safety.section(t, checked("unavailable"), clinician=False)
    assert 'class="box s-now" role="alert"' in drawn
    assert "interactions" in drawn
    assert t("safety.nothing") not in drawn


def test_nothing_found_is_said_apart_from_not_everything_checked() -> None:
    assert T("safety.nothing") in medicine_safety.section(T, checked("checked"), clinician=False).replace("&#x27;", "'")
    partly = medicine_safety.section(T, checked("partly", left=(NotChecked("interaction", "X", "unknown_medicine"),)), clinician=False)
    assert T("safety.nothing_partly") in partly
    assert "s-fine" not in partly


def test_a_patient_is_told_whom_to_ask_and_a_clinician_the_rule_with_its_source() -> None:
    patient, clinician = (medicine_safety.section(T, checked("checked", SERIOUS), clinician=who) for who in (False, True))
    assert "pair-1" not in patient
    assert "House rule" not in patient
    assert "pair-1" in clinician
    assert "House rule" in clinician
    assert T("safety.status.house") in clinician


def test_what_was_never_checked_itself_is_not_told_to_a_patient() -> None:
    hidden = replace(SERIOUS, for_patients=False, source=MEMORY)
    assert medicine_safety.told((hidden,), clinician=False) == ()
    assert medicine_safety.told((hidden,), clinician=True) == (hidden,)
    asks = replace(hidden, what=ASK_TOGETHER)
    assert medicine_safety.told((asks,), clinician=False) == (asks,)


def test_what_is_left_is_not_guessed_and_what_was_assumed_is_said() -> None:
    counted = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    unknown = StockView(None, "tablet", counted, None, None, "unknown")
    assert escape(T("stock.unknown")) == medicine_card.stock(T, unknown)
    soon = StockView(5, "tablet", counted, date(2026, 11, 30), date(2026, 11, 23), "soon", assumed=2)
    assert "5 tablets" in medicine_card.stock(T, soon)
    assert T("stock.assumed", n=2) in medicine_card.stock(T, soon)
    assert T("stock.ask_now") in medicine_card.stock(T, soon)


def test_a_day_with_nothing_logged_is_no_nought_and_every_day_is_in_words() -> None:
    days = (DayCell(date(2026, 11, 25), 3, 0, 0, "nothing_logged"), DayCell(date(2026, 11, 26), 3, 2, 1, "some"), DayCell(date(2026, 11, 27), 0, 0, 0, "none_due"))
    drawn = adherence_parts.calendar(T, days)
    assert "0/3" not in drawn
    assert all(adherence_parts.in_words(T, one) in drawn for one in days)
    assert T("adherence.day.nothing_logged") in adherence_parts.as_table(T, days)


def test_nothing_logged_is_never_a_share() -> None:
    drawn = adherence_parts.line(T, replace(LINE, due=12, unlogged=12))
    assert T("adherence.nothing_logged") in drawn
    assert "%" not in drawn


def test_days_covered_are_said_with_what_they_are_held_against() -> None:
    covered = replace(LINE, due=4, taken=3, skipped=1, reasons=(("side_effects", 1),), pdc=0.75, pdc_days=(75, 100), pdc_threshold=0.8)
    drawn = adherence_parts.line(T, covered)
    assert "75" in drawn
    assert T("pdc.below", threshold="80") in drawn
    assert T("skip.side_effects") in drawn
    assert T("pdc.reached", threshold="80") in adherence_parts.line(T, replace(covered, pdc=0.8))
