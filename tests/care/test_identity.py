"""This is the place where it is tested who is taken for whom, and above all who is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.care.identity import all_keys, identifier_keys, is_blank, reference_keys, same_person
from core.domain.records import PersonName, PersonProfile
from core.ports import PackagePerson
from tests.care.given import profile

MRN = (("http://clinic.example.org/mrn", "1001"),)
OTHER_MRN = (("http://clinic.example.org/mrn", "1002"),)


def test_a_shared_identifier_is_the_same_person_whatever_the_name() -> None:
    assert same_person(profile("Example", "Casey", identifiers=MRN), profile("Married", "Cassandra", identifiers=MRN))


def test_an_identifier_does_not_outweigh_another_birth_date() -> None:
    assert not same_person(profile("Example", "Casey", identifiers=MRN), profile("Example", "Casey", "1971-04-02", identifiers=MRN))


def test_birth_date_and_name_make_a_person_across_marks_case_width_and_order() -> None:
    assert same_person(profile("Müller", "José"), profile("MULLER", "Jose"))
    assert same_person(profile("Ｅｘａｍｐｌｅ", "Casey"), profile("Example", "CASEY"))
    written = PersonProfile((PersonName("王小明"),), "1970-04-02")
    assert same_person(written, PersonProfile((PersonName("", "王", ("小明",)),), "1970-04-02"))


def test_a_married_name_and_an_initial_still_fit() -> None:
    assert same_person(profile("Example", "Casey"), profile("Married", "Casey"))
    assert same_person(profile("Example", "Casey Ann"), profile("Example", "C."))


def test_twins_are_two_people() -> None:
    assert not same_person(profile("Example", "Casey"), profile("Example", "Robin"))
    one = PersonProfile((PersonName("王小明", "王", ("小明",)),), "1970-04-02")
    assert not same_person(one, PersonProfile((PersonName("王小红", "王", ("小红",)),), "1970-04-02"))


def test_two_numbers_of_one_clinic_are_two_people() -> None:
    assert not same_person(profile("Smith", "John", identifiers=MRN), profile("Smith", "John", identifiers=OTHER_MRN))


def test_another_sex_or_birth_date_is_another_person() -> None:
    assert not same_person(profile("Lee", "Kim"), profile("Lee", "Kim", gender="male"))
    assert not same_person(profile("Lee", "Kim"), profile("Lee", "Kim", "1970-04-03"))


@pytest.mark.parametrize("born", ["", "1970", "1970-04"])
def test_a_partial_birth_date_and_a_name_are_too_little(born: str) -> None:
    assert not same_person(profile("Lee", "Kim", born), profile("Lee", "Kim", born))


def test_a_family_name_alone_is_enough_only_where_a_first_name_is_missing() -> None:
    assert same_person(profile("Example", "Casey"), PersonProfile((PersonName("Example", "Example"),), "1970-04-02"))


def test_a_copys_own_number_identifies_nobody() -> None:
    copied = (("urn:ietf:rfc:3986", "urn:uuid:1"),)
    assert not same_person(profile("A", "B", identifiers=copied), profile("C", "D", identifiers=copied))
    assert identifier_keys(profile("A", "B", identifiers=copied)) == ()


def test_nothing_is_blank_and_a_name_is_not() -> None:
    assert is_blank(PersonProfile())
    assert not is_blank(PersonProfile((PersonName("Casey"),)))


def test_a_reference_without_origin_counts_with_the_birth_date_only() -> None:
    found = PackagePerson("|Patient/1", profile("Example", "Casey"))
    assert reference_keys(found) == ("|Patient/1#1970-04-02",)
    assert "|Patient/1" in all_keys(found)
    nameless = PackagePerson("|Patient/1", PersonProfile())
    assert not set(all_keys(found)) & set(reference_keys(nameless))
    assert reference_keys(nameless) != ("|Patient/1",)
    assert reference_keys(replace(found, reference="https://a.example|Patient/1")) == ("https://a.example|Patient/1",)


NAMES = st.builds(
    lambda family, given: PersonName(f"{given} {family}".strip(), family, (given,) if given else ()),
    st.sampled_from(["", "Lee", "LEE", "Müller", "王"]),
    st.sampled_from(["", "Kim", "K", "小明"]),
)
PROFILES = st.builds(
    PersonProfile,
    st.lists(NAMES, max_size=2).map(tuple),
    st.sampled_from(["", "1970", "1970-04-02", "1970-04-03"]),
    st.sampled_from(["", "male", "female"]),
    identifiers=st.sampled_from([(), MRN, OTHER_MRN]),
)


@given(PROFILES, PROFILES)
def test_being_the_same_person_is_mutual(one: PersonProfile, other: PersonProfile) -> None:
    assert same_person(one, other) == same_person(other, one)
