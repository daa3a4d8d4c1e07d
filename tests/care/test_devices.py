"""Samples by file, by a device at the door and by hand: whose they are, what is asked, what is kept once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from types import SimpleNamespace
from typing import Any, cast

import pytest

from core.care import devices, door, manual, pulls
from core.care.access import COMMAND_LINE
from core.care.parcels import Parcel, Watch
from core.care.placing import Whose
from core.domain.ledger import Outcome
from core.domain.people import Actor, Role
from core.domain.records import Standing
from core.domain.samples import ERASED, MANUAL
from core.errors import BadInput, FileRefused, NotFound, NotPermitted, SourceUnavailable
from core.ports import ImportHead, Ports, ServerLogin, Store, Upload
from tests.care.given import add_account, add_person, bring, bundle, clock, event, heart_rate, patient, ports_with, signed_in
from tests.care.stores import STORES

FAR = (datetime(1990, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC))
STEPS = "Id,ActivityHour,StepTotal\n{a},4/12/2026 12:00:00 AM,373\n{a},4/12/2026 1:00:00 AM,160\n{b},4/12/2026 12:00:00 AM,11\n"
PLAIN = "time,value,unit,signal\n2026-03-01T08:00:00+01:00,81.5,kg,weight\n2026-03-02T08:00:00+01:00,81.2,kg,weight\n"


@pytest.fixture(params=STORES)
def ports(request: pytest.FixtureRequest) -> Ports:
    return ports_with(request.getfixturevalue(request.param))


@pytest.fixture
def person(ports: Ports) -> str:
    return add_person(ports)


@pytest.fixture
def own(ports: Ports, person: str) -> Actor:
    return signed_in(ports, add_account(ports, Role.PATIENT, "own", persons=(person,)))


def file(text: str, name: str = "hourlySteps_merged.csv") -> Parcel:
    return Parcel(name, (Upload(name, BytesIO(text.encode())),))


def values(ports: Ports, person_id: str, signal: str) -> list[float]:
    found = ports.store.strands(person_id, [signal], *FAR, event())
    return sorted(value for one in found for value in one.columns.value[one.columns.usable].tolist())


# ------------------------------------------------------------------------------------------------------------------- files


def test_a_devices_file_is_the_persons_it_is_given_for(ports: Ports, person: str) -> None:
    made = bring(ports, file(PLAIN, "weights.csv"), whose=Whose(person))
    assert (dict(made.counts)["stored"], made.entries, made.person_ids) == (2, 2, (person,))
    assert values(ports, person, "weight") == [81.2, 81.5]
    again = bring(ports, file(PLAIN, "weights.csv"), whose=Whose(person))
    assert (dict(again.counts)["unchanged"], again.entries) == (2, 2)


def test_each_subject_of_a_file_becomes_a_person_and_is_known_again(ports: Ports) -> None:
    first = bring(ports, file(STEPS.format(a=11, b=22)))
    assert (len(first.person_ids), dict(first.counts)["stored"]) == (2, 3)
    again = bring(ports, file(STEPS.format(a=11, b=33), "later.csv"))
    assert first.person_ids[0] in again.person_ids
    assert len(again.person_ids) == 2


def test_several_people_in_a_file_for_one_person_are_asked_about(ports: Ports, person: str) -> None:
    made = bring(ports, file(STEPS.format(a=11, b=22)), whose=Whose(person))
    assert (dict(made.counts)["refused"], {line.reason for line in made.files[0].lines}) == (3, {"several_people"})
    chosen = bring(ports, file(STEPS.format(a=11, b=22)), whose=Whose(person, subject="11"))
    assert (dict(chosen.counts)["stored"], dict(chosen.counts)["refused"]) == (2, 1)
    assert values(ports, person, "steps") == [160.0, 373.0]
    alone = bring(ports, file(STEPS.format(a=11, b=11), "again.csv"), whose=Whose(person))
    assert dict(alone.counts)["refused"] == 0


def test_somebody_elses_subject_is_never_taken(ports: Ports, person: str) -> None:
    other = bring(ports, file(STEPS.format(a=11, b=11))).person_ids[0]
    made = bring(ports, file(STEPS.format(a=11, b=11), "x.csv"), whose=Whose(person))
    assert {line.reason for line in made.files[0].lines if line.outcome is Outcome.REFUSED} == {"another_person"}
    assert values(ports, person, "steps") == []
    assert len(values(ports, other, "steps")) >= 2


def test_a_stopped_import_goes_on_with_the_same_bytes(ports: Ports, person: str) -> None:
    rows = "".join(f"{n},4/{n % 27 + 1}/2026 1:00:00 AM,{n}\n" for n in range(1, 60))
    whole = file("Id,ActivityHour,StepTotal\n" + rows)
    asked = iter([False, False, True])
    stopped = bring(ports, whole, watch=Watch(should_stop=lambda: next(asked, True)))
    ledger = stopped.files[0].ledger
    assert ledger is not None and ledger.state == "stopped" and 0 < ledger.entries < 59
    done = bring(ports, whole)
    final = done.files[0].ledger
    assert final is not None and (final.state, final.entries, final.count(Outcome.STORED)) == ("done", 59, 59)
    assert final.import_id == ledger.import_id


def test_a_file_from_a_broken_clock_is_set_apart(ports: Ports, person: str) -> None:
    text = "time,value,unit,signal\n2099-03-01T08:00:00Z,81.5,kg,weight\n2026-03-02T08:00:00Z,812,kg,weight\n2026-03-03T08:00:00Z,81,kg,weight\n"
    made = bring(ports, file(text, "w.csv"), whose=Whose(person))
    assert (dict(made.counts)["quarantined"], dict(made.counts)["stored"]) == (2, 1)
    assert values(ports, person, "weight") == [81.0]


# ---------------------------------------------------------------------------------------------------------------- the door


def observation(record_id: str = "o1", subject: str = "") -> bytes:
    return json.dumps(heart_rate(record_id, subject=subject)).encode()


def test_a_connected_device_brings_in_records_and_samples_for_one_person(ports: Ports, person: str, own: Actor) -> None:
    made = devices.connect(ports, own, person, "  Cuff   upstairs ")
    assert made.device.label == "Cuff upstairs" and made.secret.startswith("hbd_")
    receipt = json.loads(door.receive(ports, made.secret, observation()).body)
    assert (receipt["stored"], receipt["entries"]) == (1, 1)
    (record,) = ports.store.records(person, event())
    assert (record.standing, record.sources[0].label, record.sources[0].kind) == (Standing.CURRENT, "Cuff upstairs", "device")
    sent = json.loads(door.receive(ports, made.secret, PLAIN.encode()).body)
    assert sent["stored"] == 2
    assert len(ports.store.sources(person, event())) == 1
    assert devices.connected(ports, own, person)[0].seen_at == clock(ports).at


def test_the_same_key_is_answered_alike_and_kept_once(ports: Ports, person: str, own: Actor) -> None:
    secret = devices.connect(ports, own, person, "Cuff").secret
    first = door.receive(ports, secret, observation(), "k1")
    second = door.receive(ports, secret, observation("o2"), "k1")
    assert (first.body, second.repeated, first.repeated) == (second.body, True, False)
    assert len(ports.store.records(person, event())) == 1
    without = json.loads(door.receive(ports, secret, observation()).body)
    assert without["unchanged"] == 1


def test_a_record_that_names_somebody_else_is_refused(ports: Ports, person: str, own: Actor) -> None:
    secret = devices.connect(ports, own, person, "Cuff").secret
    told = json.loads(door.receive(ports, secret, observation(subject="https://x.example/fhir/Patient/9")).body)
    assert (told["refused"], told["lines"][0]["reason"]) == (1, "unknown_person")
    stranger = bundle(patient("p9", "Somebody", "Else", "1950-01-01"), heart_rate("o9", subject="Patient/p9"))
    told = json.loads(door.receive(ports, secret, stranger).body)
    assert told["stored"] == 0
    assert ports.store.records(person, event()) == ()


def test_nobody_gets_in_with_another_token(ports: Ports, person: str, own: Actor) -> None:
    made = devices.connect(ports, own, person, "Cuff")
    for wrong in ("", "hbd_", "hbd_wrong", made.secret[:-1], made.secret.upper(), "x" * 5000):
        with pytest.raises(NotPermitted):
            door.receive(ports, wrong, observation())
    clock(ports).wait(minutes=1)
    devices.disconnect(ports, own, person, made.device.token_id)
    with pytest.raises(NotPermitted):
        door.receive(ports, made.secret, observation())
    assert [one.kind for one in ports.store.sync_events(person, event())] == ["connected", "connected", "disconnected"]
    with pytest.raises(NotFound):
        devices.disconnect(ports, own, person, made.device.token_id)


def test_what_cannot_be_read_is_refused_and_remembered(ports: Ports, person: str, own: Actor) -> None:
    secret = devices.connect(ports, own, person, "Cuff").secret
    for body in (b"", b"\x89PNG\r\n\x1a\n0000", b"{", b"PK\x03\x04broken", b"[" * 100_000):
        with pytest.raises(FileRefused):
            door.receive(ports, secret, body)
    with pytest.raises(BadInput, match="bad_key"):
        door.receive(ports, secret, observation(), "k" * 500)
    with pytest.raises(FileRefused, match="too_large"):
        door.receive(ports, secret, b" " * (door.MOST_BYTES + 1))
    assert {one.kind for one in ports.store.sync_events(person, event())} >= {"failed"}


def test_only_the_person_connects_and_disconnects(ports: Ports, person: str, own: Actor) -> None:
    other = signed_in(ports, add_account(ports, Role.CAREGIVER, "carer", persons=(person,)))
    with pytest.raises(NotPermitted):
        devices.connect(ports, other, person, "Cuff")
    with pytest.raises(BadInput):
        devices.connect(ports, own, person, " ")
    devices.connect(ports, own, person, "Cuff")
    assert [one.label for one in devices.connected(ports, other, person)] == ["Cuff"]
    source_id = ports.store.sources(person, event())[0].source_id
    clock(ports).wait(seconds=1)
    devices.consent(ports, own, person, source_id, given=False)
    assert ports.store.sync_events(person, event())[-1].kind == "consent_withdrawn"
    with pytest.raises(NotFound):
        devices.consent(ports, own, person, "elsewhere", given=True)


# ----------------------------------------------------------------------------------------------------------------- by hand


def entry(key: str, at: datetime | None = None, units: dict[str, str] | None = None, **numbers: float) -> manual.Entry:
    return manual.Entry(key, numbers, at or datetime(2026, 11, 20, 8, 0, tzinfo=timezone(timedelta(hours=5, minutes=30))), units or {})


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        (entry("blood_pressure", sbp=128, dbp=82), []),
        (entry("blood_pressure", sbp=220, dbp=100), ["check_high"]),
        (entry("blood_pressure", sbp=82, dbp=128), ["check_low", "check_high", "halves_swapped"]),
        (entry("blood_pressure", sbp=125, dbp=115), ["halves_close"]),
        (entry("weight", weight=180.5, units={"weight": "[lb_av]"}), []),
        (entry("weight", weight=20), ["check_low"]),
        (entry("glucose", glucose=5.6, units={"glucose": "mmol/L"}), []),
        (entry("glucose", glucose=5.6), ["check_low"]),
        (entry("weight", datetime(2024, 1, 1, tzinfo=UTC), weight=80), ["long_ago"]),
    ],
)
def test_what_looks_like_a_slip_is_asked_about(ports: Ports, person: str, own: Actor, typed: manual.Entry, asked: list[str]) -> None:
    found = manual.questions(ports, own, person, typed)
    if typed.key == "glucose" and asked:
        assert isinstance(found, tuple)  # 5.6 mg/dL is possible for the guard range, and asked about
    assert [one.code for one in found] == asked
    assert values(ports, person, "sbp") == []


def test_nothing_is_kept_before_the_question_is_answered(ports: Ports, person: str, own: Actor) -> None:
    typed = entry("blood_pressure", sbp=220, dbp=100)
    assert [one.code for one in manual.keep(ports, own, person, typed)] == ["check_high"]
    assert values(ports, person, "sbp") == []
    assert manual.keep(ports, own, person, typed, confirmed=True) == ()
    (strand,) = ports.store.strands(person, ["sbp"], *FAR, event())
    assert (strand.columns.value[0], strand.columns.offset[0], strand.columns.quality[0] & MANUAL) == (220.0, 330, MANUAL)
    assert values(ports, person, "dbp") == [100.0]


def test_a_weight_far_from_the_last_one_is_asked_about(ports: Ports, person: str, own: Actor) -> None:
    day = datetime(2026, 11, 18, 8, 0, tzinfo=UTC)
    assert manual.keep(ports, own, person, entry("weight", day, weight=80)) == ()
    (asked,) = manual.keep(ports, own, person, entry("weight", day + timedelta(days=1), weight=88))
    assert (asked.code, asked.facts["last"]) == ("far_from_last", 80.0)


def test_what_is_taken_back_is_never_used_and_still_there(ports: Ports, person: str, own: Actor) -> None:
    at = datetime(2026, 11, 18, 8, 0, tzinfo=UTC)
    manual.keep(ports, own, person, entry("weight", at, weight=80))
    manual.take_back(ports, own, person, "weight", at)
    assert values(ports, person, "weight") == []
    (strand,) = ports.store.strands(person, ["weight"], *FAR, event())
    assert strand.columns.quality[0] & ERASED
    with pytest.raises(NotFound):
        manual.take_back(ports, own, person, "weight", at)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (entry("weight", weight=float("nan")), "number_needed"),
        (entry("weight"), "number_needed"),
        (entry("weight", weight=9000), "number_impossible"),
        (entry("weight", weight=80, units={"weight": "cm"}), "unit_unfit"),
        (entry("weight", datetime(2027, 1, 1, tzinfo=UTC), weight=80), "time_to_come"),
        (replace(entry("weight", weight=80), at=datetime(2026, 1, 1)), "time_to_come"),
        (entry("creatinine", creatinine=1), "unknown_signal"),
    ],
)
def test_what_cannot_be_is_refused_with_the_place(ports: Ports, person: str, own: Actor, typed: manual.Entry, code: str) -> None:
    with pytest.raises(BadInput, match=code):
        manual.keep(ports, own, person, typed, confirmed=True)


def test_nobody_else_types_for_a_person(ports: Ports, person: str) -> None:
    carer = signed_in(ports, add_account(ports, Role.CAREGIVER, "carer", persons=(person,)))
    calls: tuple[Callable[[], object], ...] = (
        lambda: manual.keep(ports, carer, person, entry("weight", weight=80)),
        lambda: manual.take_back(ports, carer, person, "weight", datetime(2026, 1, 1, tzinfo=UTC)),
    )
    for call in calls:
        with pytest.raises(NotPermitted):
            call()


def test_the_reference_store_is_a_store(memory_store: Store) -> None:
    assert [name for name in dir(Store) if not name.startswith("_") and not hasattr(memory_store, name)] == []


def test_a_server_that_does_not_answer_is_remembered(ports: Ports, person: str) -> None:
    def pull(login: ServerLogin, should_stop: object, progress: object) -> object:
        raise SourceUnavailable("no_answer")

    head = ImportHead("server", "Clinic", "", clock(ports).at, "https://clinic.example/fhir", "1")
    source_id = ports.store.open_source(person, head, event())
    unreachable = replace(ports, server=cast(Any, SimpleNamespace(pull=pull)))
    clock(ports).wait(hours=1)
    with pytest.raises(SourceUnavailable):
        pulls.pull_again(unreachable, COMMAND_LINE, person, source_id)
    happened = ports.store.sync_events(person, event())[-1]
    assert (happened.kind, happened.why, happened.source_id) == ("failed", "no_answer", source_id)
