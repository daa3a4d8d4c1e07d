"""Visits as their readers see them: the next one big, what to do before it, what is said back, and what is odd before it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.care import visits
from core.care.access import COMMAND_LINE, Action, require
from core.care.visit_views import VisitLine
from core.domain.papers import PaperKind
from core.domain.visits import BOOKED, Visit
from core.ports import Ports
from core.ui import visit_words
from core.ui.words import words
from tests.ui.visitor import Visitor

EN = words("en")


def lines(ports: Ports) -> dict[str, VisitLine]:
    """The visits of the demo's Margaret, by what they are for."""
    (person,) = next(one for one in ports.store.accounts(require(ports, COMMAND_LINE, Action.MANAGE_ACCOUNTS).event("test")) if one.username == "demo-margaret").persons
    view = visits.of_person(ports, COMMAND_LINE, person)
    return {one.visit.reason: one for one in (*view.ahead, *view.past) if isinstance(one, VisitLine)}


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_the_next_visit_stands_on_today_and_on_its_page_with_how_to_prepare(own_ports: Ports, language: str) -> None:
    t, visitor = words(language), Visitor(own_ports).speak(language).sign_in("patient").go("today")
    assert visitor.problems == []
    assert t("visits.next") in visitor.text and t("visits.left", n=1) in visitor.text
    visitor.go("visits")
    assert visitor.problems == []
    for said in ("visits.prepare", "visits.not_filled", "visits.medicines_about", "visits.no_video", "visit.state.proposed"):
        assert t(said) in visitor.text, said
    visitor.go("checks")
    assert visitor.problems == [] and t("visits.before") in visitor.text


def test_the_person_confirms_and_the_team_sees_it(own_ports: Ports) -> None:
    later = lines(own_ports)["follow_up"].visit_id
    visitor = Visitor(own_ports).sign_in("patient").go("visits")
    visitor.app.button(key=f"visit_confirm_{later}").click().run()
    assert visitor.problems == [] and EN("visit.state.proposed") not in visitor.text
    assert lines(own_ports)["follow_up"].visit.state == BOOKED
    visitor.app.button(key=f"visit_ask_{later}").click().run()
    assert EN("error.visit_why") in visitor.text


def test_words_of_danger_show_the_numbers_to_call(own_ports: Ports) -> None:
    later = lines(own_ports)["follow_up"].visit_id
    visitor = Visitor(own_ports).sign_in("patient").go("visits")
    visitor.app.text_area(key=f"visit_why_ask_{later}").set_value("I have crushing chest pain").run()
    visitor.app.button(key=f"visit_ask_{later}").click().run()
    assert visitor.problems == []
    assert EN("help.found") in visitor.text and EN("visits.wish") in visitor.text
    team = Visitor(own_ports).sign_in("coordinator").go("visits")
    assert team.problems == [] and "I have crushing chest pain" in team.text


def test_what_is_odd_is_said_before_a_visit_is_kept(own_ports: Ports) -> None:
    there = lines(own_ports)["follow_up"]
    team = Visitor(own_ports).sign_in("coordinator").go("visits")
    team.app.date_input(key="visits_day").set_value(there.at.astimezone(ZoneInfo("America/New_York")).date()).run()
    team.app.button(key=f"visit_day_open_{there.visit_id}").click().run()
    assert team.problems == [] and EN("visits.new") in team.markup
    local = there.at.astimezone(ZoneInfo("America/New_York"))
    team.app.date_input(key="visit_day_new").set_value(local.date()).run()
    team.app.time_input(key="visit_clock_new").set_value(local.time()).run()
    team.app.button(key="visit_keep_new").click().run()
    assert EN("visits.concern.clash_person") in team.text and len(lines(own_ports)) == 3
    team.app.button(key="visit_anyway_new").click().run()
    assert team.problems == []
    event = require(own_ports, COMMAND_LINE, Action.VIEW_VISITS, there.person_id).event("test")
    assert len(own_ports.store.papers((there.person_id,), event, kinds=(PaperKind.VISIT,))) == 4
    assert EN("visits.clash") in team.text


def test_a_visit_that_can_not_be_read_is_said_to_be_there(own_ports: Ports) -> None:
    there = lines(own_ports)["results"]
    event = require(own_ports, COMMAND_LINE, Action.VIEW_VISITS, there.person_id).event("test")
    paper = own_ports.store.paper(there.person_id, PaperKind.VISIT, there.visit_id, event)
    assert paper is not None
    own_ports.store.put_papers(there.person_id, (replace(paper, body=b"{"),), event)
    for page in ("today", "visits"):
        visitor = Visitor(own_ports).sign_in("patient").go(page)
        assert visitor.problems == [] and EN("visits.damaged") in visitor.text


@pytest.mark.parametrize(("language", "said"), [("en", "2:30 PM"), ("zh_Hans", "14:30")])
def test_a_time_is_said_by_the_clock_of_the_place_and_as_people_there_write_it(language: str, said: str) -> None:
    visit = Visit("clinic", "America/New_York", 30, start=datetime(2026, 11, 1, 19, 30, tzinfo=UTC))  # the day the clocks go back there
    t = words(language, ZoneInfo("Asia/Shanghai"))
    assert said in visit_words.when(t, visit)
    assert ("3:30 AM" if language == "en" else "03:30") in visit_words.elsewhere(t, visit)
    assert visit_words.elsewhere(words(language, ZoneInfo("America/Toronto")), visit) == ""
    assert visit_words.distance(t, visit, visit.start - timedelta(hours=16)) == t("visits.tomorrow")  # 22:30 the evening before, by that clock


def test_the_team_moves_a_visit_and_says_why(own_ports: Ports) -> None:
    there = lines(own_ports)["follow_up"]
    team = Visitor(own_ports).sign_in("coordinator").go("visits")
    team.app.date_input(key="visits_day").set_value(there.at.astimezone(ZoneInfo("America/New_York")).date()).run()
    team.app.button(key=f"visit_day_open_{there.visit_id}").click().run()
    team.app.button(key=f"visit_change_{there.visit_id}").click().run()
    key = there.visit_id
    team.app.date_input(key=f"visit_day_{key}").set_value((there.at + timedelta(days=7)).date()).run()
    team.app.text_input(key=f"visit_because_{key}").set_value("The room is taken").run()
    team.app.button(key=f"visit_keep_{key}").click().run()
    assert team.problems == []
    moved = lines(own_ports)["follow_up"]
    assert moved.at - there.at == timedelta(days=7) and moved.visit.where == there.visit.where
    patient = Visitor(own_ports).sign_in("patient").go("visits")
    assert "The room is taken" in patient.text
