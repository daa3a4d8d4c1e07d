"""This is the place where the sample people are held to what a reader of FHIR may expect of them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import orjson
import pytest
from fhir.resources.R4B import get_fhir_model_class

from core.domain.records import KINDS_SHOWN
from core.samples import SEED, generate, manifest
from core.samples.identity import SYNTHETIC
from tests.samples.conftest import TODAY, Shelf

SHIPPED = Path(__file__).parents[2] / "fhir_samples"


def _facts(shelf: Shelf, slug: str, file: str) -> set[tuple[str, str, str]]:
    """What a file's observations state: code, time and value, whatever their ids."""
    found = set()
    for _, _, resource in shelf.resources(slug, file):
        if resource["resourceType"] == "Observation" and "effectiveDateTime" in resource:
            said = resource.get("component") or resource.get("valueQuantity") or resource.get("valueCodeableConcept")
            code = resource["code"]["coding"][0]["code"]
            found.add((code, resource["effectiveDateTime"], orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()))
    return found


def test_the_same_day_and_seed_give_the_same_bytes(shelf: Shelf) -> None:
    assert generate(TODAY) == shelf.people


def test_another_seed_gives_other_numbers_for_the_same_people(shelf: Shelf) -> None:
    others = generate(TODAY, SEED + 1)
    assert [person.slug for person in others] == [person.slug for person in shelf.people]
    assert all(one.files[0].content != other.files[0].content for one, other in zip(shelf.people, others, strict=True))


def test_at_least_eight_people_with_two_sources_each(shelf: Shelf) -> None:
    assert len(shelf.people) >= 8
    assert all(len(person.files) == 2 for person in shelf.people)
    bases = [{entry["fullUrl"].rsplit("/", 2)[0] for entry in bundle["entry"]} for bundle in shelf.bundles.values()]
    assert sum(len(base) == 1 for base in bases) >= len(bases) - 1  # one file speaks in urn:uuid


def test_every_record_is_valid_r4(shelf: Shelf) -> None:
    """The dirt of the samples is dirt of meaning, not of form: even the oddities parse."""
    for slug, file, resource in shelf.resources():
        model = get_fhir_model_class(resource["resourceType"])
        model.model_validate(resource), (slug, file, resource["id"])


def test_every_kind_the_app_shows_is_there(shelf: Shelf) -> None:
    kinds = Counter(resource["resourceType"] for _, _, resource in shelf.resources())
    assert set(KINDS_SHOWN) <= set(kinds)
    assert {"Claim", "QuestionnaireResponse"} <= set(kinds)


def test_every_record_says_that_it_is_synthetic(shelf: Shelf) -> None:
    for slug, _, resource in shelf.resources():
        assert resource["meta"]["tag"][0]["code"] == "HTEST"
        if resource["resourceType"] == "Patient":
            assert {"system": SYNTHETIC, "value": slug} in resource["identifier"]


def test_both_sources_mean_the_same_person_under_other_ids(shelf: Shelf) -> None:
    for person in shelf.people:
        first, second = (
            next(r for _, _, r in shelf.resources(person.slug, file.name) if r["resourceType"] == "Patient")
            for file in person.files
        )
        assert first["id"] != second["id"]
        assert first["birthDate"] == second["birthDate"]
        assert first["name"] == second["name"]


def test_the_two_sources_overlap_and_neither_holds_all(shelf: Shelf) -> None:
    for person in shelf.people:
        first, second = (_facts(shelf, person.slug, file.name) for file in person.files)
        assert first & second, person.slug
        assert first - second, person.slug
        assert second - first, person.slug


def test_ids_are_unique_but_for_later_versions(shelf: Shelf) -> None:
    for (slug, file), bundle in shelf.bundles.items():
        seen = Counter(entry["fullUrl"] for entry in bundle["entry"])
        again = {url for url, count in seen.items() if count > 1}
        assert len(again) == (1 if (slug, file) == ("margaret-ellis", "home.json") else 0)


def _references(node: object) -> list[str]:
    if isinstance(node, list):
        return [reference for part in node for reference in _references(part)]
    if not isinstance(node, dict):
        return []
    mine = [node["reference"]] if isinstance(node.get("reference"), str) else []
    return mine + [reference for value in node.values() for reference in _references(value)]


def test_every_reference_leads_somewhere(shelf: Shelf) -> None:
    astray = Counter()
    for (slug, _), bundle in shelf.bundles.items():
        known = {entry["fullUrl"] for entry in bundle["entry"]}
        known |= {"/".join(url.rsplit("/", 2)[-2:]) for url in known}
        for entry in bundle["entry"]:
            contained = {f"#{inner['id']}" for inner in entry["resource"].get("contained", [])}
            astray.update((slug, ref) for ref in _references(entry["resource"]) if ref not in known | contained)
    assert astray == {("leo-martinez", "Patient/somebody-else"): 1, ("li-shufen", "Patient/somebody-else"): 1}


def test_every_shared_record_is_referred_to(shelf: Shelf) -> None:
    for bundle in shelf.bundles.values():
        pointed = {ref for entry in bundle["entry"] for ref in _references(entry["resource"])}
        for entry in bundle["entry"]:
            kind, own = entry["resource"]["resourceType"], entry["resource"]["id"]
            if kind in ("Organization", "Practitioner", "PractitionerRole", "Medication"):
                assert {f"{kind}/{own}", entry["fullUrl"]} & pointed, entry["fullUrl"]


def test_chinese_people_have_chinese_records(shelf: Shelf) -> None:
    for slug, name in (("wang-jianguo", "王建国"), ("chen-meiling", "陈美玲"), ("li-shufen", "李淑芬")):
        for file in ("hospital.json",):
            records = list(shelf.resources(slug, file))
            patient = next(r for _, _, r in records if r["resourceType"] == "Patient")
            assert patient["name"][0]["text"] == name
            assert patient["name"][1]["text"].isascii()
            labs = [r["code"]["text"] for _, _, r in records if r["resourceType"] == "Observation"]
            assert all(not text.isascii() for text in labs)
            assert any(
                not r["medicationCodeableConcept"]["text"].isascii() for _, _, r in records if "medicationCodeableConcept" in r
            )
    assert all(not person.story_zh.isascii() and person.story_en.isascii() for person in shelf.people)


def test_the_oddities_are_all_there_and_nothing_else_lacks_a_unit(shelf: Shelf) -> None:
    bare = [
        (slug, resource["valueQuantity"].get("unit"))
        for slug, _, resource in shelf.resources()
        if "valueQuantity" in resource and "code" not in resource["valueQuantity"]
    ]
    assert sorted(bare, key=str) == [
        ("aisha-okafor", None), ("li-shufen", "单位"), ("li-shufen", None), ("margaret-ellis", "lbs"), ("wang-jianguo", "mmol"),
    ]  # fmt: skip
    text = b"".join(file.content for person in shelf.people for file in person.files)
    for mark in (
        b'"entered-in-error"',
        b'"comparator":"<"',
        b'"dataAbsentReason"',
        b'"modifierExtension"',
        b"<script>",
        b'"versionId":"2"',
    ):
        assert mark in text


def test_a_file_holds_one_entry_per_line(shelf: Shelf) -> None:
    for person in shelf.people:
        for file in person.files:
            lines = file.content.splitlines()
            assert len(lines) == len(shelf.bundles[person.slug, file.name]["entry"]) + 2


@pytest.mark.parametrize("today", [date(2028, 2, 29), date(2027, 1, 1), date(2027, 12, 31), date(2029, 7, 4)])
def test_the_lives_can_end_on_any_day(today: date) -> None:
    assert len(generate(today)) >= 8


def test_the_shipped_files_are_what_the_generator_makes_for_their_day() -> None:
    listed = orjson.loads((SHIPPED / "people.json").read_bytes())
    day, seed = date.fromisoformat(listed["generated_on"]), listed["seed"]
    people = generate(day, seed)
    assert manifest(people, day, seed) == (SHIPPED / "people.json").read_bytes()
    for person in people:
        for file in person.files:
            assert file.content == (SHIPPED / person.slug / file.name).read_bytes(), (person.slug, file.name)


def test_the_shipped_files_stay_small() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*.json")) < 6_000_000
