"""Help at once: on every page of a record, in both languages, with numbers to tap; and what somebody writes calls it up."""

from __future__ import annotations

import re

import pytest

from core.care import requests, series_choices
from core.care.access import COMMAND_LINE
from core.care.requests import About
from core.emergency.flags import FLAGS
from core.ports import Ports
from core.ui import help_signs
from core.ui.request_list import line
from core.ui.session import Visit
from core.ui.words import languages, words
from tests.ui.visitor import Visitor

FEW = ("today", "checks", "more")


def of(visitor: Visitor) -> Visit:
    found: Visit = visitor.app.session_state["hb.visit"]
    return found


def dialled(visitor: Visitor) -> list[str]:
    return re.findall(r'href="tel:(\+?\d+)"', visitor.markup)


@pytest.mark.parametrize("role", ["patient", "caregiver"])
def test_the_way_to_help_is_on_every_page_and_not_on_its_own(ports: Ports, role: str) -> None:
    visitor, said = Visitor(ports).sign_in(role), words("en")("nav.help_now")
    for page in FEW:
        assert visitor.go(page).markup.split("\n").count(said) == 1, page
        assert visitor.problems == []
    assert visitor.go("help_now").markup.split("\n").count(said) == 0  # the heading alone


def test_an_administrator_has_no_record_and_no_such_link(ports: Ports) -> None:
    assert words("en")("nav.help_now") not in Visitor(ports).sign_in("administrator").go("accounts").text


@pytest.mark.parametrize("language", languages())
def test_the_page_says_whom_to_call_and_what_to_do_of_every_sign(ports: Ports, language: str) -> None:
    t, page = words(language), Visitor(ports).speak(language).sign_in("patient").go("help_now")
    assert page.problems == []
    assert dialled(page)[0] == "911"  # Margaret Ellis' address
    for one in FLAGS:
        assert help_signs.title(t, one) in page.text
        assert [at for at in range(1, one.steps + 1) if t(f"flag.{one.key}.do_{at}", **dict(one.limits)) not in page.text] == []
        assert one.source in page.text
    assert page.text.count(t("help.flag_unchecked")) == sum(one.status != "verified" for one in FLAGS)
    assert page.markup.index('class="help-big"') < page.markup.index('class="help-talk"') < page.markup.index('class="help-sign"') < page.markup.index('class="help-qr"')


def test_a_clock_and_an_address_that_disagree_are_both_shown_as_unsure(own_ports: Ports) -> None:
    page = Visitor(own_ports).sign_in("patient")
    person = of(page).person
    assert person
    series_choices.set_zone(own_ports, COMMAND_LINE, person.person_id, "Asia/Shanghai")
    page.go("help_now")
    assert words("en")("help.uncertain") in page.text
    assert dialled(page)[:3] == ["120", "110", "911"]


def test_the_card_is_on_the_page_with_its_code_and_can_be_taken_as_a_sheet(ports: Ports) -> None:
    page = Visitor(ports).sign_in("patient").go("help_now")
    assert "Lisinopril" in page.text
    assert 'src="data:image/png;base64,' in page.markup
    assert words("en")("help.qr_who") in page.text
    page.app.button(key="make_emergency").click().run()
    assert page.problems == []


def test_words_of_danger_in_the_diary_call_up_the_numbers_and_are_kept(own_ports: Ports) -> None:
    page = Visitor(own_ports).sign_in("patient").go("checks")
    page.app.button(key="begin_diary").click().run()
    assert words("en")("help.found") not in page.text
    area = page.app.text_area[0]
    area.set_value("no chest pain today").run()
    assert words("en")("help.found") not in page.text
    page.app.text_area[0].set_value("terrible chest pain").run()
    assert page.problems == []
    assert words("en")("help.found") in page.text
    assert dialled(page) == ["911"]
    assert page.app.text_area[0].value == "terrible chest pain"


def test_a_note_about_thoughts_of_suicide_shows_whom_to_talk_to(own_ports: Ports) -> None:
    page = Visitor(own_ports).speak("zh_Hans").sign_in("patient", 1).go("help_now")
    visit = of(page)
    assert visit.person
    view = help_signs.view_of(visit, visit.person.person_id)
    said = help_signs.told(visit.t, view, ["suicide"])
    assert "12356" in said
    assert 'role="alert"' in said


def test_a_request_that_speaks_of_danger_comes_first_and_says_so(own_ports: Ports) -> None:
    page = Visitor(own_ports).sign_in("patient")
    person = of(page).person
    assert person
    requests.ask(own_ports, COMMAND_LINE, person.person_id, "question", About("m1", "Losartan"), "Can I take it in the evening?")
    requests.ask(own_ports, COMMAND_LINE, person.person_id, "question", About("m2", "Amlodipine"), "Since I take it I have chest pain")
    coordinator = Visitor(own_ports).sign_in("coordinator")
    found = requests.open_in_panel(own_ports, of(coordinator).who)
    assert (found[0].urgent, found[0].request.about) == (True, "m2")
    assert [one.urgent for one in found].count(True) == 1
    t = words("en")
    assert t("requests.urgent") in line(of(coordinator), found[0])
    assert t("requests.urgent") not in line(of(coordinator), found[-1])
