"""Sending a photo: whatever the check says, or doesn't, it is kept once and the team gets it; the person sees what is theirs to see."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.care import check_models, photo_checks, reviews, signal_checks
from core.care.access import COMMAND_LINE
from core.care.check_entries import MOST_OPEN, Said
from core.domain.checks import Area, CheckKind, CheckResult, CheckState, Declined, Finding, Quality, SkinFacts, Spot
from core.domain.people import Role
from core.errors import BadInput, Conflict, FileRefused, HealthboardError, ModelUnavailable, NotFound
from tests.care.given import NOW, add_account, add_panel, clock, event, ports_with, signed_in
from tests.care.given_checks import DEAD, SOON, WATCH, ToldModels, send, with_models
from tests.care.house import House, build
from tests.care.stores import STORES

P, C, CO, A = Role.PATIENT, Role.CAREGIVER, Role.COORDINATOR, Role.ADMINISTRATOR
SPOT = Spot("", "", CheckKind.SKIN, "nose", "front", 0.5, 0.2, "left")


@pytest.fixture
def house(request: pytest.FixtureRequest) -> House:
    """On the reference store, unless the test is for each."""
    built = build(ports_with(request.getfixturevalue(getattr(request, "param", "memory_store"))))
    return replace(built, ports=with_models(built.ports))


on_each_store = pytest.mark.parametrize("house", STORES, indirect=True)


def told(house: House) -> ToldModels:
    models: Any = house.ports.checks
    return models


@on_each_store
def test_a_photo_is_checked_kept_and_handed_to_the_team(house: House) -> None:
    kept = send(house.ports, house.actors[P], house.own, facts=SkinFacts(61, "nose", 2, {"itch": True}), note="  new \n since May ")
    assert (kept.state, kept.note, kept.facts) == (
        CheckState.WAITING_REVIEW,
        "new\nsince May",
        SkinFacts(61, "nose", 2, {"itch": True}),
    )
    (line,) = reviews.queue(house.ports, house.actors[CO])
    assert (line.check.check_id, line.rank, line.check.result.answer) == (kept.check_id, "show_soon", SOON)
    assert photo_checks.picture(house.ports, house.actors[CO], house.own, kept.check_id) == b"photo"
    assert photo_checks.overlay(house.ports, house.actors[P], house.own, kept.check_id) == b"overlay"


def test_the_six_classes_and_what_a_check_leaned_to_are_for_clinicians_alone(house: House) -> None:
    send(house.ports, house.actors[P], house.own)
    told(house).poor = ("too_dark",)
    send(house.ports, house.actors[C], house.own, b"dark", anyway=True)
    for role in (P, C):
        for check in photo_checks.view(house.ports, house.actors[role], house.own).loose:
            assert check.result.leaning is None
            assert not (isinstance(check.result.answer, Finding) and check.result.answer.classes)
    seen = photo_checks.view(house.ports, house.actors[CO], house.own).loose
    assert [bool(one.result.leaning) for one in seen] == [True, False] or [bool(one.result.leaning) for one in seen] == [
        False,
        True,
    ]


def test_looking_keeps_nothing(house: House) -> None:
    looked = photo_checks.look(house.ports, house.actors[P], house.own, CheckKind.SKIN, b"photo")
    assert (looked.content, looked.width, looked.height, looked.quality.ok) == (b"photo", 6, 4, True)
    assert photo_checks.view(house.ports, house.actors[P], house.own).loose == ()
    with pytest.raises(FileRefused):
        photo_checks.look(house.ports, house.actors[P], house.own, CheckKind.SKIN, b"broken")
    with pytest.raises(BadInput):
        photo_checks.look(house.ports, house.actors[P], house.own, CheckKind.RHYTHM, b"photo")


@on_each_store
def test_the_same_photo_sent_twice_is_one_check_and_asks_the_model_once(house: House) -> None:
    first = send(house.ports, house.actors[P], house.own)
    assert send(house.ports, house.actors[C], house.own).check_id == first.check_id
    assert told(house).asked == [CheckKind.SKIN]
    assert len(reviews.queue(house.ports, house.actors[CO])) == 1


def test_a_poor_photo_is_sent_only_when_the_person_says_so(house: House) -> None:
    told(house).poor = ("too_dark", "blurred")
    with pytest.raises(BadInput) as refused:
        send(house.ports, house.actors[P], house.own)
    assert refused.value.facts["need"] == "too_dark blurred"
    assert (told(house).asked, photo_checks.view(house.ports, house.actors[P], house.own).loose) == ([], ())
    kept = send(house.ports, house.actors[P], house.own, anyway=True)
    assert (kept.result.answer, kept.state) == (Declined("poor_quality", ("too_dark", "blurred")), CheckState.WAITING_REVIEW)


def test_a_dead_model_is_not_a_clean_photo(house: House) -> None:
    told(house).says[CheckKind.SKIN] = WATCH
    harmless = send(house.ports, house.actors[P], house.own, b"harmless")
    clock(house.ports).wait(minutes=5)
    told(house).says[CheckKind.SKIN] = DEAD
    waiting = send(house.ports, house.actors[P], house.own, b"unanswered")
    assert (waiting.state, waiting.overlay) == (CheckState.WAITING_MODEL, "")
    assert [line.check.check_id for line in reviews.queue(house.ports, house.actors[CO])] == [waiting.check_id, harmless.check_id]


@on_each_store
def test_the_worker_asks_again_and_the_team_may_be_faster(house: House) -> None:
    told(house).says[CheckKind.SKIN] = DEAD
    first, second = send(house.ports, house.actors[P], house.own, b"one"), send(house.ports, house.actors[P], house.own, b"two")
    assert check_models.ask_again(house.ports, COMMAND_LINE, 10) == 0
    assert told(house).asked[2:] == [CheckKind.SKIN], "while none answers, one question a round is enough"
    told(house).says[CheckKind.SKIN] = SOON

    def meanwhile() -> None:
        told(house).before_answer = lambda: None
        reviews.confirm(house.ports, house.actors[CO], house.own, first.check_id, text="Seen by eye.")

    told(house).before_answer = meanwhile
    assert check_models.ask_again(house.ports, COMMAND_LINE, 10) == 1
    by_id = {one.check_id: one for one in house.ports.store.checks((house.own,), event())}
    assert (by_id[first.check_id].state, by_id[first.check_id].result.answer) == (CheckState.CONFIRMED, DEAD)
    assert (by_id[second.check_id].state, by_id[second.check_id].result.answer) == (CheckState.WAITING_REVIEW, SOON)
    assert photo_checks.overlay(house.ports, house.actors[P], house.own, second.check_id) == b"overlay"
    assert check_models.ask_again(house.ports, COMMAND_LINE, 10) == 0


def test_a_house_whose_models_are_gone_keeps_what_waits(house: House) -> None:
    told(house).says[CheckKind.SKIN] = DEAD
    send(house.ports, house.actors[P], house.own)
    assert check_models.ask_again(replace(house.ports, checks=None), COMMAND_LINE, 10) == 0
    assert house.ports.store.checks_without_answer(10)


def test_one_photo_that_cannot_be_read_any_more_stops_no_others(house: House) -> None:
    told(house).says[CheckKind.SKIN] = DEAD
    for content in (b"broken later", b"two"):
        send(house.ports, house.actors[P], house.own, content)
        clock(house.ports).wait(minutes=1)
    told(house).says[CheckKind.SKIN] = SOON
    whole = told(house).photo
    house.ports.checks.photo = lambda content: whole(b"broken" if content == b"broken later" else content)
    assert check_models.ask_again(house.ports, COMMAND_LINE, 10) == 1
    assert len(reviews.queue(house.ports, house.actors[CO])) == 2


def test_a_kind_without_a_model_keeps_no_other_kind_waiting(house: House) -> None:
    told(house).says[CheckKind.SKIN] = told(house).says[CheckKind.WOUND] = DEAD
    for at in range(3):
        send(house.ports, house.actors[P], house.own, b"skin%d" % at)
    send(house.ports, house.actors[P], house.own, b"wound", CheckKind.WOUND)
    told(house).says[CheckKind.WOUND] = Finding("measured", None, (), Area(0.1))
    assert check_models.ask_again(house.ports, COMMAND_LINE, 2) == 1


def test_a_research_model_is_asked_only_where_it_was_switched_on_or_in_the_demo(house: House) -> None:
    told(house).research = {CheckKind.WOUND}
    kept = send(house.ports, house.actors[P], house.own, b"one", CheckKind.WOUND)
    assert (kept.result.answer, kept.state, told(house).asked) == (Declined("switched_off"), CheckState.WAITING_REVIEW, [])
    assert [one.why for one in photo_checks.view(house.ports, house.actors[P], house.own).offered] == ["", "switched_off", ""]
    demo = replace(house.ports, demo=True)
    assert isinstance(send(demo, COMMAND_LINE, house.own, b"two", CheckKind.WOUND).result.answer, Finding)
    check_models.switch(house.ports, house.actors[A], CheckKind.WOUND, True)
    assert isinstance(send(house.ports, house.actors[P], house.own, b"three", CheckKind.WOUND).result.answer, Finding)
    check_models.switch(house.ports, house.actors[A], CheckKind.WOUND, False)
    assert send(demo, COMMAND_LINE, house.own, b"four", CheckKind.WOUND).result.answer == Declined("switched_off")


@on_each_store
def test_a_missing_card_keeps_the_photo_for_later(house: House) -> None:
    told(house).missing = {CheckKind.SKIN}
    kept = send(house.ports, house.actors[P], house.own)
    assert (kept.state, told(house).asked) == (CheckState.WAITING_MODEL, [])
    (offered, *_) = photo_checks.view(house.ports, house.actors[P], house.own).offered
    assert (offered.available, offered.why) == (False, "model_unavailable")


def test_a_house_without_models_says_so_and_takes_nothing_in(house: House) -> None:
    bare = replace(house.ports, checks=None)
    assert {one.why for one in photo_checks.view(bare, house.actors[P], house.own).offered} == {"model_unavailable"}
    with pytest.raises(ModelUnavailable):
        send(bare, house.actors[P], house.own)


def test_where_nobody_of_a_team_looks_it_is_said_at_once(house: House) -> None:
    assert photo_checks.view(house.ports, house.actors[P], house.own).has_team
    assert not photo_checks.view(house.ports, COMMAND_LINE, house.other).has_team


# --------------------------------------------------------------------------------------------------------------- spots and retakes


def test_photos_of_a_spot_stand_together(house: House) -> None:
    spot = photo_checks.add_spot(house.ports, COMMAND_LINE, house.own, SPOT)
    first = send(house.ports, COMMAND_LINE, house.own, b"one", spot_id=spot.spot_id)
    clock(house.ports).wait(days=7)
    second = send(house.ports, COMMAND_LINE, house.own, b"two", spot_id=spot.spot_id)
    (line,) = photo_checks.view(house.ports, COMMAND_LINE, house.own).spots
    assert (line.spot, [one.check_id for one in line.checks]) == (spot, [second.check_id, first.check_id])
    photo_checks.close_spot(house.ports, COMMAND_LINE, house.own, spot.spot_id)
    with pytest.raises(BadInput, match="spot_closed"):
        send(house.ports, COMMAND_LINE, house.own, b"three", spot_id=spot.spot_id)
    with pytest.raises(NotFound):
        send(house.ports, COMMAND_LINE, house.own, b"three", spot_id="elsewhere")
    with pytest.raises(BadInput, match="spot_closed"):
        send(
            house.ports,
            COMMAND_LINE,
            house.own,
            b"three",
            CheckKind.WOUND,
            spot_id=photo_checks.add_spot(house.ports, COMMAND_LINE, house.own, SPOT).spot_id,
        )


@on_each_store
def test_the_coin_a_person_names_is_looked_for_beside_a_wound_alone(house: House) -> None:
    send(house.ports, house.actors[P], house.own, b"wound", CheckKind.WOUND, coin="usd_quarter")
    send(house.ports, house.actors[P], house.own, b"spot", CheckKind.SKIN, coin="usd_quarter")
    assert told(house).coins == ["usd_quarter", ""]
    with pytest.raises(BadInput, match="bad_choice"):
        send(house.ports, house.actors[P], house.own, b"other", CheckKind.WOUND, coin="button")


def test_two_photos_of_one_wound_are_laid_on_each_other_and_no_others(house: House) -> None:
    models, sent = told(house), {}
    for spot in ("left", "right"):
        place = photo_checks.add_spot(
            house.ports, house.actors[P], house.own, replace(SPOT, kind=CheckKind.WOUND, label=spot)
        ).spot_id
        for number in (1, 2):
            name = f"{spot} {number}"
            sent[name] = send(house.ports, house.actors[P], house.own, name.encode(), CheckKind.WOUND, spot_id=place).check_id
    loose = send(house.ports, house.actors[P], house.own, b"loose", CheckKind.WOUND).check_id

    def laid(first: str, other: str) -> bytes | None:
        return photo_checks.side_by_side(house.ports, house.actors[P], house.own, first, other)

    assert laid(sent["left 1"], sent["left 2"]) == b"laid left 2"
    assert models.laid == [(b"left 1", b"left 2")]
    assert laid(sent["left 1"], sent["right 1"]) is None
    assert laid(loose, loose) is None
    check_models.switch(house.ports, COMMAND_LINE, CheckKind.WOUND, False)
    assert laid(sent["left 1"], sent["left 2"]) is None, "a model that is off looks at nothing"
    assert len(models.laid) == 1
    check_models.switch(house.ports, COMMAND_LINE, CheckKind.WOUND, True)
    models.missing = {CheckKind.WOUND}
    assert laid(sent["left 1"], sent["left 2"]) is None
    with pytest.raises(NotFound):
        laid(sent["left 1"], "elsewhere")


def test_sizes_of_a_wound_are_joined_only_in_one_unit(house: House) -> None:
    spot = photo_checks.add_spot(house.ports, COMMAND_LINE, house.own, replace(SPOT, kind=CheckKind.WOUND, place="foot"))
    for content, area in ((b"1", Area(0.3, 6.0, "card")), (b"2", Area(0.25)), (b"3", Area(0.2, 4.0, "card"))):
        told(house).says[CheckKind.WOUND] = Finding("measured", None, (), area)
        send(house.ports, COMMAND_LINE, house.own, content, CheckKind.WOUND, spot_id=spot.spot_id)
        clock(house.ports).wait(days=7)
    (line,) = photo_checks.view(house.ports, COMMAND_LINE, house.own).spots
    assert ([size for _, size in line.areas], line.unit) == ([6.0, 4.0], "cm2")
    newest = line.checks[0]
    reviews.overrule(house.ports, COMMAND_LINE, house.own, newest.check_id, Said(reason="model_wrong"))
    (line,) = photo_checks.view(house.ports, COMMAND_LINE, house.own).spots
    assert ([size for _, size in line.areas], line.unit) == ([0.3, 0.25], "share"), "what a clinician called wrong is no size"


def test_a_retake_answers_the_check_that_asked_for_it(house: House) -> None:
    spot = photo_checks.add_spot(house.ports, house.actors[P], house.own, SPOT)
    first = send(house.ports, house.actors[P], house.own, b"one", spot_id=spot.spot_id)
    reviews.ask_retake(house.ports, house.actors[CO], house.own, first.check_id, reason="blurred", text="Hold it still.")
    assert [one.check_id for one in photo_checks.view(house.ports, house.actors[P], house.own).unseen] == [first.check_id]
    with pytest.raises(BadInput, match="photo_same"):
        send(house.ports, house.actors[P], house.own, b"one", answers=first.check_id)
    second = send(house.ports, house.actors[P], house.own, b"two", answers=first.check_id)
    assert (second.answers, second.spot_id) == (first.check_id, spot.spot_id)
    states = {one.check_id: one.state for one in house.ports.store.checks((house.own,), event())}
    assert states == {first.check_id: CheckState.RETAKEN, second.check_id: CheckState.WAITING_REVIEW}
    assert send(house.ports, house.actors[P], house.own, b"two", answers=first.check_id).check_id == second.check_id
    with pytest.raises(NotFound):
        send(house.ports, house.actors[P], house.own, b"three", answers="elsewhere")


@on_each_store
def test_a_retake_whose_sender_was_cut_off_half_way_is_finished_by_sending_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = send(house.ports, house.actors[P], house.own, b"one")
    reviews.ask_retake(house.ports, house.actors[CO], house.own, first.check_id, reason="too_dark")

    def cut_off(*_: object, **__: object) -> None:
        raise HealthboardError("killed")

    with monkeypatch.context() as broken, pytest.raises(HealthboardError, match="killed"):
        broken.setattr(type(house.ports.store), "change_check", cut_off)
        send(house.ports, house.actors[P], house.own, b"two", answers=first.check_id)
    again = send(house.ports, house.actors[P], house.own, b"two", answers=first.check_id)
    states = {one.check_id: one.state for one in house.ports.store.checks((house.own,), event())}
    assert states == {first.check_id: CheckState.RETAKEN, again.check_id: CheckState.WAITING_REVIEW}


@on_each_store
def test_a_photo_can_be_taken_back_until_somebody_decided(house: House) -> None:
    first, second = send(house.ports, house.actors[P], house.own, b"one"), send(house.ports, house.actors[P], house.own, b"two")
    assert photo_checks.withdraw(house.ports, house.actors[P], house.own, first.check_id).state is CheckState.WITHDRAWN
    assert [line.check.check_id for line in reviews.queue(house.ports, house.actors[CO])] == [second.check_id]
    assert send(house.ports, house.actors[P], house.own, b"one").check_id != first.check_id
    reviews.confirm(house.ports, house.actors[CO], house.own, second.check_id)
    with pytest.raises(Conflict):
        photo_checks.withdraw(house.ports, house.actors[P], house.own, second.check_id)


# --------------------------------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "sent",
    [
        {"facts": SkinFacts(age=-1)}, {"facts": SkinFacts(age=200)}, {"facts": SkinFacts(skin_type=7)}, {"facts": SkinFacts(place="moon")},
        {"facts": SkinFacts(symptoms={"sings": True})}, {"note": "x" * 501}, {"note": "\x00"},
    ],
)  # fmt: skip
def test_what_nobody_could_mean_is_refused(sent: dict[str, Any]) -> None:
    house = build()
    with pytest.raises(BadInput):
        send(with_models(house.ports), house.actors[P], house.own, **sent)


@pytest.mark.parametrize(
    "change", [{"place": ""}, {"view": "side"}, {"x": 1.1}, {"y": float("nan")}, {"label": "x" * 61}, {"kind": CheckKind.RHYTHM}]
)
def test_a_spot_nobody_can_have_is_refused(change: dict[str, Any]) -> None:
    house = build()
    with pytest.raises(BadInput):
        photo_checks.add_spot(house.ports, house.actors[P], house.own, replace(SPOT, **change))


def test_a_person_cannot_fill_the_queue_without_end() -> None:
    house = build()
    ports = with_models(house.ports)
    for at in range(MOST_OPEN):
        send(ports, house.actors[P], house.own, b"%d" % at)
    with pytest.raises(BadInput, match="too_many_waiting"):
        send(ports, house.actors[P], house.own, b"one more")


def test_a_time_of_the_photo_that_lies_ahead_is_not_believed() -> None:
    house = build()
    ports = with_models(house.ports)
    assert send(ports, house.actors[P], house.own, b"1", taken_at=NOW - timedelta(days=3)).taken_at == NOW - timedelta(days=3)
    assert send(ports, house.actors[P], house.own, b"2", taken_at=NOW + timedelta(days=3)).taken_at is None


# ------------------------------------------------------------------------------------------------------------------------- recordings


def piece(says: Finding | Declined, pulse: float | None = 70.0) -> CheckResult:
    return CheckResult(CheckKind.RHYTHM, Quality(), says, 0.2, None, None, pulse)


def test_a_recording_is_one_check(house: House) -> None:
    told(house).pieces = tuple(piece(Finding("possible_irregular", 0.9)) for _ in range(3))
    (kept,) = signal_checks.submit(house.ports, house.actors[P], house.own, "pulse.npz", b"signal", 100.0)
    assert (kept.kind, kept.result.answer, kept.result.pulse) == (
        CheckKind.RHYTHM,
        Finding("possible_irregular", pytest.approx(0.9)),
        70.0,
    )
    assert signal_checks.submit(house.ports, house.actors[P], house.own, "again.npz", b"signal", 100.0)[0].check_id == kept.check_id
    assert [line.rank for line in reviews.queue(house.ports, house.actors[CO])] == ["show_soon"]


def test_the_picture_of_a_recording_is_of_what_speaks_most_for_it(house: House) -> None:
    told(house).pieces = (
        piece(Finding("no_irregularity_seen", 0.1)),
        piece(Finding("possible_irregular", 0.8)),
        piece(Declined("uncertain")),
    )
    (kept,) = signal_checks.submit(house.ports, house.actors[P], house.own, "pulse.npz", b"signal", 100.0)
    assert photo_checks.overlay(house.ports, house.actors[CO], house.own, kept.check_id) == b"trace 1"


@pytest.mark.parametrize(
    ("whole", "state"),
    [
        (Declined("poor_quality"), CheckState.WAITING_MODEL),
        (Finding("no_irregularity_seen", 0.1), CheckState.WAITING_MODEL),
        (Finding("possible_irregular", 0.9), CheckState.WAITING_REVIEW),
    ],
)
def test_a_recording_with_pieces_nobody_answered_is_no_all_clear(whole: Finding | Declined, state: CheckState) -> None:
    built = build()
    house = replace(built, ports=with_models(built.ports))
    told(house).pieces = (piece(whole), piece(DEAD), piece(Declined("poor_quality", ("signal_noisy",))))
    (kept,) = signal_checks.submit(house.ports, house.actors[P], house.own, "pulse.npz", b"signal", 100.0)
    assert kept.state is state


@on_each_store
def test_the_coin_is_remembered_for_a_model_that_answers_later(house: House) -> None:
    told(house).says[CheckKind.WOUND] = DEAD
    kept = send(house.ports, house.actors[P], house.own, b"wound", CheckKind.WOUND, coin="usd_quarter")
    assert (kept.state, house.ports.store.check(house.own, kept.check_id, event()).coin) == (CheckState.WAITING_MODEL, "usd_quarter")
    told(house).says[CheckKind.WOUND] = Finding("measured", None, (), Area(0.2, 4.0, "coin"))
    assert check_models.ask_again(house.ports, COMMAND_LINE, 5) == 1
    assert told(house).coins == ["usd_quarter", "usd_quarter"]


def test_a_recording_is_kept_where_the_model_is_off_or_dead_and_asked_again(house: House) -> None:
    told(house).research, told(house).pieces = {CheckKind.RHYTHM}, (piece(DEAD, None),)
    (off,) = signal_checks.submit(house.ports, house.actors[P], house.own, "a.npz", b"one", 100.0)
    assert off.result.answer == Declined("switched_off")
    told(house).research = set()
    (dead,) = signal_checks.submit(house.ports, house.actors[P], house.own, "b.npz", b"two", 100.0)
    assert dead.state is CheckState.WAITING_MODEL
    told(house).pieces = (piece(Finding("no_irregularity_seen", 0.1)),)
    assert check_models.ask_again(house.ports, COMMAND_LINE, 5) == 1
    assert house.ports.store.check(house.own, dead.check_id, event()).result.answer == Finding("no_irregularity_seen", 0.1)


def test_a_coordinator_of_another_panel_sees_nothing_of_it(house: House) -> None:
    kept = send(house.ports, house.actors[P], house.own)
    stranger = add_account(house.ports, CO, "elsewhere")
    add_panel(house.ports, "Elsewhere", (house.other,), stranger)
    actor = signed_in(house.ports, house.ports.store.account(stranger.account_id))
    assert reviews.queue(house.ports, actor) == ()
    with pytest.raises(HealthboardError):
        reviews.opened(house.ports, actor, house.own, kept.check_id)
