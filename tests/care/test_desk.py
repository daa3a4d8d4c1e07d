"""This is the place where the desks round a record are tested: who looked, the panel, accounts, settings, pulls, the demo."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from core import demo
from core.care import admin, log, people, pulls, sessions, settings_of, today, upkeep
from core.care.access import COMMAND_LINE, SCOPES, Action, allowed
from core.care.desk_views import NewAccount, PanelQuery
from core.care.parcels import Watch
from core.care.placing import Whose
from core.domain.people import Panel, Preferences, Role
from core.errors import BadInput, Cancelled, Conflict, NotFound, NotPermitted, SourceUnavailable
from core.ports import Ports, ServerLogin, Store, Upload
from core.sources.fhir.package import FhirReader
from tests.care.given import (
    NOW,
    add_account,
    add_panel,
    add_person,
    bring,
    bundle,
    clock,
    event,
    heart_rate,
    parcel,
    patient,
    ports_with,
    signed_in,
)  # fmt: skip
from tests.care.house import build
from tests.care.stores import STORES


@pytest.fixture(params=STORES)
def ports(request: pytest.FixtureRequest) -> Ports:
    store: Store = request.getfixturevalue(request.param)
    return ports_with(store)


# who looked ----------------------------------------------------------------------------------------------------------------


def test_a_person_sees_who_looked_when_and_why(ports: Ports) -> None:
    house = build(ports)
    clock(ports).wait(days=1)
    for role in house.actors:
        house.actors[role] = signed_in(ports, house.accounts[role], f"second-{role}")
    today.view(ports, house.actors[Role.COORDINATOR], house.own)
    with pytest.raises(NotPermitted):
        today.view(ports, house.actors[Role.ADMINISTRATOR], house.own)
    today.view(ports, house.actors[Role.PATIENT], house.own)
    days = log.who_looked(ports, house.actors[Role.PATIENT], house.own)
    assert [one.day.isoformat() for one in days] == ["2026-11-22", "2026-11-21"]
    said = {(look.who, look.action, look.purpose, look.refused) for look in days[0].looks}
    assert ("Coordinator", "view_record", "panel_review", False) in said
    assert ("Administrator", "view_record", "administration", True) in said
    assert any(look.own for look in days[0].looks)
    imported = [look for look in days[1].looks if look.action == "import_records"]
    assert imported and imported[0].role == "system"


def test_many_looks_of_one_visit_are_one_line_with_a_count(ports: Ports) -> None:
    house = build(ports)
    for _ in range(5):
        today.view(ports, house.actors[Role.CAREGIVER], house.own)
        clock(ports).wait(minutes=1)
    looks = [
        look
        for day in log.who_looked(ports, house.actors[Role.PATIENT], house.own)
        for look in day.looks
        if look.who == "Caregiver"
    ]
    assert len(looks) == 1
    assert looks[0].times >= 5
    assert looks[0].until - looks[0].at == timedelta(minutes=4)


def test_days_are_those_of_the_persons_own_time_zone(ports: Ports) -> None:
    house = build(ports)
    settings_of.save(ports, house.actors[Role.PATIENT], Preferences(timezone="Pacific/Kiritimati"))
    clock(ports).wait(minutes=20)
    days = log.who_looked(ports, house.actors[Role.PATIENT], house.own)
    assert {one.day.isoformat() for one in days} == {"2026-11-21"}
    settings_of.save(ports, house.actors[Role.PATIENT], Preferences(timezone="Pacific/Pago_Pago"))
    assert {one.day.isoformat() for one in log.who_looked(ports, house.actors[Role.PATIENT], house.own)} == {"2026-11-20"}


# the panel -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def crowd(ports: Ports) -> tuple[Ports, Any]:
    account = add_account(ports, Role.COORDINATOR, "coordinator")
    born = ("1950-01-01", "1990-06-01", "2020-01-01", "")
    names = (("Müller", "Anna"), ("Lee", "Kim"), ("王", "小明"), ("Zhou", "Wei"))
    ids = tuple(add_person(ports, *name, born=day) for name, day in zip(names, born, strict=True))
    add_person(ports, "Not", "Mine")
    add_panel(ports, "Panel", ids, account)
    content = bundle(patient("p1", "Müller", "Anna", "1950-01-01"), heart_rate("o1"), heart_rate("o2", subject=""))
    bring(ports, content, whose=Whose(ids[0]))
    return ports, signed_in(ports, ports.store.account(account.account_id))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Anna Müller", "Kim Lee", "Wei Zhou", "小明 王"]),
        ({"text": "muller"}, ["Anna Müller"]),
        ({"text": "小明"}, ["小明 王"]),
        ({"text": "LEE kim"}, ["Kim Lee"]),
        ({"text": "1990-06"}, ["Kim Lee"]),
        ({"age_from": 30}, ["Anna Müller", "Kim Lee"]),
        ({"age_from": 30, "age_to": 40}, ["Kim Lee"]),
        ({"age_to": 10}, ["小明 王"]),
        ({"only": "quarantined"}, ["Anna Müller"]),
        ({"only": "never"}, ["Kim Lee", "Wei Zhou", "小明 王"]),
        ({"sort": "age"}, ["小明 王", "Kim Lee", "Anna Müller", "Wei Zhou"]),
        ({"sort": "newest", "page_size": 1}, ["Anna Müller"]),
        ({"page": 2, "page_size": 3}, ["小明 王"]),
        ({"panel_id": "no-such-panel"}, []),
        ({"text": "mine"}, []),
    ],
)
def test_a_coordinator_finds_people_of_the_own_panels(crowd: tuple[Ports, Any], query: dict[str, Any], names: list[str]) -> None:
    ports, actor = crowd
    assert [line.name for line in people.panel(ports, actor, PanelQuery(**query)).lines] == names


def test_stale_means_that_nothing_arrived_for_a_month(crowd: tuple[Ports, Any]) -> None:
    ports, actor = crowd
    assert people.panel(ports, actor, PanelQuery(only="stale")).lines == ()
    clock(ports).wait(days=31)
    actor = signed_in(ports, ports.store.account(actor.account_id), "later")
    [line] = people.panel(ports, actor, PanelQuery(only="stale")).lines
    assert (line.name, line.records, line.quarantined, line.last_at) == ("Anna Müller", 2, 1, NOW)


# accounts ------------------------------------------------------------------------------------------------------------------


def new(username: str = "newcomer", role: str = "coordinator", **more: Any) -> NewAccount:
    return NewAccount(username, more.pop("password", "a long password"), role, more.pop("name", "New"), **more)


def test_a_new_account_can_sign_in_and_its_name_is_taken(ports: Ports) -> None:
    made = admin.add_account(ports, COMMAND_LINE, new("  NewComer "))
    assert sessions.sign_in(ports, "newcomer", "a long password").account_id == made.account_id
    with pytest.raises(Conflict):
        admin.add_account(ports, COMMAND_LINE, new("NEWCOMER"))


@pytest.mark.parametrize(
    "wrong",
    [
        new(""), new("two words"), new(password="short"), new(role="system"), new(role="king"), new(role="patient", persons=("a", "b")),
        new(role="kiosk", persons=("a",)), new(role="patient", panels=("x",)),
    ],
)  # fmt: skip
def test_an_account_that_makes_no_sense_is_refused(ports: Ports, wrong: NewAccount) -> None:
    with pytest.raises(BadInput):
        admin.add_account(ports, COMMAND_LINE, wrong)
    assert admin.accounts(ports, COMMAND_LINE) == ()


def test_nobody_is_given_a_person_or_panel_that_is_not_there(ports: Ports) -> None:
    for wrong in (new(role="patient", persons=("nobody",)), new(panels=("nowhere",))):
        with pytest.raises(NotFound):
            admin.add_account(ports, COMMAND_LINE, wrong)


def test_panels_and_coordinators_stay_in_step(ports: Ports) -> None:
    person_id = add_person(ports)
    first = admin.add_account(ports, COMMAND_LINE, new("first"))
    panel = admin.save_panel(ports, COMMAND_LINE, Panel("", "  North  ", (person_id, person_id), (first.account_id,)))
    assert (panel.name, panel.persons) == ("North", (person_id,))
    assert ports.store.account(first.account_id).panels == (panel.panel_id,)
    second = admin.add_account(ports, COMMAND_LINE, new("second", panels=(panel.panel_id,)))
    [kept] = admin.panels(ports, COMMAND_LINE)
    assert set(kept.coordinators) == {first.account_id, second.account_id}
    admin.save_panel(ports, COMMAND_LINE, replace(kept, coordinators=(second.account_id,)))
    assert ports.store.account(first.account_id).panels == ()
    assert {line.account.username: line.open_people for line in admin.desk(ports, COMMAND_LINE).accounts} == {"first": 0, "second": 1}


def test_a_panel_needs_a_name_people_who_exist_and_coordinators(ports: Ports) -> None:
    patient_account = add_account(ports, Role.PATIENT, "patient")
    for panel, error in (
        (Panel("", " "), BadInput), (Panel("", "A", ("nobody",)), NotFound), (Panel("x", "A"), NotFound),
        (Panel("", "A", (), (patient_account.account_id,)), BadInput),
    ):  # fmt: skip
        with pytest.raises(error):
            admin.save_panel(ports, COMMAND_LINE, panel)


def test_a_closed_account_is_signed_out_and_nobody_closes_their_own(ports: Ports) -> None:
    boss, other = (add_account(ports, Role.ADMINISTRATOR, name) for name in ("boss", "other"))
    actor, gone = signed_in(ports, boss), signed_in(ports, other)
    admin.update_account(ports, actor, replace(other, disabled=True, role=Role.KIOSK, username="renamed"))
    kept = ports.store.account(other.account_id)
    assert (kept.disabled, kept.role, kept.username) == (True, Role.ADMINISTRATOR, "other")
    assert ports.store.session(gone.session_id) is None
    with pytest.raises(BadInput):
        admin.update_account(ports, actor, replace(boss, disabled=True))


def test_a_reset_password_signs_out_and_clears_the_wait(ports: Ports) -> None:
    account = add_account(ports, Role.KIOSK, "casey")
    gone = signed_in(ports, account)
    for _ in range(4):
        ports.store.note_failure("casey", NOW, event())
    admin.reset_password(ports, COMMAND_LINE, account.account_id, "another password")
    assert ports.store.session(gone.session_id) is None
    assert sessions.sign_in(ports, "casey", "another password")


def test_the_trail_is_whole_and_says_who_acted(ports: Ports) -> None:
    house = build(ports)
    view = admin.audit_lines(ports, house.actors[Role.ADMINISTRATOR])
    assert dict(view.names)[house.accounts[Role.PATIENT].account_id] == "Patient"
    assert "CANARY" not in repr(view.lines)
    check = admin.verify_audit(ports, house.actors[Role.ADMINISTRATOR])
    assert check.broken_at == 0 and check.lines > 10


def test_landing_names_the_people_one_may_open(ports: Ports) -> None:
    house = build(ports)
    landing = sessions.landing(ports, house.actors[Role.CAREGIVER])
    assert (landing.person_id, landing.people) == (house.own, ((house.own, "CANARY-OWN Own"),))
    assert sessions.landing(ports, house.actors[Role.COORDINATOR]).people == ()


@pytest.mark.parametrize(
    "wrong",
    [{"weight": "stone"}, {"labs": ""}, {"language": "<b>"}, {"timezone": "Moon/Base"}, {"text_size": "9"}, {"timezone": "../etc"}],
)
def test_a_choice_there_is_not_is_refused(ports: Ports, wrong: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        settings_of.save(ports, COMMAND_LINE, Preferences(**wrong))


def test_an_erased_person_is_gone_for_everybody(ports: Ports) -> None:
    house = build(ports)
    upkeep.erase_person(ports, COMMAND_LINE, house.own)
    for ask in (today.view, upkeep.erase_person):
        with pytest.raises(NotFound):
            ask(ports, COMMAND_LINE, house.own)
    assert people.panel(ports, house.actors[Role.COORDINATOR], PanelQuery()).lines == ()


# pulls ---------------------------------------------------------------------------------------------------------------------

LOGIN = ServerLogin("https://server.example/fhir", "p1", "a-token")


class Pulled:
    """What a server sent, read by the real reader."""

    def __init__(self, content: bytes, *, complete: bool = True, since: str = "2026-11-21T09:00:00Z") -> None:
        self._package = FhirReader().open([Upload("", parcel(content).uploads[0].content)])
        self.complete, self.problems, self.next_since = complete, () if complete else ("page_cut_short",), since

    def people(self) -> Any:
        return self._package.people()

    def entries(self, progress: Any = None) -> Any:
        return self._package.entries(progress)


def pulling(ports: Ports, *answers: Any) -> tuple[Ports, list[ServerLogin]]:
    """Ports whose server gives these answers, and the log-ins it was asked with."""
    asked: list[ServerLogin] = []
    waiting = list(answers)

    def pull(login: ServerLogin, should_stop: Any = None, progress: Any = None) -> Any:
        asked.append(login)
        answer = waiting.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return replace(ports, server=cast(Any, SimpleNamespace(pull=pull))), asked


def server_bundle(*more: dict[str, Any]) -> bytes:
    return bundle(patient(), heart_rate("o1"), *more, base="https://server.example/fhir")


def test_a_pull_remembers_server_token_and_time_and_asks_next_for_what_is_new(ports: Ports) -> None:
    person_id = add_person(ports)
    ports, asked = pulling(ports, Pulled(server_bundle()), Pulled(server_bundle(heart_rate("o2", 80))), Pulled(server_bundle()))
    first = pulls.pull(ports, COMMAND_LINE, Whose(person_id), LOGIN, "Clinic")
    assert dict(first.counts)["stored"] == 2
    [source] = ports.store.sources(person_id, event())
    assert (source.kind, source.label, source.address, source.has_token) == ("server", "Clinic", LOGIN.base_url, True)
    second = pulls.pull_again(ports, COMMAND_LINE, person_id, source.source_id)
    assert (dict(second.counts)["stored"], dict(second.counts)["unchanged"]) == (1, 2)
    pulls.pull_again(ports, COMMAND_LINE, person_id, source.source_id, full=True)
    assert [(login.token, login.since) for login in asked] == [
        ("a-token", ""),
        ("a-token", "2026-11-21T09:00:00Z"),
        ("a-token", ""),
    ]
    assert len(ports.store.sources(person_id, event())) == 1


def test_a_pull_that_broke_off_says_so_and_does_not_move_the_time(ports: Ports) -> None:
    person_id = add_person(ports)
    ports, asked = pulling(
        ports, Pulled(server_bundle()), Pulled(server_bundle(), complete=False, since="2027"), Pulled(server_bundle())
    )
    pulls.pull(ports, COMMAND_LINE, Whose(person_id), LOGIN)
    [source] = ports.store.sources(person_id, event())
    made = pulls.pull_again(ports, COMMAND_LINE, person_id, source.source_id)
    assert (made.files[0].ledger.complete, made.files[0].ledger.problems) == (False, ("page_cut_short",))
    pulls.pull_again(ports, COMMAND_LINE, person_id, source.source_id)
    assert asked[2].since == "2026-11-21T09:00:00Z"


def test_a_server_that_sends_somebody_else_brings_nothing_in(ports: Ports) -> None:
    person_id = add_person(ports, "Other", "Person", born="1950-01-01")
    ports, _ = pulling(ports, Pulled(server_bundle()))
    made = pulls.pull(ports, COMMAND_LINE, Whose(person_id), LOGIN)
    assert dict(made.counts)["refused"] == 2


def test_a_server_that_fails_or_a_person_who_stops_leaves_everything_as_it_was(ports: Ports) -> None:
    person_id = add_person(ports)
    ports, _ = pulling(ports, SourceUnavailable("server_failed"), Pulled(server_bundle()))
    with pytest.raises(SourceUnavailable):
        pulls.pull(ports, COMMAND_LINE, Whose(person_id), LOGIN)
    with pytest.raises(Cancelled):
        pulls.pull(ports, COMMAND_LINE, Whose(person_id), LOGIN, "", Watch(should_stop=lambda: True))
    assert ports.store.sources(person_id, event()) == ()


def test_a_file_source_cannot_be_pulled_again(ports: Ports) -> None:
    house = build(ports)
    with pytest.raises(NotFound):
        pulls.pull_again(ports, COMMAND_LINE, house.own, house.source)
    with pytest.raises(BadInput):
        pulls.pull(ports, COMMAND_LINE, Whose(house.own), ServerLogin("", ""))


# many at once --------------------------------------------------------------------------------------------------------------


def test_uploads_at_the_same_time_for_one_person_all_arrive(sql_store: Store) -> None:
    ports = ports_with(sql_store)
    person_id = add_person(ports)
    bring(ports, bundle(patient()), whose=Whose(person_id))
    contents = [bundle(patient(), *(heart_rate(f"o{who}-{n}", 40 + 10 * who + n) for n in range(10))) for who in range(4)]
    failed: list[BaseException] = []

    def upload(at: int) -> None:
        try:
            bring(ports, parcel(contents[at], f"{at}.json"), whose=Whose(person_id))
        except Conflict as error:  # said, never lost: the person can try again
            failed.append(error)

    threads = [threading.Thread(target=upload, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = [r for r in ports.store.records(person_id, event()) if r.item.kind == "Observation"]
    assert (failed, len(kept)) == ([], 40)


# the demo ------------------------------------------------------------------------------------------------------------------


def test_the_demo_gives_every_kind_of_user_what_is_theirs(sql_store: Store) -> None:
    ports = ports_with(sql_store, demo=True)
    made = demo.fill(ports)
    assert (made.people, made.accounts) == (9, 6)
    assert demo.fill(ports) == demo.Filled()
    accounts = sessions.demo_accounts(ports)
    assert [one.role for one in accounts] == ["patient", "patient", "caregiver", "coordinator", "administrator", "kiosk"]
    for account in accounts:
        actor = sessions.actor_of(ports, sessions.demo_sign_in(ports, account.account_id).session_id)
        landing = sessions.landing(ports, actor)
        if account.role in ("patient", "caregiver"):
            view = today.view(ports, actor, landing.person_id)
            assert view.readings and view.person.synthetic
            assert len(ports.store.sources(landing.person_id, event())) >= 2
        if account.role == "coordinator":
            assert 5 < people.panel(ports, actor, PanelQuery()).total < 9


def test_an_interrupted_demo_is_finished_and_nobody_is_there_twice(sql_store: Store) -> None:
    ports = ports_with(sql_store, demo=True)
    demo.fill(ports)
    gone = ports.store.account_by_username("demo-kiosk")
    assert gone is not None
    kept = len(ports.store.people(None, event()))
    ports.store.update_account(replace(gone[0], username="taken-away"), event())
    assert demo.fill(ports).accounts == 1
    assert len(ports.store.people(None, event())) == kept


def test_the_table_names_every_action_and_no_role_has_what_belongs_to_the_key() -> None:
    assert set(SCOPES) == set(Action)
    for action in (Action.ERASE_PERSON, Action.KEEP_STORE, Action.ADD_PERSON):
        assert not any(allowed(role, action) for role in Role if role is not Role.SYSTEM)
