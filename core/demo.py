"""This is the place where the demo is filled: synthetic people and their devices by the ordinary import, and a sign-in for each kind of user."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING

from core import demo_alerts, demo_checks, demo_kiosk, demo_medicines, demo_risks, demo_threads, demo_visits
from core.care import admin
from core.care.access import COMMAND_LINE, Action, require
from core.care.parcels import Parcel, import_parcels
from core.care.placing import Whose
from core.care.series_choices import set_zone
from core.care.sessions import DEMO_USERNAMES
from core.domain.audit import AuditEvent
from core.domain.people import Account, Panel, Preferences, Role
from core.domain.samples import SyncEvent
from core.errors import Conflict
from core.ports import Ports, Progress, Upload

if TYPE_CHECKING:
    from core.samples import SamplePerson
    from core.samples.devices import Devices

OLD, CHINESE = "margaret-ellis", "wang-jianguo"
PANEL_NAME = "Demo panel / 演示小组"
PANEL_LEAVES_OUT = frozenset({"daniel-brooks", "leo-martinez"})
"""So that the demo shows a coordinator who may not see everybody."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What was put in; all zero where the demo was there already."""

    people: int = 0
    accounts: int = 0
    entries: int = 0
    seconds: float = 0.0


def fill(ports: Ports, progress: Progress | None = None) -> Filled:
    """Fill an empty store, or finish what an interrupted filling began. Raises Conflict where real people are kept."""
    grant = require(ports, COMMAND_LINE, Action.ADD_PERSON)
    if all(ports.store.account_by_username(name) for name in DEMO_USERNAMES):
        return Filled()
    known = ports.store.people(None, grant.event("demo"))
    if not all(person.synthetic or person.profile.synthetic for person in known):
        raise Conflict("store_in_use", place="HEALTHBOARD_HOME", need="an empty data folder for the demo")
    from core.samples import generate  # nine lives: only a demo that has none yet needs them
    from core.samples.devices import devices, zones

    started_at = ports.clock.now()
    people = generate(started_at.date())
    person_ids, entries = _import(ports, people, progress)
    for slug, zone in zones().items():
        set_zone(ports, COMMAND_LINE, person_ids[slug], zone)
    demo_risks.choose(ports, person_ids)
    demo_medicines.add(ports, person_ids)
    for person in people:  # one after the other: each lets go of what it needed
        if brought := devices(person, started_at.date()):
            entries += _devices(ports, person_ids[person.slug], brought)
    accounts = _accounts(ports, grant.event("demo"), person_ids)
    demo_checks.add(ports, person_ids)
    demo_threads.add(ports, person_ids)
    demo_visits.add(ports, person_ids)
    demo_kiosk.add(ports)
    demo_alerts.add(ports, person_ids)
    return Filled(len(person_ids), accounts, entries, round((ports.clock.now() - started_at).total_seconds(), 1))


def _import(ports: Ports, people: Sequence[SamplePerson], progress: Progress | None) -> tuple[dict[str, str], int]:
    """Each life's files through the ordinary import: the first makes the person, the others find it by its identifiers."""
    person_ids: dict[str, str] = {}
    entries = 0
    for number, person in enumerate(people, start=1):
        parcels = [Parcel(file.name, (Upload(file.name, BytesIO(file.content)),), file.source, "demo") for file in person.files]
        first = import_parcels(ports, COMMAND_LINE, Whose(), parcels[:1])
        person_ids[person.slug] = first.person_ids[0]
        rest = import_parcels(ports, COMMAND_LINE, Whose(person_ids[person.slug]), parcels[1:]) if parcels[1:] else None
        entries += first.entries + (rest.entries if rest else 0)
        if progress:
            progress(number, len(people))
    return person_ids, entries


def _devices(ports: Ports, person_id: str, brought: Devices) -> int:
    """What a person's devices recorded, through the ordinary import, and what happened to their connections; how many entries."""
    parcels = [Parcel(file.name, (Upload(file.name, BytesIO(file.content)),), file.source, "demo") for file in brought.files]
    report = import_parcels(ports, COMMAND_LINE, Whose(person_id), parcels)
    event = require(ports, COMMAND_LINE, Action.IMPORT_RECORDS, person_id).event("demo")
    sources = {one.label: one.source_id for one in ports.store.sources(person_id, event) if one.samples}
    known = set(ports.store.sync_events(person_id, event))
    for one in brought.happened:
        at, first, last = (seconds * 1_000_000_000 for seconds in (one.at, one.first, one.last))
        happened = SyncEvent(sources[one.source], one.kind, at, first, last, one.why, one.device)
        if happened not in known:
            ports.store.add_sync_event(person_id, happened, event)
    return report.entries


def _accounts(ports: Ports, event: AuditEvent, person_ids: Mapping[str, str]) -> int:
    """The sign-ins, without passwords: they open in demo mode only. How many were made."""
    old, chinese = (person_ids[OLD],), (person_ids[CHINESE],)
    wanted = (
        _account(Role.PATIENT, "demo-margaret", "Margaret Ellis", old),
        _account(Role.PATIENT, "demo-jianguo", "王建国", chinese),
        _account(Role.CAREGIVER, "demo-caregiver", "Claire Ellis", old),
        _account(Role.COORDINATOR, "demo-coordinator", "Jordan Reyes"),
        _account(Role.ADMINISTRATOR, "demo-administrator", "Sam Okoye"),
        _account(Role.KIOSK, "demo-kiosk", "Waiting room / 候诊室"),
    )
    missing = [account for account in wanted if ports.store.account_by_username(account.username) is None]
    for account in missing:
        made = ports.store.add_account(replace(account, created_at=event.at), "", event)
        if account.username == "demo-jianguo":
            ports.store.save_preferences(made.account_id, Preferences(language="zh_Hans", labs="mmol/L"))
    _panel(ports, [person_id for slug, person_id in person_ids.items() if slug not in PANEL_LEAVES_OUT])
    return len(missing)


def _account(role: Role, username: str, name: str, persons: tuple[str, ...] = ()) -> Account:
    return Account(secrets.token_hex(8), role, username, name, persons, demo=True)


def _panel(ports: Ports, persons: Sequence[str]) -> None:
    found = ports.store.account_by_username("demo-coordinator")
    if found and not found[0].panels:
        admin.save_panel(ports, COMMAND_LINE, Panel("", PANEL_NAME, tuple(persons), (found[0].account_id,)))
