"""The coordinator's first screen: every section with its count, a card for everybody, and a look that can be taken back."""

from __future__ import annotations

import pytest

from core.care import worklist
from core.care.access import COMMAND_LINE
from core.care.worklist_views import WorklistShelf, WorkQuery
from core.domain.people import Role
from core.ports import Ports
from core.ui import nav
from core.ui.words import words
from core.worklist.terms import LANES
from tests.ui.visitor import Visitor


def keys(visitor: Visitor, start: str) -> list[str]:
    return [str(button.key).removeprefix(start) for button in visitor.app.button if str(button.key).startswith(start)]


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_the_day_begins_with_everybody_in_a_section(ports: Ports, language: str) -> None:
    t, visitor = words(language), Visitor(ports).speak(language).sign_in("coordinator")
    assert visitor.problems == []
    assert t("worklist.question") in visitor.text
    for lane in LANES:
        assert t("worklist.lane_" + lane) in visitor.text
    known = worklist.worklist(ports, COMMAND_LINE, WorkQuery(page_size=100), WorklistShelf())
    shown = keys(visitor, "wl_open_")
    assert len(shown) == len(set(shown)) > 1
    assert set(shown) <= {line.person_id for line in known.lines}
    assert "worklist." not in visitor.text.replace("worklist.css", "")
    assert "attention." not in visitor.text


def test_it_is_where_a_coordinator_lands_and_nobody_else() -> None:
    assert nav.places(Role.COORDINATOR)[0].key == "worklist"
    assert all(role is Role.COORDINATOR for role in nav.BY_KEY["worklist"].roles)


def test_a_look_moves_somebody_down_and_undo_brings_them_back(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("coordinator")
    first = keys(visitor, "wl_seen_")[0]
    visitor.app.button(key=f"wl_seen_{first}").click().run()
    assert visitor.problems == []
    assert first in keys(visitor, "wl_undo_")
    assert keys(visitor, "wl_seen_")[0] != first
    visitor.app.button(key=f"wl_undo_{first}").click().run()
    assert keys(visitor, "wl_seen_")[0] == first
    assert first not in keys(visitor, "wl_undo_")


def test_a_note_is_kept_and_the_next_person_follows(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("coordinator")
    first, second = keys(visitor, "wl_note_")[:2]
    visitor.app.button(key=f"wl_note_{first}").click().run()
    visitor.app.text_area(key="worklist_note").set_value("called, all well")
    visitor.app.button(key="wl_save_next").click().run()
    assert visitor.problems == []
    assert visitor.app.session_state["hb.worklist_note"] == second
    assert "called, all well" in visitor.text


def test_a_section_alone_and_a_name_that_nobody_has(ports: Ports) -> None:
    visitor = Visitor(ports).sign_in("coordinator")
    visitor.app.text_input(key="worklist_text").set_value("nobody is called this").run()
    assert words("en")("worklist.nothing_found") in visitor.text
    assert keys(visitor, "wl_open_") == []
    assert words("en")("worklist.lane_stable") in visitor.text


def test_opening_somebody_leads_to_their_record_and_back_to_nobody(ports: Ports) -> None:
    visitor = Visitor(ports).sign_in("coordinator")
    visitor.app.button(key=f"wl_open_{keys(visitor, 'wl_open_')[0]}").click().run()
    assert "hb.person" in visitor.remembered
    visitor.go("worklist")
    assert "hb.person" not in visitor.remembered


def test_a_task_a_tag_and_an_owner_from_the_list_and_a_filter_that_says_whom_it_leaves_out(own_ports: Ports) -> None:
    t, visitor = words("en"), Visitor(own_ports).sign_in("coordinator")
    everybody = keys(visitor, "wl_plan_")
    first = everybody[0]
    panel = next(str(one.key) for one in visitor.app.text_area if str(one.key).startswith("wl_tags_"))
    visitor.app.text_area(key=panel).set_value("home visit").run()
    visitor.app.button(key=panel.replace("wl_tags_", "wl_tags_save_")).click().run()
    visitor.app.button(key=f"wl_plan_{first}").click().run()
    me = visitor.app.selectbox(key="task_owner").value
    visitor.app.text_input(key="task_text").set_value("bring the scale")
    visitor.app.button(key="task_add").click().run()
    assert "bring the scale" in visitor.text
    visitor.app.selectbox(key="wl_plan_who").set_value(me)
    visitor.app.multiselect(key="wl_plan_tags").set_value(["home visit"])
    visitor.app.button(key="wl_plan_save").click().run()
    assert visitor.problems == []
    visitor.app.selectbox(key="whose").set_value("mine").run()
    assert keys(visitor, "wl_plan_") == [first, "save"] or keys(visitor, "wl_plan_") == [first]
    assert t("worklist.shown_of", shown=1, n=len(everybody)) in visitor.text
    assert t("worklist.outside", lanes="").rstrip(" .") in visitor.text
    visitor.app.button(key="wl_clear").click().run()
    assert {one for one in keys(visitor, "wl_plan_") if one != "save"} == set(everybody)
    assert visitor.problems == []
