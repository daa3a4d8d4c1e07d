"""How this connects and Treatment options, as people use them: who sees what, that hostile names break nothing, and that a missing table is said in red."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace

import pytest

from core.care import connects, medicine_book, options, sessions
from core.care.access import COMMAND_LINE
from core.commands import connects as connects_command
from core.commands import options as options_command
from core.domain.codes import ATC
from core.medications.book import OwnMedicine
from core.ports import Ports
from core.rules import ShippedTables
from core.ui import connect_chart, connect_words
from core.ui.words import languages, words
from tests.ui.visitor import Visitor

HOSTILE = "<img src=x onerror=alert(1)> warfarin [x](javascript:1) `|*_$#"


def whose(ports: Ports, role: str = "patient") -> str:
    account = next(one for one in sessions.demo_accounts(ports) if one.role == role)
    return ports.store.account(account.account_id).persons[0]


def coordinator(ports: Ports, language: str, page: str) -> Visitor:
    visitor = Visitor(ports).speak(language).sign_in("coordinator").go("people")
    next(button for button in visitor.app.button if str(button.key).startswith("see_")).click().run()
    return visitor.go(page)


@pytest.mark.parametrize("language", languages())
def test_a_patient_sees_what_connects_verified_and_in_words(own_ports: Ports, language: str) -> None:
    t = words(language)
    visitor = Visitor(own_ports).speak(language).sign_in("patient").go("connects")
    assert visitor.problems == []
    text = visitor.text
    for key in ("connects.question", "connects.drawn", "connects.list", "connects.verified_only", "connects.relation.asks"):
        assert t(key) in text, key
    for never in (
        "safety.status.memory",
        "safety.status.digest",
        "connects.rule.option",
        "connects.rule.alerts",
        "connects.rule.kidney",
    ):
        assert t(never) not in text, never
    assert "connects." not in text and "fact:" not in text
    assert visitor.app.selectbox(key="connects_look").options[0] == t("connects.look_speaking")


def test_looking_at_one_thing_draws_what_it_is_joined_to(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("patient").go("connects")
    picked = visitor.app.selectbox(key="connects_look").set_value("fact:bmi").run()
    assert visitor.problems == [] and picked is not None
    view = connects.view(own_ports, COMMAND_LINE, whose(own_ports))
    drawn = connect_chart.chosen(view, "fact:bmi")
    assert drawn.things[0].node_id == "fact:bmi" and all(
        any(rule == one.rule.node_id for _, rule, _ in drawn.lines) for one in drawn.rules
    )


@pytest.mark.parametrize("language", languages())
def test_a_coordinator_sees_options_and_a_patient_has_no_such_page(own_ports: Ports, language: str) -> None:
    t = words(language)
    visitor = coordinator(own_ports, language, "options")
    assert visitor.problems == []
    text = visitor.text
    assert t("options.lead") in text and t("options.not_covered") in text and "options." not in text
    patient = Visitor(own_ports).speak(language).sign_in("patient")
    assert t("nav.options") not in patient.go("advice").text
    assert t("options.lead") not in patient.go("options").text


def test_whatever_a_medicine_is_called_nothing_breaks_and_nothing_is_mark_up(own_ports: Ports) -> None:
    person = whose(own_ports)
    medicine_book.add_own(own_ports, COMMAND_LINE, person, OwnMedicine("", HOSTILE, system=ATC, code="B01AA03"))
    visitor = Visitor(own_ports).sign_in("patient").go("connects")
    written = [one.proto.body for one in visitor.app.get("html")]
    assert (
        visitor.problems == []
        and not any("<img src=x" in one for one in written)
        and any("&lt;img src=x" in one for one in written)
    )
    found = connects_command.show(own_ports, Namespace(person=person, language="en"))
    named = [node for node in found.document["nodes"] if HOSTILE in node.get("titles", ())]
    assert [node["id"] for node in named] == ["ingredient:warfarin"]
    assert options_command.show(own_ports, Namespace(person=person, language="zh_Hans")).document["available"]


def test_every_edge_of_the_command_line_has_its_ends_and_its_origin(own_ports: Ports) -> None:
    found = connects_command.show(own_ports, Namespace(person=whose(own_ports), language="en"))
    ids = {node["id"] for node in found.document["nodes"]}
    assert found.document["edges"] and all({edge["from"], edge["to"]} <= ids for edge in found.document["edges"])
    assert all(
        edge["source"] and edge["status"] in ("verified", "house", "digest", "memory") and edge["table"] and edge["row"]
        for edge in found.document["edges"]
    )


def test_the_options_of_the_command_line_say_what_they_are_and_name_no_dose(own_ports: Ports) -> None:
    found = options_command.show(own_ports, Namespace(person=whose(own_ports), language="en")).document
    assert "no orders" in found["nature"] and {one["state"] for one in found["options"]} <= {
        "open",
        "needs",
        "not_for",
        "unavailable",
    }
    assert all(one["source"]["when"]["citation"] and one["source"]["what"]["status"] for one in found["options"])


def test_a_missing_table_is_said_and_nothing_is_shown_in_its_place(own_ports: Ports) -> None:
    class Gone(ShippedTables):
        def read(self, name: str) -> bytes:
            return super().read("nothing" if name == "kidney" else name)

    ports, person = replace(own_ports, tables=Gone()), whose(own_ports)
    for command in (connects_command, options_command):
        answer = command.show(ports, Namespace(person=person, language="en"))
        assert answer.status == 1 and not answer.document["available"] and answer.lines
    assert connects.view(ports, COMMAND_LINE, person).things == () and options.view(ports, COMMAND_LINE, person).options == ()
    visitor = Visitor(ports).sign_in("patient").go("connects")
    assert words("en")("connects.unavailable") in visitor.text and words("en")("connects.list") not in visitor.text


@pytest.mark.parametrize("language", languages())
def test_every_rule_of_the_graph_has_a_name(language: str) -> None:
    from tests.knowledge.given import known

    t = words(language)
    for _, node in known().graph.nodes(data="node"):
        if node.kind in ("rule", "equation", "option"):
            assert connect_words.rule_name(t, node) and not connect_words.rule_name(t, node).startswith(
                ("connects.", "advice.", "options.")
            )
            assert t.has("connects.rule." + (node.table or node.kind))
