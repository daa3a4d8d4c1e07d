"""This is the place where one table says who may do what, and every use case asks it on its first line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from core.domain.audit import AuditEvent
from core.domain.people import Account, Actor, Role
from core.errors import NotPermitted, SessionExpired
from core.ports import Ports


class Scope(StrEnum):
    """Whose data an action may touch."""

    NOBODY = "nobody"  # the action is about no person's record
    OWN = "own"  # the person the account stands for
    CARED = "cared"  # the people a caregiver looks after
    PANEL = "panel"  # the people in the account's panels
    ANY = "any"  # whoever holds the key of the store (the command line)


class Action(StrEnum):
    """What can be asked for. The code is what the audit trail keeps and `audit.<code>` says in words."""

    VIEW_RECORD = "view_record"
    VIEW_ORIGINAL = "view_original"
    VIEW_SOURCES = "view_sources"
    IMPORT_RECORDS = "import_records"
    PULL_RECORDS = "pull_records"
    REMOVE_SOURCE = "remove_source"
    EXPORT_RECORD = "export_record"
    PRINT_SUMMARY = "print_summary"
    VIEW_ACCESS_LOG = "view_access_log"
    LIST_PEOPLE = "list_people"
    OWN_SETTINGS = "own_settings"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_PANELS = "manage_panels"
    VIEW_AUDIT = "view_audit"
    VERIFY_AUDIT = "verify_audit"
    USE_KIOSK = "use_kiosk"
    ADD_PERSON = "add_person"
    ERASE_PERSON = "erase_person"
    KEEP_STORE = "keep_store"


_P, _C, _O, _A, _K = Role.PATIENT, Role.CAREGIVER, Role.COORDINATOR, Role.ADMINISTRATOR, Role.KIOSK

SCOPES: Mapping[Action, Mapping[Role, Scope]] = {
    Action.VIEW_RECORD: {_P: Scope.OWN, _C: Scope.CARED, _O: Scope.PANEL},
    Action.VIEW_ORIGINAL: {_P: Scope.OWN, _C: Scope.CARED, _O: Scope.PANEL},
    Action.VIEW_SOURCES: {_P: Scope.OWN, _C: Scope.CARED, _O: Scope.PANEL},
    Action.IMPORT_RECORDS: {_P: Scope.OWN},
    Action.PULL_RECORDS: {_P: Scope.OWN},
    Action.REMOVE_SOURCE: {_P: Scope.OWN},
    Action.EXPORT_RECORD: {_P: Scope.OWN, _C: Scope.CARED},
    Action.PRINT_SUMMARY: {_P: Scope.OWN, _C: Scope.CARED, _O: Scope.PANEL},
    Action.VIEW_ACCESS_LOG: {_P: Scope.OWN},
    Action.LIST_PEOPLE: {_P: Scope.OWN, _C: Scope.CARED, _O: Scope.PANEL},
    Action.OWN_SETTINGS: {_P: Scope.NOBODY, _C: Scope.NOBODY, _O: Scope.NOBODY, _A: Scope.NOBODY},
    Action.MANAGE_ACCOUNTS: {_A: Scope.NOBODY},
    Action.MANAGE_PANELS: {_A: Scope.NOBODY},
    Action.VIEW_AUDIT: {_A: Scope.NOBODY},
    Action.VERIFY_AUDIT: {_A: Scope.NOBODY},
    Action.USE_KIOSK: {_K: Scope.NOBODY},
    Action.ADD_PERSON: {},
    Action.ERASE_PERSON: {},
    Action.KEEP_STORE: {},
}
"""A role that is missing in a row may not do it. Role.SYSTEM (the command line, which holds the key) may do everything."""

_PURPOSE = {_P: "self", _C: "care", _O: "panel_review", _A: "administration", _K: "kiosk", Role.SYSTEM: "system"}

COMMAND_LINE = Actor("system", Role.SYSTEM, "", "command line")
"""Who acts when the command line does."""


@dataclass(frozen=True, slots=True)
class Grant:
    """The proof that access was checked; store calls get their audit event from it."""

    _event: AuditEvent
    account: Account | None

    def event(self, what: str = "", subject_id: str = "") -> AuditEvent:
        """The audit line for one store call of this use case (`what`: an id or a short code, never a value)."""
        return replace(self._event, what=what, subject_id=subject_id or self._event.subject_id)


def require(ports: Ports, actor: Actor, action: Action, person_id: str = "") -> Grant:
    """Let the actor through or raise SessionExpired / NotPermitted. Rights are read afresh; a refusal leaves an audit line."""
    now = ports.clock.now()
    event = AuditEvent(now, actor.account_id, actor.role.value, action.value, person_id, _PURPOSE[actor.role], "", actor.session_id)
    if actor.role is Role.SYSTEM:
        if actor != COMMAND_LINE:
            raise NotPermitted(action=action.value)
        return Grant(event, None)
    account = _signed_in(ports, actor)
    scope = SCOPES[action].get(account.role)
    if scope is None or not _reaches(ports, account, scope, person_id):
        ports.store.append_audit(AuditEvent(now, actor.account_id, actor.role.value, "refused", person_id, "", action.value, actor.session_id))
        raise NotPermitted(action=action.value)
    return Grant(event, account)


def allowed(role: Role, action: Action) -> bool:
    """Whether the role has the action at all: for choosing pages and buttons, never instead of `require`."""
    return role is Role.SYSTEM or role in SCOPES[action]


def reach(ports: Ports, account: Account) -> tuple[str, ...]:
    """The person ids this account may read."""
    if account.role is Role.COORDINATOR:
        seen = dict.fromkeys(p for panel in ports.store.panels(account.panels) for p in panel.persons)
        return tuple(seen)
    return account.persons if account.role in (Role.PATIENT, Role.CAREGIVER) else ()


def _signed_in(ports: Ports, actor: Actor) -> Account:
    session = ports.store.session(actor.session_id) if actor.session_id else None
    now = ports.clock.now()
    if session is None or session.account_id != actor.account_id or session.ends_at <= now:
        raise SessionExpired()
    if session.seen_at + timedelta(minutes=ports.idle_minutes) <= now:
        raise SessionExpired("session_idle")
    account = ports.store.account(session.account_id)
    if account.disabled or account.role is not actor.role:
        raise SessionExpired()
    return account


def _reaches(ports: Ports, account: Account, scope: Scope, person_id: str) -> bool:
    return scope is Scope.NOBODY or not person_id or person_id in reach(ports, account)
