"""A visit is taken in once, whole, by whoever died in between and however often it comes; what is hostile in it is left out, and said."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.care import (
    alerts,
    kiosk_again,
    kiosk_checked,
    kiosk_codes,
    kiosk_desk,
    kiosk_home,
    kiosk_journal,
    kiosk_unmatched,
    letters,
    medicine_book,
    tasks,
)
from core.care.access import COMMAND_LINE, Action, require
from core.care.kiosk_papers import load
from core.care.kiosk_server import KeyServer
from core.domain.papers import PaperKind
from core.errors import BadInput, Conflict, NotFound, SourceUnavailable
from core.kiosk.terms import Collected, Measure, Photo, Proof, Reading, SealedVisit, VisitReceipt
from tests.care.given import NOW, add_person, clock, event
from tests.care.given_checks import with_models
from tests.care.given_kiosk import PROOF, Clinic, clinic, collected, own_medicine
from tests.care.memory_store import MemoryStore

WRITES = frozenset({"put_papers", "put_in_drawer", "put_house_document", "put_check", "importing", "keep_key"})


class Died(BaseException):
    """The machine stopped."""


class Dying:
    """A store whose machine stops at the `at`th writing: before it, or just after."""

    def __init__(self, inner: MemoryStore, at: int, after: bool) -> None:
        self.inner, self.left, self.after = inner, at, after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        return self._counted(found) if name in WRITES else found

    def _counted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any, **more: Any) -> Any:
            self.left -= 1
            if self.left == 0 and not self.after:
                raise Died
            done = call(*given, **more)
            if self.left == 0 and not hasattr(done, "__enter__"):
                raise Died
            return done

        return counted


def everything(of: Clinic, code: str) -> Collected:
    """A visit with something for every step, whose person is known by the code that is sealed in it."""
    answers = {"phq-2": {"phq1": "1", "phq2": "0"}}
    return collected(
        of, proof=Proof("code", code=code), contact={"phone:0": "020 1234"}, medicines_added=("Aspirin",), allergies_added=("Latex",), questionnaires=answers,
        danger=("stroke",), needs_person=True, photos=(Photo("skin", b"photo"),),
    )  # fmt: skip


def ready() -> tuple[Clinic, SealedVisit]:
    of = clinic()
    of.ports = with_models(of.ports)
    of.keyed = KeyServer(of.ports, of.key)
    code = of.code()
    clock(of.ports).wait(minutes=10)
    return of, of.sealed(everything(of, code))


def stands(of: Clinic) -> dict[str, Any]:
    """All that a visit leaves anywhere."""
    store = of.ports.store
    records = store.records(of.person, event(), every_standing=True)
    codes = load(store, kiosk_codes.DOCUMENT).codes
    return {
        "records": sorted((one.item.kind, one.standing.value, tuple(value.number for value in one.item.values)) for one in records),
        "tasks": sorted(
            (one.task_id, one.task.because, one.task.text) for one in tasks.of_person(of.ports, COMMAND_LINE, of.person)
        ),
        "calls": [(one.call_id, one.why, one.person_id) for one in load(store, kiosk_desk.DOCUMENT).calls],
        "alerts": len(alerts.alerts_of(of.ports, COMMAND_LINE, of.person).alerts),
        "photos": len(store.checks((of.person,), event())),
        "code": [one.visit_id for one in codes],
        "links": [one.visit_id for one in load(store, kiosk_home.DOCUMENT).links],
        "journal": [(one.visit_id, one.state, one.done) for one in kiosk_journal.load(store, of.person, event()).visits],
        "unmatched": load(store, kiosk_unmatched.DOCUMENT).waiting,
    }


def test_a_machine_that_stops_at_any_writing_neither_doubles_nor_loses_anything() -> None:
    of, visit = ready()
    whole = Dying(of.ports.store, 10_000, False)  # type: ignore[arg-type]
    assert KeyServer(replace(of.ports, store=whole), of.key).send(visit).state == "kept"  # type: ignore[arg-type]
    wanted, writings = stands(of), 10_000 - whole.left
    assert (
        writings >= 20
        and len(wanted["records"]) > 8
        and len(wanted["tasks"]) == 3
        and wanted["photos"] == wanted["alerts"] == len(wanted["links"]) == 1
    )
    for at in range(1, writings + 1):
        for after in (False, True):
            of, visit = ready()
            dying = Dying(of.ports.store, at, after)  # type: ignore[arg-type]
            with suppress(Died):
                KeyServer(replace(of.ports, store=dying), of.key).send(visit)  # type: ignore[arg-type]
            receipt = of.keyed.send(visit)
            assert receipt.state in ("kept", "kept_before") and receipt.link
            assert of.keyed.send(visit) == replace(receipt, state="kept_before")
            assert stands(of) == wanted, (at, after)


def test_a_step_that_fails_stops_no_other_and_the_visit_is_sent_again() -> None:
    of, visit = ready()
    of.ports.store.put_in_drawer(of.person, "medicines", b"{", event())
    server = KeyServer(replace(of.ports, checks=None), of.key)
    with pytest.raises(SourceUnavailable) as raised:
        server.send(visit)
    assert raised.value.facts == {"steps": "photos"}
    assert len(kiosk_desk.desk(of.ports, of.coordinator).open) == 1 and len(stands(of)["tasks"]) == 3
    assert of.keyed.send(visit).state == "kept"


def test_no_longer_taken_is_a_task_and_the_persons_own_answer_and_the_record_stays() -> None:
    of = clinic()
    kept = medicine_book.add_own(of.ports, COMMAND_LINE, of.person, own_medicine("Vitamin D"))
    welcomed = of.known()
    assert [one.text for one in welcomed.medicines] == ["Vitamin D"] and kept.medicine_id not in repr(welcomed)
    receipt = of.local.send(of.sealed(collected(of, welcomed, medicines={welcomed.medicines[0].key: "no", "unknown": "no"})))
    assert receipt.state == "kept"
    found = [one.task for one in tasks.of_person(of.ports, COMMAND_LINE, of.person)]
    assert [(one.kind, one.because, one.text, one.owner) for one in found] == [
        ("medicine", "kiosk_medicine", "✗ Vitamin D; ✗ …", "")
    ]
    book = medicine_book.load(of.ports.store, of.person, require(of.ports, COMMAND_LINE, Action.VIEW_RECORD, of.person))
    assert book.choices[kept.medicine_id].taking == "no" and book.own[0].until is None


def test_a_visit_of_nobody_known_waits_for_the_team_and_is_nobodys_until_then() -> None:
    of = clinic()
    for visit_id, more, why in (
        ("o-1", {}, "offline"),
        ("o-2", {"proof": replace(PROOF, factor="9999")}, "proof"),
        ("o-3", {"ticket": "not one of ours"}, "ticket"),
    ):
        visit = of.sealed(collected(of, visit_id=visit_id, **more))
        assert [of.keyed.send(visit).state for _ in range(2)] == ["unmatched", "unmatched"]
        assert kiosk_unmatched.listed(of.ports, of.coordinator)[-1].why == why
    assert len(kiosk_unmatched.listed(of.ports, of.coordinator)) == 3 and of.ports.store.records(of.person, event()) == ()
    look = kiosk_unmatched.look(of.ports, of.coordinator, "o-2")
    assert look.proof == replace(PROOF, factor="9999") and len(look.readings) == 3
    kiosk_unmatched.match(of.ports, of.coordinator, of.person, "o-1")
    assert len(of.ports.store.records(of.person, event())) >= 4
    with pytest.raises(Conflict):
        kiosk_unmatched.match(of.ports, of.coordinator, of.person, "o-1")
    with pytest.raises(BadInput):
        kiosk_unmatched.discard(of.ports, of.coordinator, "o-2", " ")
    kiosk_unmatched.discard(of.ports, of.coordinator, "o-2", "a test of the machine")
    assert of.keyed.send(of.sealed(collected(of, visit_id="o-2"))).state == "kept_before"
    assert of.ports.store.house_document(kiosk_unmatched.name_of("o-2")) == b""
    assert [one.visit_id for one in kiosk_unmatched.listed(of.ports, of.coordinator)] == ["o-3"]


def test_a_ticket_is_good_for_its_own_visit_at_its_own_kiosk_for_a_week() -> None:
    of = clinic()
    welcomed = of.known()
    assert of.keyed.send(of.sealed(collected(of, welcomed))).state == "unmatched", "another kiosk"
    assert of.local.send(of.sealed(collected(of, welcomed, visit_id="another"))).state == "unmatched"
    second = of.known()
    late = collected(of, second)
    visit = of.sealed(late)
    clock(of.ports).wait(days=8)
    assert of.keyed.send(visit).state == "unmatched"


def test_without_consent_or_unsealed_by_us_nothing_is_kept() -> None:
    of = clinic()
    welcomed = of.known()
    visit = of.sealed(collected(of, welcomed))
    odd = [
        of.sealed(collected(of, welcomed, consented_at=None)), replace(visit, body=visit.body[:-1] + bytes([visit.body[-1] ^ 1])), replace(visit, visit_id="other"),
        replace(visit, body=b""), of.sealed(collected(of, welcomed, started_at=NOW - timedelta(days=60))),
    ]  # fmt: skip
    receipts = [of.local.send(one) for one in odd]
    assert {one.state for one in receipts} == {"refused"} and receipts[0].why == "kiosk_no_consent"
    assert of.ports.store.records(of.person, event()) == () and kiosk_unmatched.listed(of.ports, of.coordinator) == ()
    assert of.local.send(visit).state == "kept"


def test_what_cannot_be_is_left_out_and_the_team_is_told() -> None:
    of = clinic()
    now = of.ports.clock.now()
    readings = (
        Reading(Measure.WEIGHT, {"weight": 9000.0}, now, "typed"), Reading(Measure.WEIGHT, {"weight": 70.0}, now - timedelta(days=2), "bluetooth"),
        Reading(Measure.WEIGHT, {"weight": 71.0}, now, "typed"), Reading(Measure.OXYGEN, {"sbp": 120.0}, now, "typed"),
    )  # fmt: skip
    made = collected(
        of,
        of.known(),
        readings=readings,
        danger=("no such sign",),
        questionnaires={"none": {"a": "b"}},
        photos=(Photo("odd", b"x"),),
    )
    assert of.local.send(of.sealed(made)).state == "kept"
    kept = [one for one in of.ports.store.records(of.person, event()) if one.item.kind == "Observation"]
    assert [one.item.values[0].number for one in kept] == [71.0]
    (task,) = tasks.of_person(of.ports, COMMAND_LINE, of.person)
    assert task.task.text == "reading_value; reading_time; questionnaires; photos; danger"
    assert [one.call.why for one in kiosk_desk.desk(of.ports, of.coordinator).open] == ["danger"]


TEXT = st.text(max_size=600)


@given(
    st.dictionaries(TEXT, TEXT, max_size=6), st.lists(TEXT, max_size=4), st.dictionaries(st.sampled_from(("phq-2", "steadi", "x")), st.dictionaries(TEXT, st.one_of(TEXT, st.integers(), st.floats(), st.none(), st.lists(TEXT, max_size=3)), max_size=4), max_size=3),
    st.lists(st.tuples(st.sampled_from(tuple(Measure)), st.dictionaries(st.sampled_from(("sbp", "dbp", "weight", "x", "hr")), st.floats(), max_size=3)), max_size=4),
)  # fmt: skip
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_kiosk_sends_is_bounded_or_refused(answers: dict[str, str], added: list[str], forms: Any, values: Any) -> None:
    made = Collected(
        "v", "k", NOW, "en", consented_at=NOW, contact=answers, medicines=answers, medicines_added=tuple(added), questionnaires=forms, danger=tuple(added),
        readings=tuple(Reading(measure, given, NOW, "typed") for measure, given in values), finished_at=NOW,
    )  # fmt: skip
    kept, odd = kiosk_checked.looked_at(made, NOW)
    texts = [*kept.contact.values(), *kept.medicines_added, *kept.contact]
    assert all(len(one) <= kiosk_checked.MOST_TEXT and one.isprintable() for one in texts)
    assert kiosk_checked.looked_at(kept, NOW)[0] == kept and len(odd) <= 12


def test_what_is_taken_home_is_this_visit_alone_on_one_device_for_a_time() -> None:
    of = clinic()
    first = of.local.send(of.sealed(collected(of, of.known())))
    second = of.local.send(of.sealed(collected(of, of.known(), readings=())))
    assert first.link != second.link
    secret = first.link.rpartition("/")[2]
    taken = kiosk_home.opened(of.ports, secret, "")
    assert len(taken.visit.sent.readings) == 3 and taken.device
    assert kiosk_home.opened(of.ports, secret, taken.device).device == ""
    for wrong in ("", "another", secret):
        with pytest.raises(NotFound):
            kiosk_home.opened(of.ports, secret, wrong)
    for none in ("", "x" * 43, secret[:-1], "../x"):
        with pytest.raises(NotFound):
            kiosk_home.opened(of.ports, none, "")
    clock(of.ports).wait(minutes=61)
    with pytest.raises(NotFound):
        kiosk_home.opened(of.ports, secret, taken.device)


def test_a_call_nobody_answers_is_made_again_to_more_people_and_stops_when_answered() -> None:
    of = clinic()
    of.local.call_desk("asked", of.known().ticket)
    wrote: list[int] = []
    for minutes in (0, 1, 3, 6, 16):
        clock(of.ports).wait(minutes=minutes)
        wrote.append(kiosk_again.run_due(of.ports, COMMAND_LINE, lambda language: _plain))
    assert wrote == [1, 0, 1, 1, 1]
    found = [letters.read(one).letter for one in of.ports.store.papers((of.person,), event(), kinds=(PaperKind.LETTER,))]
    assert [(one.audience, one.purpose, one.urgent) for one in found] == [("coordinator", "desk", True)] + [
        ("coordinator", "desk", True),
        ("on_call", "desk", True),
    ] * 3
    kiosk_desk.answer(of.ports, COMMAND_LINE, found[0].about)
    clock(of.ports).wait(minutes=60)
    assert kiosk_again.run_due(of.ports, COMMAND_LINE, lambda language: _plain) == 0 and kiosk_desk.is_answered(
        of.ports.store, found[0].about
    )


def test_a_person_who_is_gone_gets_nothing_and_the_visit_goes_to_the_team() -> None:
    of = clinic()
    other = add_person(of.ports, "Other", "Olive")
    assert other != of.person
    welcomed = of.known()
    visit = of.sealed(collected(of, welcomed))
    of.ports.store.person_exists = lambda person_id: False  # type: ignore[method-assign]
    assert of.local.send(visit) == VisitReceipt(welcomed.visit_id, "unmatched")


def _plain(key: str, /, **facts: object) -> str:
    return key


def test_a_photo_that_cannot_be_read_is_told_to_the_team_and_stops_nothing() -> None:
    of = clinic()
    of.ports = with_models(of.ports)
    server = KeyServer(of.ports, of.key)
    visit = of.sealed(collected(of, server.identify(PROOF, "en"), photos=(Photo("skin", b"broken"),), contact={"phone:0": "no"}))
    assert server.send(visit).state == "kept" and server.send(visit).state == "kept_before"
    assert [(one.task.because, one.task.text) for one in tasks.of_person(of.ports, COMMAND_LINE, of.person)] == [
        ("kiosk_left_out", "photos"), ("kiosk_contact", "✗ •••• 33"),
    ]  # fmt: skip
