"""This is the place where it is tested what an allergy on record says about a medicine: the same, its class, its side chain, or nothing at all."""

from __future__ import annotations

import pytest

from core.medications.allergies import ALLERGY, Group, check
from core.medications.facts import Allergy, PersonFacts
from core.medications.findings import Finding, Severity
from tests.medications.safety import allergy, medicine, person, rules

GROUPS = rules().of(ALLERGY).groups
PAIRS = [
    (group, allergen, member)
    for group in GROUPS
    for allergen in ((*group.allergens, *group.unsure) if not group.only_named else ())
    if allergen[:1].islower()
    for member in (group.medicines or (*group.allergens, *group.unsure))
    if member != allergen
]


def found(facts: PersonFacts) -> list[Finding]:
    return check(rules(), facts)[0]


def left(facts: PersonFacts) -> list[tuple[str, str]]:
    return [(one.subject, one.why) for one in check(rules(), facts)[1]]


def reacting(group: Group) -> tuple[str, ...]:
    return rules().of(ALLERGY).reactions[group.reaction][:1] if group.reaction else ()


@pytest.mark.parametrize(("group", "allergen", "member"), PAIRS, ids=lambda one: one.id if isinstance(one, Group) else one)
def test_an_allergen_of_a_group_speaks_against_each_of_its_medicines(group: Group, allergen: str, member: str) -> None:
    facts = person(medicine(member), allergies=(allergy(allergen, allergen, reactions=reacting(group)),))
    rows = {one.rule for one in found(facts)}
    assert rows
    assert group.id in rows or max(found(facts), key=lambda one: one.severity).severity >= group.severity


@pytest.mark.parametrize("group", GROUPS, ids=lambda one: one.id)
def test_a_group_says_nothing_about_a_medicine_outside_it(group: Group) -> None:
    named = [allergy(word, reactions=reacting(group)) for word in group.words[:1]]
    inside = [allergy(key, key, reactions=reacting(group)) for key in group.allergens if key[:1].islower()][:1]
    assert not found(person(medicine("levothyroxine_sodium"), medicine("metformin"), allergies=(*named, *inside)))


@pytest.mark.parametrize("group", [one for one in GROUPS if one.words], ids=lambda one: one.id)
def test_the_name_of_a_class_is_enough(group: Group) -> None:
    member = (group.medicines or group.allergens)[-1]
    for word in group.words:
        facts = person(medicine(member), allergies=(allergy(word, reactions=reacting(group)),))
        assert found(facts), word
        assert left(facts) == []


@pytest.mark.parametrize("group", [one for one in GROUPS if one.reaction], ids=lambda one: one.id)
def test_a_row_about_a_reaction_weighs_less_without_it(group: Group) -> None:
    allergen = next((key for key in group.allergens if key[:1].islower()), "")
    entry = allergy(allergen or group.words[0], *([allergen] if allergen else []), reactions=("Rash",))
    member = (group.medicines or group.allergens)[-1]
    grave = [one for one in found(person(medicine(member), allergies=(entry,))) if one.rule == group.id]
    assert [one.severity for one in grave] in ([], [group.otherwise])
    assert all(one.severity < group.severity for one in grave)


def test_the_same_ingredient_is_serious_and_for_the_patient_too() -> None:
    one = found(person(medicine("ibuprofen"), allergies=(allergy("Ibuprofen", "ibuprofen", reactions=("Hives", "Wheezing")),)))[0]
    assert (one.rule, one.severity, one.for_patients) == ("allergy_same", Severity.SERIOUS, True)
    assert one.facts["reactions"] == "Hives; Wheezing"


@pytest.mark.parametrize(
    ("title", "allergen"),
    [("Allergy to penicillin (disorder)", "penicillin"), ("Penicillin allergy", "Penicillin"), ("对青霉素过敏", "青霉素"), ("青霉素过敏", "青霉素"), ("Penicillins", "Penicillins")],
)
def test_the_allergen_is_said_once(title: str, allergen: str) -> None:
    assert [one.facts["allergen"] for one in found(person(medicine("amoxicillin"), allergies=(allergy(title),)))] == [allergen]


@pytest.mark.parametrize(
    ("kind", "criticality", "severity"),
    [
        ("allergy", "high", Severity.CONTRAINDICATED), ("allergy", "", Severity.SERIOUS), ("allergy", "unable-to-assess", Severity.SERIOUS),
        ("allergy", "low", Severity.CAUTION), ("intolerance", "", Severity.CAUTION), ("intolerance", "low", Severity.CAUTION),
        ("intolerance", "high", Severity.SERIOUS), ("", "", Severity.SERIOUS),
    ],
)  # fmt: skip
def test_criticality_and_kind_move_the_severity_by_one_step(kind: str, criticality: str, severity: Severity) -> None:
    entry = allergy("Ibuprofen", "ibuprofen", type=kind, criticality=criticality)
    assert [one.severity for one in found(person(medicine("ibuprofen"), allergies=(entry,)))] == [severity]


def test_an_entry_that_no_longer_holds_says_nothing() -> None:
    entries = (allergy("Ibuprofen", "ibuprofen", active=False), allergy("Peanut", categories=("food",)))
    facts = person(medicine("ibuprofen"), allergies=entries)
    assert check(rules(), facts) == ([], [])


def test_penicillin_speaks_against_amoxicillin_and_not_against_cefazolin() -> None:
    entry = allergy("Allergy to penicillin", code="91936005")
    facts = person(medicine("amoxicillin"), medicine("cefazolin"), allergies=(entry,))
    assert [(one.rule, one.medicines) for one in found(facts)] == [("penicillins", ("amoxicillin",))]


def test_ampicillin_speaks_against_cefalexin_by_its_side_chain_and_not_against_ceftriaxone() -> None:
    facts = person(medicine("cefalexin"), medicine("ceftriaxone"), allergies=(allergy("Ampicillin", "ampicillin"),))
    assert [(one.rule, one.medicines, one.for_patients) for one in found(facts)] == [("amino_side_chain", ("cefalexin",), True)]


def test_a_membership_from_memory_is_for_clinicians_and_the_patient_is_only_told_to_ask() -> None:
    one = found(person(medicine("cefradine"), allergies=(allergy("Ampicillin", "ampicillin"),)))[0]
    assert (one.source.status, one.for_patients, one.what) == ("memory", False, "check.what.allergy.ask")


def test_after_a_severe_delayed_reaction_every_beta_lactam_is_out() -> None:
    entry = allergy("Amoxicillin", "amoxicillin", reactions=("Stevens-Johnson syndrome",))
    facts = person(medicine("cefazolin"), allergies=(entry,))
    assert [(one.rule, one.severity) for one in found(facts)] == [("beta_lactam_severe_delayed", Severity.CONTRAINDICATED)]


def test_sulfa_speaks_against_cotrimoxazole_and_only_informs_about_furosemide() -> None:
    entry = allergy("Sulfa drugs")
    facts = person(medicine("sulfamethoxazole"), medicine("furosemide"), allergies=(entry,))
    assert [(one.medicines[0], one.severity, one.for_patients) for one in found(facts)] == [
        ("sulfamethoxazole", Severity.SERIOUS, True), ("furosemide", Severity.INFO, False),
    ]  # fmt: skip


def test_aspirin_speaks_against_ibuprofen_and_not_against_celecoxib_or_paracetamol() -> None:
    facts = person(
        medicine("ibuprofen"), medicine("celecoxib"), medicine("paracetamol"), allergies=(allergy("Aspirin", "acetylsalicylic_acid"),)
    )
    assert [one.medicines for one in found(facts)] == [("ibuprofen",)]


def test_a_statin_is_an_intolerance() -> None:
    one = found(person(medicine("rosuvastatin"), allergies=(allergy("Simvastatin", "simvastatin", type="allergy"),)))[0]
    assert (one.severity, one.what) == (Severity.CAUTION, "check.what.allergy.intolerance")


def test_angioedema_from_an_ace_inhibitor_speaks_against_sacubitril() -> None:
    entry = allergy("Lisinopril", "lisinopril", type="intolerance", criticality="high", reactions=("Angioedema of lips",))
    one = next(one for one in found(person(medicine("sacubitril"), allergies=(entry,))) if one.rule == "ace_inhibitor_angioedema")
    assert one.severity is Severity.CONTRAINDICATED


@pytest.mark.parametrize("title", ["Green dye X", "Medication", "Flucloxacilline siroop", "牛黄解毒片"])
def test_an_entry_nobody_can_read_is_not_checked_and_never_passed_over(title: str) -> None:
    assert left(person(medicine("metformin"), allergies=(allergy(title, categories=("medication",)),))) == [(title, "unknown_allergy")]


@pytest.mark.parametrize(
    "entry",
    [
        allergy("Peanuts", categories=("medication",)), allergy("Peanuts", code="762952008", categories=("medication",)),
        allergy("Allergy to grass pollen", categories=("food",)), allergy("House dust mite allergy"), allergy("Latex (substance)"),
        allergy("Whatever grows", categories=("food",)), allergy("花生过敏"), allergy("尘螨过敏"),
    ],
    ids=lambda one: one.title,
)  # fmt: skip
def test_food_and_what_is_in_the_air_are_no_riddle(entry: Allergy) -> None:
    assert check(rules(), person(medicine("metformin"), allergies=(entry,))) == ([], [])


def test_a_word_for_food_within_a_medicine_is_no_food() -> None:
    assert left(person(medicine("metformin"), allergies=(allergy("Milk of something"),))) == [("Milk of something", "unknown_allergy")]


@pytest.mark.parametrize(
    "entry", [allergy("No known allergies"), allergy("NKDA"), allergy("无已知过敏"), allergy("x", code="716186003"), allergy("x", code="no-known-allergies")]
)
def test_no_known_allergies_is_an_answer(entry: Allergy) -> None:
    assert check(rules(), person(medicine("metformin"), allergies=(entry,))) == ([], [])


@pytest.mark.parametrize("entries", [None, (), (allergy("x", code="no-allergy-info"),), (allergy("Ibuprofen", "ibuprofen", active=False),)])
def test_without_a_list_nothing_was_checked(entries: tuple[Allergy, ...] | None) -> None:
    assert left(person(medicine("metformin"), allergies=entries)) == [("", "no_allergy_list")]


def test_nobody_who_takes_nothing_is_told_that_something_was_left_out() -> None:
    assert check(rules(), person(allergies=None)) == ([], [])
