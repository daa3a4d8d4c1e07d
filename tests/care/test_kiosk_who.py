"""Who stands before a kiosk: known by a code or by three things, told little, and never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.care import kiosk_codes, kiosk_desk, kiosk_registry, kiosk_tries, kiosk_who
from core.care.access import COMMAND_LINE
from core.care.kiosk_clinic import Settings
from core.care.kiosk_clinic import save as set_up
from core.care.kiosk_papers import change, load
from core.domain.records import PersonName, PersonProfile
from core.errors import BadInput, NotFound, NotPermitted
from core.kiosk.terms import Heartbeat, Proof
from tests.care.given import NOW, clock, event
from tests.care.given_kiosk import BORN, PROOF, Clinic, clinic


@pytest.fixture
def of() -> Clinic:
    return clinic()


def refused(of: Clinic, proof: Proof) -> bool:
    try:
        of.keyed.identify(proof, "en")
    except NotFound as error:
        assert (error.code, error.facts) == ("kiosk_not_recognised", {})
        return True
    return False


def test_a_code_opens_for_its_person_however_it_is_typed(of: Clinic) -> None:
    code = of.code()
    for text in (code, f" {code[:4].lower()}-{code[4:].lower()} ", f"{kiosk_codes.QR_PREFIX}{code}"):
        assert of.keyed.identify(Proof("code", code=text), "en").greeting == "M••••t E."
    assert refused(of, Proof("code", code=code)), "three times without a visit are enough"


def test_a_code_is_for_one_visit_for_a_time_and_can_be_taken_back(of: Clinic) -> None:
    first = of.code()
    second = of.code()
    assert refused(of, Proof("code", code=first)) and not refused(of, Proof("code", code=second))
    kiosk_codes.revoke(of.ports, COMMAND_LINE, of.person)
    assert refused(of, Proof("code", code=second))
    third = of.code()
    clock(of.ports).wait(days=2)
    assert refused(of, Proof("code", code=third))
    assert kiosk_codes.standing(of.ports, COMMAND_LINE, of.person).ends_at is None


def test_all_three_things_are_needed_and_writing_does_not_matter(of: Clinic) -> None:
    for proof in (PROOF, replace(PROOF, initials="e m"), replace(PROOF, initials="me"), replace(PROOF, factor=" 01 33")):
        assert not refused(of, proof)
    clock(of.ports).wait(hours=2)
    assert all(
        refused(of, replace(PROOF, **wrong))
        for wrong in ({"factor": "0134"}, {"factor": ""}, {"initials": "M"}, {"initials": "XX"})
    )
    clock(of.ports).wait(hours=2)
    assert all(
        refused(of, replace(PROOF, **wrong))
        for wrong in ({"birth_date": "1948-03-13"}, {"birth_date": "1948-03"}, {"birth_date": ""}, {"kind": "name"})
    )


def test_a_postcode_can_be_the_second_thing_and_a_house_number_is_none(of: Clinic) -> None:
    set_up(of.ports, COMMAND_LINE, Settings(factor="postcode"))
    assert not refused(of, replace(PROOF, factor="sw1a1aa")) and not refused(of, replace(PROOF, factor="SW1A 1AA"))
    assert refused(of, replace(PROOF, factor="12")) and refused(of, PROOF)
    set_up(of.ports, COMMAND_LINE, Settings(factor="none"))
    clock(of.ports).wait(hours=2)
    assert refused(of, replace(PROOF, factor="")) and refused(of, PROOF)


def test_two_people_who_fit_are_nobody_and_so_is_who_has_died(of: Clinic) -> None:
    twin = PersonProfile((PersonName("Mary Evans", "Evans", ("Mary",)),), BORN, phones=("555 000 0133",))
    of.ports.store.add_person(replace(twin, deceased="2020-01-01"), event())
    assert not refused(of, PROOF)
    of.ports.store.add_person(twin, event())
    assert refused(of, PROOF)


@pytest.mark.parametrize(
    ("name", "greeting"),
    [
        (PersonName("Al Li", "Li", ("Al",)), "A•••• L."),
        (PersonName("王建国", "王", ("建国",)), "王••"),
        (PersonName("Björk", "", ("Björk",)), "B••••k"),
        (PersonName("Margaret Ellis", "", ("Margaret",)), "M••••t E."),
        (PersonName("", "", ()), "••••"),
    ],
)  # fmt: skip
def test_a_name_is_masked_so_that_its_length_is_not_told(name: PersonName, greeting: str) -> None:
    from core.care.kiosk_told import greeting as masked

    assert masked(PersonProfile((name,))) == greeting


def test_a_kiosk_is_told_no_more_than_it_asks_about(of: Clinic) -> None:
    told = repr(of.known())
    for secret in ("Margaret", "Ellis", "0133", "High Street", "SW1A", BORN, of.person):
        assert secret not in told
    assert "phq-2" in told


def test_guessing_is_slowed_by_kiosk_by_claim_and_in_time_again(of: Clinic) -> None:
    wrong = replace(PROOF, factor="9999")
    assert all(refused(of, wrong) for _ in range(kiosk_tries.BY_CLAIM[0]))
    assert refused(of, PROOF), "the right answer comes too late"
    with pytest.raises(NotFound):
        of.local.identify(PROOF, "en")  # another kiosk doesn't help
    code = of.code()
    assert not refused(of, Proof("code", code=code)), "a code isn't a claim about anybody"
    assert all(refused(of, Proof("code", code="WWWWWWWW")) for _ in range(kiosk_tries.BY_KIOSK[0] - kiosk_tries.BY_CLAIM[0]))
    assert refused(of, Proof("code", code=code)), "this kiosk has to wait"
    clock(of.ports).wait(hours=1, minutes=1)
    assert not refused(of, PROOF)


def test_a_try_that_is_refused_leaves_a_line_without_a_name(of: Clinic) -> None:
    refused(of, replace(PROOF, factor="9999"))
    line = next(one.event for one in of.ports.store.audit_lines(event(), limit=5) if one.event.action == kiosk_who.REFUSED)
    assert (line.subject_id, line.what, line.role) == ("", "birth", "kiosk")
    of.keyed.identify(PROOF, "en")
    assert any(
        one.event.action == kiosk_who.KNOWN and one.event.subject_id == of.person
        for one in of.ports.store.audit_lines(event(), limit=12)
    )


TRIES = st.lists(st.tuples(st.sampled_from(("k1", "k2", "k3")), st.sampled_from(("", "a", "b")), st.integers(0, 900)), max_size=60)


@given(TRIES)
@settings(max_examples=60, deadline=None)
def test_no_window_ever_holds_more_tries_than_are_allowed(tries: list[tuple[str, str, int]]) -> None:
    made: tuple[kiosk_tries.Attempt, ...] = ()
    now = NOW
    for at, (kiosk, claim, seconds) in enumerate(tries):
        now += timedelta(seconds=seconds)
        one = kiosk_tries.Attempt(str(at), now, kiosk, claim)
        if kiosk_tries.has_room(made, one):
            made = (*made, one)
    for last in made:
        for limit, same in (
            (kiosk_tries.BY_KIOSK, [x for x in made if x.kiosk_id == last.kiosk_id]),
            (kiosk_tries.BY_CLAIM, [x for x in made if last.claim and x.claim == last.claim]),
            (kiosk_tries.BY_HOUSE, list(made)),
        ):
            assert sum(timedelta(0) <= last.at - x.at < limit[1] for x in same) <= limit[0]


def test_tries_at_the_same_moment_count_as_well(of: Clinic) -> None:
    """Between reading and writing somebody else tries: the second to write reads again, and hears that there is no room."""
    hand = kiosk_registry.by_key(of.ports, of.key)
    inner, depth = of.ports.store.put_house_document, [0]

    def put(name: str, body: bytes, at: object, **more: object) -> None:
        if name == kiosk_tries.DOCUMENT.name and depth[0] < 6:
            depth[0] += 1
            kiosk_tries.begun(hand, "claim", event())
        inner(name, body, at, **more)  # type: ignore[arg-type]

    of.ports.store.put_house_document = put  # type: ignore[method-assign]
    assert not kiosk_tries.begun(hand, "claim", event())
    assert len(load(of.ports.store, kiosk_tries.DOCUMENT).attempts) == kiosk_tries.BY_CLAIM[0]


def test_a_kiosk_says_it_lives_and_one_that_is_silent_is_late(of: Clinic) -> None:
    def line(name: str) -> kiosk_registry.KioskLine:
        return next(one for one in kiosk_registry.listed(of.ports, of.administrator) if one.kiosk.name == name)

    assert line("Hall").late
    of.keyed.hello(Heartbeat("1.2", 3, NOW, "ok", "missing"))
    of.local.hello(Heartbeat("1.2"))
    assert (
        not line("Hall").late
        and line("Hall").kiosk.beat == Heartbeat("1.2", 3, NOW, "ok", "missing")
        and line("Kiosk").kiosk.is_account
    )
    clock(of.ports).wait(minutes=6)
    assert line("Hall").late and not line("Kiosk").late
    assert of.key not in repr(kiosk_registry.listed(of.ports, of.administrator))
    kiosk_registry.revoke(of.ports, of.administrator, line("Hall").kiosk.kiosk_id)
    with pytest.raises(NotPermitted):
        of.keyed.hello(Heartbeat("1"))
    with pytest.raises(NotFound):
        kiosk_registry.revoke(of.ports, of.administrator, line("Kiosk").kiosk.kiosk_id)


def test_a_call_stays_until_somebody_answers_by_name(of: Clinic) -> None:
    welcomed = of.known()
    of.local.call_desk("danger", welcomed.ticket)
    of.local.call_desk("danger", welcomed.ticket)
    of.keyed.call_desk("asked", welcomed.ticket)
    of.keyed.call_desk("nonsense", "no ticket of ours")
    desk = kiosk_desk.desk(of.ports, of.coordinator)
    assert [(one.call.why, one.person_name, one.call.times) for one in desk.open] == [
        ("danger", "Margaret Ellis", 2),
        ("asked", "", 2),
    ]
    answered = kiosk_desk.answer(of.ports, of.coordinator, desk.open[0].call.call_id)
    assert kiosk_desk.answer(of.ports, COMMAND_LINE, answered.call_id).by_name == "Coordinator"
    assert kiosk_desk.waiting(of.ports, of.coordinator) == (1, False, False)
    clock(of.ports).wait(days=40)
    assert kiosk_desk.waiting(of.ports, COMMAND_LINE) == (1, False, False)


def test_a_damaged_list_is_said_and_a_call_never_looks_kept(of: Clinic) -> None:
    of.ports.store.put_house_document(kiosk_desk.DOCUMENT.name, b"[", event())
    with pytest.raises(BadInput, match="document_damaged"):
        of.keyed.call_desk("asked")
    assert kiosk_desk.desk(of.ports, of.coordinator).damaged and kiosk_desk.waiting(of.ports, of.coordinator)[2]
    kiosk_desk.start_over(of.ports, of.coordinator)
    of.keyed.call_desk("asked")
    assert len(kiosk_desk.desk(of.ports, of.coordinator).open) == 1


def test_many_kiosks_change_one_document_and_none_is_lost(of: Clinic) -> None:
    keys = [kiosk_registry.add(of.ports, of.administrator, f"K{at}").kiosk.kiosk_id for at in range(5)]
    change(of.ports.store, kiosk_registry.DOCUMENT, event(), lambda before: before)
    assert {one.kiosk.kiosk_id for one in kiosk_registry.listed(of.ports, of.administrator)} >= set(keys)
