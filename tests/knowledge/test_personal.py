"""One person's part of the graph: patients see verified relations alone, nothing grows without bound, and what a record calls things breaks nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.care.connects import FOR_CLINICIANS
from core.knowledge.personal import MOST_RULES, MOST_THINGS, STATES, Mine, cut
from core.knowledge.walking import node
from tests.knowledge.given import known

GRAPH = known().graph
NODES = sorted(GRAPH)
MINE = (
    "fact:hypertension",
    "fact:diabetes",
    "fact:hba1c",
    "ingredient:simvastatin",
    "ingredient:clarithromycin",
    "ingredient:metformin",
    "fact:egfr",
    "gene:SLCO1B1",
    "fact:age",
)


def test_a_patient_sees_verified_relations_alone_and_no_rule_for_clinicians() -> None:
    speaking = {"rule:advice:a1c_above_goal": 2, "option:dm_metformin": 1, "rule:kidney:metformin": 4}
    whole = cut(GRAPH, Mine(MINE, speaking=speaking), clinician=True)
    mine = cut(GRAPH, Mine(MINE, speaking=speaking), clinician=False)
    assert {one.rule.node_id for one in whole.rules} >= set(speaking)
    assert [one.rule.node_id for one in mine.rules if one.rule.node_id in speaking] == ["rule:advice:a1c_above_goal"]
    assert all(link.status == "verified" for one in mine.rules for link in one.links) and not any(
        one.rule.clinician for one in mine.rules
    )
    assert mine.hidden > 0 and whole.hidden == 0


def test_what_says_something_comes_first_and_the_gravest_of_it() -> None:
    found = cut(GRAPH, Mine(MINE, speaking={"rule:advice:a1c_above_goal": 2, "rule:kidney:metformin": 4}), clinician=True).rules
    assert [one.rule.node_id for one in found[:2]] == ["rule:kidney:metformin", "rule:advice:a1c_above_goal"]
    assert [STATES.index(one.state) for one in found] == sorted(STATES.index(one.state) for one in found)


def test_two_medicines_that_influence_one_another_are_joined_though_nothing_is_said() -> None:
    found = {one.rule.node_id: one.state for one in cut(GRAPH, Mine(MINE), clinician=True).rules}
    assert any(rule.startswith("rule:interactions:") and state == "together" for rule, state in found.items())
    alone = cut(GRAPH, Mine(("ingredient:simvastatin",)), clinician=True).rules
    assert [one for one in alone if one.rule.table == "interactions"] == []


def test_an_allergy_is_joined_to_what_is_about_allergies_and_to_nothing_about_taking_it() -> None:
    found = cut(
        GRAPH,
        Mine(("ingredient:amoxicillin",), allergies={"ingredient:amoxicillin"}, speaking={"rule:allergy:penicillins": 3}),
        clinician=True,
    )
    assert {link.relation for one in found.rules for link in one.links} <= {"allergen"}


@given(st.lists(st.one_of(st.sampled_from(NODES), st.text(max_size=40)), max_size=200), st.booleans())
def test_whatever_a_record_names_the_answer_is_bounded_sound_and_the_same_again(names: list[str], clinician: bool) -> None:
    mine = Mine(
        tuple(names), allergies=set(names[:3]), taken=set(names[2:5]), speaking=dict.fromkeys(names[:9], 3), answered=set(names[:9])
    )
    found = cut(GRAPH, mine, clinician=clinician)
    assert found == cut(GRAPH, mine, clinician=clinician)
    assert len(found.things) <= MOST_THINGS and len(found.rules) <= MOST_RULES
    assert all(thing in GRAPH for thing in found.things)
    for one in found.rules:
        assert one.links and node(GRAPH, one.rule.node_id) == one.rule
        for link in one.links:
            assert link.thing in found.things and link.path and all(edge.origin.source for edge in link.path)
            assert {link.thing, link.rule} <= {end for edge in link.path for end in (edge.start, edge.end)}


def test_a_score_that_a_person_is_not_shown_on_my_risks_is_not_shown_here_either() -> None:
    assert node(GRAPH, "equation:has_bled").clinician and not node(GRAPH, "equation:cha2ds2_va").clinician
    assert {"score_has_bled"} == FOR_CLINICIANS
