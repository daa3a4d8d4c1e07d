"""The messages page as its readers see it: what waits, what is new, what is sent, and the numbers to call where words speak of danger."""

from __future__ import annotations

import pytest

from core.care import thread_desk
from core.care.access import COMMAND_LINE
from core.care.thread_views import InboxQuery
from core.ports import Ports
from core.ui.words import words
from tests.ui.visitor import Visitor

EN = words("en")


def rows(visitor: Visitor) -> list[str]:
    return [str(button.key) for button in visitor.app.button if str(button.key).startswith("thread_t")]


def field(visitor: Visitor, kind: str, start: str):  # type: ignore[no-untyped-def]
    return next(one for one in getattr(visitor.app, kind) if str(one.key).startswith(start))


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_the_bar_says_truly_how_many_messages_are_new(own_ports: Ports, language: str) -> None:
    t, visitor = words(language), Visitor(own_ports).speak(language).sign_in("patient").go("messages")
    assert visitor.problems == []
    assert t("nav.messages_n", n=2) in visitor.markup
    visitor.app.button(key=rows(visitor)[0]).click().run()
    assert visitor.problems == []
    assert t("nav.messages_n", n=1) in visitor.markup
    assert t("thread.new") in visitor.text
    visitor.app.button(key="messages_back").click().run()
    visitor.app.button(key=rows(visitor)[1]).click().run()
    assert t("nav.messages_n", n=1) not in visitor.markup and t("nav.messages") in visitor.markup


def test_a_message_is_written_sent_once_and_seen_by_the_team(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("patient").go("messages")
    visitor.app.button(key="thread_new").click().run()
    assert EN("compose.emergency") in visitor.text
    field(visitor, "text_area", "message_text_").set_value("May I travel next week?").run()
    visitor.app.button(key="message_send").click().run()
    assert EN("error.subject_needed") in visitor.text
    assert field(visitor, "text_area", "message_text_").value == "May I travel next week?"  # nothing that was typed is lost
    field(visitor, "text_input", "message_subject_").set_value("Travel").run()
    visitor.app.button(key="message_send").click().run()
    assert visitor.problems == []
    assert "May I travel next week?" in visitor.text and EN("receipt.sent") in visitor.text
    assert field(visitor, "text_area", "message_text_").value == ""
    team = Visitor(own_ports).sign_in("coordinator").go("messages")
    assert "Travel" in team.text and EN("nav.messages_n", n=3) in team.markup
    found = thread_desk.inbox(own_ports, COMMAND_LINE, InboxQuery("waiting"))
    assert [one.thread.subject for one in found.lines].count("Travel") == 1


def test_what_was_typed_is_there_again_after_another_page(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("patient").go("messages")
    visitor.app.button(key="thread_new").click().run()
    field(visitor, "text_input", "message_subject_").set_value("Travel").run()
    field(visitor, "text_area", "message_text_").set_value("May I").run()
    visitor.go("today").go("messages")
    assert field(visitor, "text_input", "message_subject_").value == "Travel"
    assert field(visitor, "text_area", "message_text_").value == "May I"


def test_danger_shows_the_numbers_while_it_is_written_and_after_it_was_sent(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("patient").go("messages")
    visitor.app.button(key="thread_new").click().run()
    field(visitor, "text_input", "message_subject_").set_value("Help").run()
    field(visitor, "text_area", "message_text_").set_value("I have crushing chest pain").run()
    assert EN("help.found") in visitor.text and EN("help.found_unsent") in visitor.text
    visitor.app.button(key="message_send").click().run()
    assert visitor.problems == []
    assert EN("help.found") in visitor.text and EN("thread.alarmed") in visitor.text
    team = Visitor(own_ports).sign_in("coordinator").go("messages")
    team.app.button(key=rows(team)[0]).click().run()
    assert team.problems == []
    assert "I have crushing chest pain" in team.text
    assert EN("thread.urgent_signs", signs=EN("flag.chest_pain")) in team.text
    team.app.button(key="thread_handled").click().run()
    assert EN("thread.urgent_signs", signs=EN("flag.chest_pain")) not in team.text


def test_the_team_reads_that_chinese_is_not_translated_and_answers(own_ports: Ports) -> None:
    team = Visitor(own_ports).sign_in("coordinator").go("messages")
    found = thread_desk.inbox(own_ports, COMMAND_LINE, InboxQuery()).lines
    chinese = next(one for one in found if one.thread.subject == "换药以后")
    team.app.button(key=f"thread_{chinese.thread_id}").click().run()
    assert EN("thread.foreign.zh_Hans") in team.text
    assert EN("compose.no_channel") in team.text
    field(team, "toggle", "message_interpreter_").set_value(True).run()
    assert EN("thread.interpreter") in team.text
    field(team, "selectbox", "message_template_").set_value("please_call").run()
    team.app.button(key="message_template_use").click().run()
    assert team.problems == []
    assert "王建国" in field(team, "text_area", "message_text_").value
    team.app.button(key="message_send").click().run()
    assert team.problems == []
    assert EN("thread.state.waiting_person_team") in team.text


def test_what_a_person_wrote_is_no_markup_to_the_team(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("patient").go("messages")
    visitor.app.button(key="thread_new").click().run()
    field(visitor, "text_input", "message_subject_").set_value("[Log in](https://evil.example) <b>now</b>").run()
    field(visitor, "text_area", "message_text_").set_value("<script>alert(1)</script> **not bold**").run()
    visitor.app.button(key="message_send").click().run()
    team = Visitor(own_ports).sign_in("coordinator").go("messages")
    tips = [str(button.help) for button in team.app.button if str(button.key).startswith("thread_t")]
    assert any("evil" in tip for tip in tips) and not any("](" in tip or "<b>" in tip for tip in tips)
    team.app.button(key=next(str(button.key) for button in team.app.button if "evil" in str(button.help))).click().run()
    assert "<script>" not in team.markup and "&lt;script&gt;" in team.markup


def test_a_caregiver_reads_the_threads_of_who_they_look_after(ports: Ports) -> None:
    carer = Visitor(ports).sign_in("caregiver").go("messages")
    assert carer.problems == []
    assert "Margaret Ellis" in carer.text and len(rows(carer)) == 2


def test_hours_are_set_by_an_administrator_and_promised_from_then_on(own_ports: Ports) -> None:
    admin = Visitor(own_ports).sign_in("administrator").go("office")
    assert admin.problems == []
    admin.app.number_input(key="office_promise").set_value(0)
    next(one for one in admin.app.button if "office" in str(one.form_id)).click().run()
    assert admin.problems == []
    patient = Visitor(own_ports).sign_in("patient").go("messages")
    patient.app.button(key="thread_new").click().run()
    assert EN("thread.no_promise") in patient.text
