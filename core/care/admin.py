"""This is the place where an administrator looks after accounts, panels and the audit trail. No record is read here."""

from __future__ import annotations

import secrets
from dataclasses import replace

from core.care.access import Action, Grant, require
from core.care.desk_views import AccountLine, AdminView, AuditView, NewAccount
from core.care.sessions import check_new_password, plain_username
from core.domain.audit import AuditCheck
from core.domain.people import Account, Actor, Panel, Role
from core.errors import BadInput, Conflict, NotFound
from core.ports import Ports, Progress

LINES = 200


def desk(ports: Ports, actor: Actor) -> AdminView:
    """Accounts and panels together."""
    grant = require(ports, actor, Action.MANAGE_ACCOUNTS)
    require(ports, actor, Action.MANAGE_PANELS)
    known = ports.store.accounts(grant.event("accounts"))
    panels = ports.store.panels()
    of = {panel.panel_id: panel for panel in panels}
    lines = []
    for account in known:
        in_panels = {person for panel_id in account.panels if panel_id in of for person in of[panel_id].persons}
        lines.append(AccountLine(account, len(in_panels) if account.role is Role.COORDINATOR else len(account.persons)))
    return AdminView(tuple(lines), panels)


def accounts(ports: Ports, actor: Actor) -> tuple[Account, ...]:
    """Every account."""
    grant = require(ports, actor, Action.MANAGE_ACCOUNTS)
    return ports.store.accounts(grant.event("accounts"))


def add_account(ports: Ports, actor: Actor, new: NewAccount) -> Account:
    """Make an account. Raises BadInput, Conflict (the name is taken), NotFound (no such person or panel)."""
    grant = require(ports, actor, Action.MANAGE_ACCOUNTS)
    username = plain_username(new.username)
    if not username or any(c.isspace() for c in username):
        raise BadInput("bad_username", place="username", need="a name without spaces")
    if new.role not in (role.value for role in Role if role is not Role.SYSTEM):
        raise BadInput("bad_role", place="role", need="patient, caregiver, coordinator, administrator or kiosk")
    check_new_password(new.password)
    made_at = ports.clock.now()
    name = new.display_name.strip() or new.username.strip()
    account = Account("", Role(new.role), username, name, new.persons, new.panels, created_at=made_at)
    _check_reach(ports, account)
    if ports.store.account_by_username(username) is not None:
        raise Conflict("username_taken", place="username", need="another name")
    account = replace(account, account_id=secrets.token_hex(8))
    made = ports.store.add_account(account, ports.passwords.hash(new.password), grant.event("account_added"))
    _join_panels(ports, grant, made)
    return made


def update_account(ports: Ports, actor: Actor, account: Account) -> None:
    """Change the name, the people, the panels, or close it. Role, sign-in name and demo mark stay what they are; a closed
    account and one whose reach changed is signed out everywhere."""
    grant = require(ports, actor, Action.MANAGE_ACCOUNTS)
    known = ports.store.account(account.account_id)
    changed = replace(
        known,
        display_name=account.display_name.strip() or known.display_name,
        persons=account.persons,
        panels=account.panels,
        disabled=account.disabled,
    )
    _check_reach(ports, changed)
    if changed.disabled and known.account_id == actor.account_id:
        raise BadInput("own_account", place="account", need="another administrator to close this account")
    ports.store.update_account(changed, grant.event(account.account_id))
    _join_panels(ports, grant, changed)
    if changed.disabled:
        ports.store.close_sessions(account.account_id, grant.event(account.account_id))


def reset_password(ports: Ports, actor: Actor, account_id: str, password: str) -> None:
    """Give an account another password; it is signed out everywhere."""
    grant = require(ports, actor, Action.MANAGE_ACCOUNTS)
    account = ports.store.account(account_id)
    check_new_password(password)
    ports.store.update_account(account, grant.event("password_reset"), password_hash=ports.passwords.hash(password))
    ports.store.clear_failures(account.username)
    ports.store.close_sessions(account_id, grant.event("password_reset"))


def panels(ports: Ports, actor: Actor) -> tuple[Panel, ...]:
    """Every panel."""
    require(ports, actor, Action.MANAGE_PANELS)
    return ports.store.panels()


def save_panel(ports: Ports, actor: Actor, panel: Panel) -> Panel:
    """Add a panel (panel_id "") or change it. The coordinators named in it, and only those, work on it from now on."""
    grant = require(ports, actor, Action.MANAGE_PANELS)
    name = panel.name.strip()
    if not name:
        raise BadInput("panel_name_missing", place="panel.name", need="a name")
    for person_id in panel.persons:
        _check_person(ports, person_id)
    if panel.panel_id and not ports.store.panels((panel.panel_id,)):
        raise NotFound("no_such_panel", panel=panel.panel_id)
    for account_id in panel.coordinators:
        if ports.store.account(account_id).role is not Role.COORDINATOR:
            raise BadInput("not_a_coordinator", place="panel.coordinators", need="coordinators only")
    event = grant.event(panel.panel_id or "panel_added")
    saved = ports.store.save_panel(replace(panel, name=name, persons=tuple(dict.fromkeys(panel.persons))), event)
    for account in ports.store.accounts(grant.event("accounts")):
        has, should = saved.panel_id in account.panels, account.account_id in saved.coordinators
        if has != should:
            kept = tuple(p for p in account.panels if p != saved.panel_id) + ((saved.panel_id,) if should else ())
            ports.store.update_account(replace(account, panels=kept), grant.event(account.account_id))
    return saved


def audit_lines(ports: Ports, actor: Actor, limit: int = LINES) -> AuditView:
    """The newest lines of the audit trail."""
    grant = require(ports, actor, Action.VIEW_AUDIT)
    lines = ports.store.audit_lines(grant.event("audit"), limit=limit)
    names = {a.account_id: a.display_name for a in ports.store.accounts(grant.event("accounts"))}
    return AuditView(lines, tuple(sorted(names.items())))


def verify_audit(ports: Ports, actor: Actor, progress: Progress | None = None) -> AuditCheck:
    """Walk the whole chain; the walk itself is written down."""
    grant = require(ports, actor, Action.VERIFY_AUDIT)
    check = ports.store.verify_audit(progress)
    ports.store.append_audit(grant.event("whole" if not check.broken_at else "broken"))
    return check


def _check_reach(ports: Ports, account: Account) -> None:
    if account.role is Role.PATIENT and len(account.persons) > 1:
        raise BadInput("one_person", place="persons", need="one person for a patient")
    if account.persons and account.role not in (Role.PATIENT, Role.CAREGIVER):
        raise BadInput("no_persons", place="persons", need="a patient's or caregiver's account")
    if account.panels and account.role is not Role.COORDINATOR:
        raise BadInput("no_panels", place="panels", need="a coordinator's account")
    for person_id in account.persons:
        _check_person(ports, person_id)
    known = {panel.panel_id for panel in ports.store.panels(account.panels)} if account.panels else set()
    for panel_id in account.panels:
        if panel_id not in known:
            raise NotFound("no_such_panel", panel=panel_id)


def _check_person(ports: Ports, person_id: str) -> None:
    if not ports.store.person_exists(person_id):
        raise NotFound("person_not_found", person=person_id)


def _join_panels(ports: Ports, grant: Grant, account: Account) -> None:
    """Keep the panels' lists of coordinators in step with the account."""
    for panel in ports.store.panels():
        named, should = account.account_id in panel.coordinators, panel.panel_id in account.panels
        if named != should:
            kept = tuple(c for c in panel.coordinators if c != account.account_id) + ((account.account_id,) if should else ())
            ports.store.save_panel(replace(panel, coordinators=kept), grant.event(panel.panel_id))
