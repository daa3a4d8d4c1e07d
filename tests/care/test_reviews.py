"""The team's side: everything that waits is in the queue in clinical order, decisions follow the table, reach the person, and make the report card."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.care import check_models, photo_checks, reviews, today
from core.care.access import COMMAND_LINE
from core.care.check_entries import Said
from core.care.check_lines import RETAKE_DAYS
from core.care.check_report import LEAST_SHOWN, wilson
from core.domain.checks import CHECK_MOVES, CHECKS_OPEN, CheckKind, CheckState, Declined, Finding, KeptCheck, SkinFacts, Spot
from core.domain.papers import PaperKind
from core.domain.people import Role
from core.errors import BadInput, Conflict, HealthboardError, NotFound
from tests.care.given import add_person, clock, event, ports_with, signed_in
from tests.care.given_checks import DEAD, SOON, WATCH, ToldModels, send, with_models
from tests.care.house import House, build
from tests.care.stores import STORES

P, C, CO, A = Role.PATIENT, Role.CAREGIVER, Role.COORDINATOR, Role.ADMINISTRATOR
SPOT = Spot("", "", CheckKind.SKIN, "nose", "front", 0.5, 0.2)
SCAR = Said(reason="model_wrong", text="It is a scar.")


@pytest.fixture
def house(request: pytest.FixtureRequest) -> House:
    """On the reference store, unless the test is for each."""
    built = build(ports_with(request.getfixturevalue(getattr(request, "param", "memory_store"))))
    return replace(built, ports=with_models(built.ports))


on_each_store = pytest.mark.parametrize("house", STORES, indirect=True)


def told(house: House) -> ToldModels:
    models: Any = house.ports.checks
    return models


def sent(house: House, says: Finding | Declined, content: bytes, **more: Any) -> KeptCheck:
    told(house).says[CheckKind.SKIN] = says
    clock(house.ports).wait(minutes=1)
    made = send(house.ports, house.actors[P], house.own, content, **more)
    return house.ports.store.check(house.own, made.check_id, event())


@on_each_store
def test_the_queue_is_in_clinical_order_and_the_oldest_first_among_equals(house: House) -> None:
    wanted = [
        sent(house, answer, name) for name, answer in ((b"r1", WATCH), (b"r2", WATCH), (b"d1", Declined("uncertain")), (b"s1", SOON), (b"m1", DEAD), (b"s2", SOON), (b"d2", Declined("out_of_distribution")))
    ]  # fmt: skip
    lines = reviews.queue(house.ports, house.actors[CO])
    assert [line.check.check_id for line in lines] == [wanted[at].check_id for at in (3, 5, 4, 2, 6, 0, 1)]
    assert [line.rank for line in lines] == [
        "show_soon",
        "show_soon",
        "waiting_model",
        "declined",
        "declined",
        "routine",
        "routine",
    ]
    assert reviews.waiting(house.ports, house.actors[CO]).by_rank == {
        "danger_words": 0,
        "show_soon": 2,
        "waiting_model": 1,
        "declined": 2,
        "retake_late": 0,
        "routine": 2,
    }
    assert reviews.waiting(house.ports, house.actors[CO]).total == 7


@on_each_store
def test_a_note_that_speaks_of_danger_stands_first_in_the_queue_and_raises_an_alert(house: House) -> None:
    sent(house, WATCH, b"w1")
    sent(house, WATCH, b"w2", note="It bleeds and I can't breathe")
    person = house.own
    desks = house.ports.store.papers((person,), event(), kinds=(PaperKind.DESK,))
    assert len(desks) == 1 and b"red_flag" in desks[0].body
    line = reviews.queue(house.ports, house.actors[CO])[0]
    assert line.rank == reviews.RANKS[0] == "danger_words"


@on_each_store
def test_a_decision_reaches_the_person_until_they_have_read_it(house: House) -> None:
    check = sent(house, SOON, b"one")
    assert [
        one.says.code for one in today.view(house.ports, house.actors[CO], house.own).attention if "check" in one.says.code
    ] == ["attention.checks_waiting"]
    reviews.confirm(house.ports, house.actors[CO], house.own, check.check_id, label="MEL", text="Please come\nthis week.")
    for role, code in ((P, "attention.check_soon_own"), (C, "attention.check_soon")):
        assert [
            one.says.code for one in today.view(house.ports, house.actors[role], house.own).attention if "check" in one.says.code
        ] == [code]
    (unseen,) = photo_checks.view(house.ports, house.actors[P], house.own).unseen
    assert (unseen.steps[-1].text, unseen.steps[-1].by, unseen.steps[-1].role) == (
        "Please come\nthis week.",
        "Coordinator",
        "coordinator",
    )
    photo_checks.seen(house.ports, house.actors[C], house.own, check.check_id)
    assert photo_checks.view(house.ports, house.actors[P], house.own).unseen, (
        "that a helper read it doesn't mean that the person has"
    )
    photo_checks.seen(house.ports, house.actors[P], house.own, check.check_id)
    assert photo_checks.view(house.ports, house.actors[P], house.own).unseen == ()
    assert [one for one in today.view(house.ports, house.actors[P], house.own).attention if "check" in one.says.code] == []
    reviews.overrule(house.ports, house.actors[CO], house.own, check.check_id, Said("NEV", "less_serious", "Good news."))
    (again,) = photo_checks.view(house.ports, house.actors[P], house.own).unseen
    assert [step.state for step in again.steps] == [CheckState.WAITING_REVIEW, CheckState.CONFIRMED, CheckState.OVERRULED]
    assert [one.says.code for one in today.view(house.ports, house.actors[P], house.own).attention if "check" in one.says.code] == [
        "attention.check_answered_own"
    ]


@pytest.mark.parametrize(
    ("says", "said", "pressing"),
    [
        (WATCH, Said("", "more_serious"), True), (WATCH, Said("MEL", "other_condition"), True), (SOON, Said("NEV", "less_serious"), False),
        (SOON, Said("", "model_wrong"), False), (WATCH, Said("other", "other_condition"), False),
    ],
)  # fmt: skip
def test_what_is_more_serious_than_the_check_said_is_pressing(says: Finding, said: Said, pressing: bool) -> None:
    built = build()
    house = replace(built, ports=with_models(built.ports))
    check = sent(house, says, b"one")
    reviews.overrule(house.ports, house.actors[CO], house.own, check.check_id, said)
    first = today.view(house.ports, house.actors[P], house.own).attention[0]
    assert (first.says.code == "attention.check_soon_own") is pressing


def test_a_photo_that_is_asked_for_stays_on_today_until_it_comes(house: House) -> None:
    def shown() -> list[str]:
        return [one.says.code for one in today.view(house.ports, house.actors[P], house.own).attention if "check" in one.says.code]

    check = sent(house, SOON, b"one")
    reviews.ask_retake(house.ports, house.actors[CO], house.own, check.check_id, reason="blurred")
    photo_checks.seen(house.ports, house.actors[P], house.own, check.check_id)
    assert shown() == ["attention.check_retake_own"], "read is not done"
    send(house.ports, house.actors[P], house.own, b"two", answers=check.check_id)
    assert shown() == []


def later(house: House, **span: float) -> None:
    """Time passes, and everybody signs in again."""
    clock(house.ports).wait(**span)
    for role, account in house.accounts.items():
        house.actors[role] = signed_in(house.ports, account, f"{role.value} {house.ports.clock.now()}")


def queued(house: House) -> list[tuple[str, str]]:
    return [(line.check.check_id, line.rank) for line in reviews.queue(house.ports, house.actors[CO])]


def waiting_words(house: House) -> dict[str, int]:
    """What Today tells the team of checks: code and count."""
    found = today.view(house.ports, house.actors[CO], house.own).attention
    return {one.says.code: int(one.says.facts["n"]) for one in found if "check" in one.says.code}


@on_each_store
def test_a_photo_that_was_asked_for_and_does_not_come_brings_the_check_back_before_the_team(house: House) -> None:
    nothing, wanted = sent(house, Declined("uncertain"), b"nothing"), sent(house, WATCH, b"wanted")
    clock(house.ports).wait(minutes=1)
    reviews.ask_retake(house.ports, house.actors[CO], house.own, wanted.check_id, reason="blurred")
    routine = sent(house, WATCH, b"routine")
    later(house, days=RETAKE_DAYS, minutes=-1)
    assert queued(house) == [(nothing.check_id, "declined"), (routine.check_id, "routine")], (
        "there is time until seven days are over"
    )
    later(house, minutes=1, seconds=1)
    assert queued(house) == [(nothing.check_id, "declined"), (wanted.check_id, "retake_late"), (routine.check_id, "routine")]
    found = reviews.waiting(house.ports, house.actors[CO])
    assert (found.total, found.by_rank["retake_late"]) == (3, 1)
    assert waiting_words(house) == {"attention.checks_waiting": 3}
    opened = reviews.opened(house.ports, house.actors[CO], house.own, wanted.check_id).line
    assert (opened.rank, opened.hours) == ("retake_late", RETAKE_DAYS * 24), "it waits since the photo was asked for"
    reviews.confirm(house.ports, house.actors[CO], house.own, wanted.check_id, text="We have seen it at your visit.")
    assert queued(house) == [(nothing.check_id, "declined"), (routine.check_id, "routine")]


@pytest.mark.parametrize("how", ["answers", "same_spot", "decided", "withdrawn", "other_spot", "no_spot"])
def test_a_newer_photo_of_the_same_spot_is_what_was_asked_for(house: House, how: str) -> None:
    place = photo_checks.add_spot(house.ports, house.actors[P], house.own, SPOT).spot_id
    other = photo_checks.add_spot(house.ports, house.actors[P], house.own, replace(SPOT, label="the other")).spot_id
    first = sent(house, WATCH, b"first", spot_id="" if how == "no_spot" else place)
    reviews.ask_retake(house.ports, house.actors[CO], house.own, first.check_id, reason="blurred")
    more = {"answers": {"answers": first.check_id}, "other_spot": {"spot_id": other}, "no_spot": {}}.get(how, {"spot_id": place})
    newer = sent(house, SOON, b"newer", **more)
    if how == "decided":
        reviews.confirm(house.ports, house.actors[CO], house.own, newer.check_id)
    if how == "withdrawn":
        photo_checks.withdraw(house.ports, house.actors[P], house.own, newer.check_id)
    later(house, days=RETAKE_DAYS + 1)
    came = how in ("answers", "same_spot", "decided")
    assert ((first.check_id, "retake_late") in queued(house)) is not came
    assert waiting_words(house).get("attention.checks_waiting", 0) == len(queued(house))


@on_each_store
def test_of_two_colleagues_one_was_faster(house: House) -> None:
    check = sent(house, SOON, b"one")
    reviews.ask_retake(house.ports, house.actors[CO], house.own, check.check_id, reason="blurred")
    with pytest.raises(Conflict, match="check_moved"):
        reviews.ask_retake(house.ports, house.actors[CO], house.own, check.check_id, reason="too_dark")
    reviews.confirm(house.ports, house.actors[CO], house.own, check.check_id)
    with pytest.raises(Conflict, match="check_moved"):
        reviews.confirm(house.ports, house.actors[CO], house.own, check.check_id)


def test_a_check_that_said_nothing_is_not_agreed_with_in_silence(house: House) -> None:
    check = sent(house, Declined("uncertain"), b"one")
    with pytest.raises(BadInput, match="words_needed"):
        reviews.confirm(house.ports, house.actors[CO], house.own, check.check_id)
    assert (
        reviews.confirm(house.ports, house.actors[CO], house.own, check.check_id, text="Looks fine to me.").state
        is CheckState.CONFIRMED
    )


@pytest.mark.parametrize(
    "said",
    [Said(), Said(reason="because"), Said("XYZ", "model_wrong"), Said("af", "model_wrong"), Said("", "model_wrong", "x" * 1001)],
)
def test_a_decision_without_a_reason_or_with_an_unknown_label_is_refused(said: Said) -> None:
    built = build()
    house = replace(built, ports=with_models(built.ports))
    check = sent(house, SOON, b"one")
    with pytest.raises(BadInput):
        reviews.overrule(house.ports, house.actors[CO], house.own, check.check_id, said)
    for reason, text in (("", ""), ("because", ""), ("something_else", "  ")):
        with pytest.raises(BadInput):
            reviews.ask_retake(house.ports, house.actors[CO], house.own, check.check_id, reason=reason, text=text)
    assert house.ports.store.check(house.own, check.check_id, event()) == check


def test_a_check_that_is_opened_comes_with_its_spots_history_and_the_models_card(house: House) -> None:
    spot = photo_checks.add_spot(house.ports, house.actors[P], house.own, replace(SPOT, label="left"))
    first = sent(house, WATCH, b"one", spot_id=spot.spot_id)
    second = sent(house, SOON, b"two", spot_id=spot.spot_id)
    clock(house.ports).wait(minutes=20)
    found = reviews.opened(house.ports, house.actors[CO], house.own, second.check_id)
    assert found.spot is not None
    assert [one.check_id for one in found.spot.checks] == [second.check_id, first.check_id]
    assert (found.card is not None, found.line.check.result.answer, found.line.person_name) == (True, SOON, "CANARY-OWN Own")
    told(house).missing = {CheckKind.SKIN}
    assert reviews.opened(house.ports, house.actors[CO], house.own, second.check_id).card is None
    with pytest.raises(NotFound):
        reviews.opened(house.ports, house.actors[CO], house.own, "elsewhere")


@on_each_store
def test_every_move_leaves_a_line_in_the_trail(house: House) -> None:
    check = sent(house, SOON, b"one")
    reviews.overrule(house.ports, house.actors[CO], house.own, check.check_id, SCAR)
    lines = [line.event for line in house.ports.store.audit_of(house.own, event())]
    assert [(one.actor_id, one.what) for one in lines if one.action == "review_check"].count(
        (house.accounts[CO].account_id, check.check_id)
    ) == 2
    assert not [one for one in lines if "scar" in repr(one)]


# --------------------------------------------------------------------------------------------------------- whatever anybody does


def _walk(house: House, seed: int) -> None:
    """Random people do random things with checks; what they are refused changes nothing."""
    rng, ports = random.Random(seed), house.ports
    history: dict[str, tuple[Any, ...]] = {}
    for turn in range(40):
        told(house).says[CheckKind.SKIN] = rng.choice((SOON, WATCH, DEAD, Declined("uncertain")))
        check_id = rng.choice([*history, "nobody's"])
        do = rng.choice((
            lambda: send(ports, house.actors[rng.choice((P, C))], house.own, b"%d" % rng.randrange(12), answers=rng.choice(("", "", check_id))),
            lambda: photo_checks.withdraw(ports, house.actors[P], house.own, check_id),
            lambda: photo_checks.seen(ports, house.actors[P], house.own, check_id),
            lambda: reviews.confirm(ports, house.actors[CO], house.own, check_id, text=rng.choice(("", "words"))),
            lambda: reviews.overrule(ports, house.actors[CO], house.own, check_id, SCAR),
            lambda: reviews.ask_retake(ports, house.actors[CO], house.own, check_id, reason="blurred"),
            lambda: check_models.ask_again(ports, COMMAND_LINE, 5),
        ))  # fmt: skip
        with suppress(BadInput, Conflict, NotFound):
            do()
        later(house, days=rng.choice((0, 0, 0, 3)), seconds=turn + 1)
        now = {one.check_id: one for one in ports.store.checks((house.own,), event())}
        assert set(history) <= set(now), "no check is lost"
        for one in now.values():
            before = history.get(one.check_id, ())
            assert one.steps[: len(before)] == before, "a history only grows"
            moves = [step.state for step in one.steps]
            assert moves[-1] is one.state, "and says where the check stands"
            assert all(to in CHECK_MOVES[was] for was, to in pairwise(moves)), "by the table alone"
            history[one.check_id] = one.steps
        long_ago = ports.clock.now() - timedelta(days=RETAKE_DAYS)
        waiting = {
            one.check_id
            for one in now.values()
            if one.state in CHECKS_OPEN or (one.state is CheckState.RETAKE_ASKED and one.steps[-1].at < long_ago)
        }
        assert {line.check.check_id for line in reviews.queue(ports, house.actors[CO])} == waiting, (
            "everything that waits is in the queue"
        )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_whatever_people_do_no_check_is_lost_and_every_move_is_in_the_table(seed: int) -> None:
    built = build()
    _walk(replace(built, ports=with_models(built.ports)), seed)


def test_the_same_holds_in_the_real_store(sql_store: Any) -> None:
    built = build(ports_with(sql_store))
    _walk(replace(built, ports=with_models(built.ports)), 7)


# ---------------------------------------------------------------------------------------------------------------- the report card


def test_the_report_card_counts_agreement_by_who_it_was_and_what_was_said(house: House) -> None:
    woman = add_person(house.ports, gender="female")
    for at in range(8):
        told(house).says[CheckKind.SKIN] = SOON if at < 6 else WATCH
        check = send(house.ports, COMMAND_LINE, woman, b"%d" % at, facts=SkinFacts(61, "nose", 2))
        if at % 3:
            reviews.confirm(house.ports, COMMAND_LINE, woman, check.check_id)
        else:
            reviews.overrule(house.ports, COMMAND_LINE, woman, check.check_id, SCAR)
    sent(house, SOON, b"undecided")
    sent(house, Declined("uncertain"), b"declined")
    skin = check_models.lines(house.ports, COMMAND_LINE)[0]
    by_group = {one.of: (one.decided, one.agreed) for one in skin.agreement}
    assert by_group == {
        "all": (8, 5),
        "says.show_soon": (6, 4),
        "skin_type.2": (8, 5),
        "place.nose": (8, 5),
        "age.60_79": (8, 5),
        "sex.female": (8, 5),
    }
    assert "says.keep_watching" not in by_group, f"fewer than {LEAST_SHOWN} would tell about somebody"
    everybody = skin.agreement[0]
    assert (everybody.share, everybody.low, everybody.high) == (5 / 8, *wilson(5, 8))
    assert (skin.checks, dict(skin.declined), skin.on, skin.why) == (10, {"uncertain": 1}, True, "")
    assert {one.measure: one.index for one in skin.drift} == dict.fromkeys(
        ("score", "distance", "brightness", "sharpness", "declined")
    )


def test_photos_that_have_become_darker_are_noticed() -> None:
    built = build()
    house = replace(built, ports=with_models(built.ports))
    rng = random.Random(1)
    for at in range(120):
        told(house).measures = {"light": rng.gauss(130 if at < 60 else 70, 15), "sharpness": rng.gauss(20, 3)}
        house.ports.store.put_check(replace(sent_by_hand(house, at)), b"%d" % at, b"", event())
    found = {one.measure: one for one in check_models.lines(house.ports, COMMAND_LINE)[0].drift}
    assert found["brightness"].index is not None
    assert found["brightness"].index > 0.25 > (found["sharpness"].index or 0)
    assert (found["brightness"].first, found["brightness"].latest) == (60, 60)


def sent_by_hand(house: House, at: int) -> KeptCheck:
    """A check as a photo would make it, past the limits on how many may wait."""
    photo = told(house).photo(b"%d" % at)
    checked = told(house).check_photo(CheckKind.SKIN, photo)
    when = house.ports.clock.now() + timedelta(minutes=at)
    return KeptCheck("", house.own, CheckKind.SKIN, CheckState.WAITING_REVIEW, when, "x", photo.digest, checked.result)


def test_the_report_card_of_nobody_is_empty_and_says_so(house: House) -> None:
    told(house).missing, told(house).research = {CheckKind.WOUND}, {CheckKind.RHYTHM}
    skin, wound, rhythm = check_models.lines(house.ports, house.actors[A])
    assert [(one.on, one.why, one.checks, one.may_switch) for one in (skin, wound, rhythm)] == [
        (True, "", 0, True), (False, "model_unavailable", 0, True), (False, "switched_off", 0, True),
    ]  # fmt: skip
    assert skin.agreement[0].share is None
    assert not check_models.lines(house.ports, house.actors[CO])[0].may_switch


@on_each_store
def test_a_model_can_be_switched_and_the_switch_stands(house: House) -> None:
    check_models.switch(house.ports, house.actors[A], CheckKind.SKIN, False)
    assert not check_models.lines(house.ports, house.actors[A])[0].on
    assert sent(house, SOON, b"one").result.answer == Declined("switched_off")
    check_models.switch(house.ports, house.actors[A], CheckKind.SKIN, True)
    assert sent(house, SOON, b"two").result.answer == SOON


def test_people_elsewhere_count_in_the_report_card_and_nowhere_else(house: House) -> None:
    somebody = add_person(house.ports, "Else")
    send(house.ports, COMMAND_LINE, somebody, b"theirs")
    assert reviews.queue(house.ports, house.actors[CO]) == ()
    assert check_models.lines(house.ports, house.actors[CO])[0].checks == 1
    with pytest.raises(HealthboardError):
        reviews.opened(house.ports, house.actors[CO], somebody, house.ports.store.checks((somebody,), event())[0].check_id)


@given(st.integers(1, 400), st.data())
def test_the_interval_holds_the_share_and_stays_between_nothing_and_all(of: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, of))
    low, high = wilson(hits, of)
    assert 0 <= low <= hits / of <= high <= 1
    assert low < high
