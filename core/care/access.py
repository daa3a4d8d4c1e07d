"""This is the place where one table says who may do what, and every use case asks it on its first line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from core.domain.audit import AuditEvent
from core.domain.people import Account, Actor, Role, Session
from core.errors import NotFound, NotPermitted, SessionExpired
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
    EDIT_SERIES = "edit_series"
    MANAGE_DEVICES = "manage_devices"
    ANSWER_QUESTIONNAIRE = "answer_questionnaire"
    EDIT_RISK_INPUTS = "edit_risk_inputs"
    ANSWER_ADVICE = "answer_advice"
    EDIT_MEDICINES = "edit_medicines"
    LOG_DOSE = "log_dose"
    EDIT_REMINDERS = "edit_reminders"
    ASK_TEAM = "ask_team"
    ANSWER_REQUEST = "answer_request"
    LIST_MESSAGES = "list_messages"
    READ_MESSAGES = "read_messages"
    WRITE_MESSAGE = "write_message"
    ANSWER_MESSAGE = "answer_message"
    EDIT_TEMPLATES = "edit_templates"
    VIEW_OFFICE_HOURS = "view_office_hours"
    SET_OFFICE_HOURS = "set_office_hours"
    VIEW_VISITS = "view_visits"
    VIEW_VISIT_DAY = "view_visit_day"
    EDIT_VISITS = "edit_visits"
    ANSWER_VISIT = "answer_visit"
    JOIN_VISIT = "join_visit"
    RUN_VISITS = "run_visits"
    RUN_REMINDERS = "run_reminders"
    VIEW_ALERTS = "view_alerts"
    VIEW_PANEL_ALERTS = "view_panel_alerts"
    SEE_ALERT = "see_alert"
    ACT_ON_ALERT = "act_on_alert"
    SET_ALERT_LIMITS = "set_alert_limits"
    RAISE_ALERT = "raise_alert"
    RUN_ALERTS = "run_alerts"
    SEND_LETTERS = "send_letters"
    OWN_CONTACTS = "own_contacts"
    VIEW_ON_CALL = "view_on_call"
    SET_ON_CALL = "set_on_call"
    SEND_CHECK = "send_check"
    REVIEW_QUEUE = "review_queue"
    REVIEW_CHECK = "review_check"
    VIEW_WORKLIST = "view_worklist"
    VIEW_OVERVIEW = "view_overview"
    VIEW_PANEL_REPORT = "view_panel_report"
    PLAN_PANEL_HOURS = "plan_panel_hours"
    VIEW_PANEL_COUNTS = "view_panel_counts"
    MARK_REVIEWED = "mark_reviewed"
    EDIT_TASKS = "edit_tasks"
    SORT_PEOPLE = "sort_people"
    EDIT_TAGS = "edit_tags"
    RUN_TASKS = "run_tasks"
    KEEP_WORKLIST = "keep_worklist"
    KEEP_LEDGER = "keep_ledger"
    VIEW_OPTIONS = "view_options"
    VIEW_MODELS = "view_models"
    SWITCH_MODEL = "switch_model"
    RUN_CHECKS = "run_checks"
    EXPORT_LABELS = "export_labels"
    ALLOW_TRAINING = "allow_training"
    VIEW_ACCESS_LOG = "view_access_log"
    LIST_PEOPLE = "list_people"
    KEEP_SESSION = "keep_session"
    OWN_SETTINGS = "own_settings"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_PANELS = "manage_panels"
    VIEW_AUDIT = "view_audit"
    VERIFY_AUDIT = "verify_audit"
    USE_KIOSK = "use_kiosk"
    MANAGE_KIOSKS = "manage_kiosks"
    MAKE_CHECK_IN_CODE = "make_check_in_code"
    ANSWER_DESK_CALL = "answer_desk_call"
    SORT_KIOSK_VISITS = "sort_kiosk_visits"
    MATCH_KIOSK_VISIT = "match_kiosk_visit"
    RUN_KIOSKS = "run_kiosks"
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
    Action.EDIT_SERIES: {_P: Scope.OWN},
    Action.MANAGE_DEVICES: {_P: Scope.OWN},
    Action.ANSWER_QUESTIONNAIRE: {_P: Scope.OWN},
    Action.EDIT_RISK_INPUTS: {_P: Scope.OWN},
    Action.ANSWER_ADVICE: {_P: Scope.OWN},
    Action.EDIT_MEDICINES: {_P: Scope.OWN},
    Action.LOG_DOSE: {_P: Scope.OWN},
    Action.EDIT_REMINDERS: {_P: Scope.OWN},
    Action.ASK_TEAM: {_P: Scope.OWN},
    Action.ANSWER_REQUEST: {_O: Scope.PANEL},
    Action.LIST_MESSAGES: {_P: Scope.OWN, _C: Scope.CARED, _O: Scope.PANEL},
    Action.READ_MESSAGES: {_P: Scope.OWN, _C: Scope.CARED, _O: Scope.PANEL},
    Action.WRITE_MESSAGE: {_P: Scope.OWN, _C: Scope.CARED},
    Action.ANSWER_MESSAGE: {_O: Scope.PANEL},
    Action.EDIT_TEMPLATES: {_O: Scope.NOBODY},
    Action.VIEW_OFFICE_HOURS: dict.fromkeys((_P, _C, _O, _A), Scope.NOBODY),
    Action.SET_OFFICE_HOURS: {_A: Scope.NOBODY},
    Action.VIEW_VISITS: {_P: Scope.OWN, _C: Scope.CARED, _O: Scope.PANEL},
    Action.VIEW_VISIT_DAY: {_O: Scope.PANEL},
    Action.EDIT_VISITS: {_O: Scope.PANEL},
    Action.ANSWER_VISIT: {_P: Scope.OWN, _C: Scope.CARED},
    Action.JOIN_VISIT: {_P: Scope.OWN, _C: Scope.CARED, _O: Scope.PANEL},
    Action.RUN_VISITS: {},
    Action.RUN_REMINDERS: {},
    Action.VIEW_ALERTS: {_P: Scope.OWN, _C: Scope.CARED, _O: Scope.PANEL},
    Action.VIEW_PANEL_ALERTS: {_O: Scope.PANEL},
    Action.SEE_ALERT: {_P: Scope.OWN, _C: Scope.CARED},
    Action.ACT_ON_ALERT: {_O: Scope.PANEL},
    Action.SET_ALERT_LIMITS: {_O: Scope.PANEL},
    Action.RAISE_ALERT: {_P: Scope.OWN, _C: Scope.CARED, _O: Scope.PANEL},
    Action.RUN_ALERTS: {},
    Action.SEND_LETTERS: {},
    Action.OWN_CONTACTS: {_C: Scope.NOBODY, _O: Scope.NOBODY, _A: Scope.NOBODY},
    Action.VIEW_ON_CALL: {_O: Scope.NOBODY, _A: Scope.NOBODY},
    Action.SET_ON_CALL: {_O: Scope.NOBODY, _A: Scope.NOBODY},
    Action.SEND_CHECK: {_P: Scope.OWN, _C: Scope.CARED},
    Action.REVIEW_QUEUE: {_O: Scope.PANEL},
    Action.REVIEW_CHECK: {_O: Scope.PANEL},
    Action.VIEW_WORKLIST: {_O: Scope.PANEL},
    Action.VIEW_OVERVIEW: {_O: Scope.PANEL},
    Action.VIEW_PANEL_REPORT: {_O: Scope.PANEL},
    Action.PLAN_PANEL_HOURS: {_O: Scope.PANEL},
    Action.VIEW_PANEL_COUNTS: {_A: Scope.NOBODY},
    Action.MARK_REVIEWED: {_O: Scope.PANEL},
    Action.EDIT_TASKS: {_O: Scope.PANEL},
    Action.SORT_PEOPLE: {_O: Scope.PANEL},
    Action.EDIT_TAGS: {_O: Scope.NOBODY},
    Action.RUN_TASKS: {},
    Action.KEEP_WORKLIST: {},
    Action.KEEP_LEDGER: {_O: Scope.PANEL},
    Action.VIEW_OPTIONS: {_O: Scope.PANEL},
    Action.VIEW_MODELS: {_O: Scope.NOBODY, _A: Scope.NOBODY},
    Action.SWITCH_MODEL: {_A: Scope.NOBODY},
    Action.RUN_CHECKS: {},
    Action.EXPORT_LABELS: {},
    Action.ALLOW_TRAINING: {_P: Scope.OWN},
    Action.VIEW_ACCESS_LOG: {_P: Scope.OWN},
    Action.LIST_PEOPLE: {_P: Scope.OWN, _C: Scope.CARED, _O: Scope.PANEL},
    Action.KEEP_SESSION: dict.fromkeys((_P, _C, _O, _A, _K), Scope.NOBODY),
    Action.OWN_SETTINGS: {_P: Scope.NOBODY, _C: Scope.NOBODY, _O: Scope.NOBODY, _A: Scope.NOBODY},
    Action.MANAGE_ACCOUNTS: {_A: Scope.NOBODY},
    Action.MANAGE_PANELS: {_A: Scope.NOBODY},
    Action.VIEW_AUDIT: {_A: Scope.NOBODY},
    Action.VERIFY_AUDIT: {_A: Scope.NOBODY},
    Action.USE_KIOSK: {_K: Scope.NOBODY},
    Action.MANAGE_KIOSKS: {_A: Scope.NOBODY},
    Action.MAKE_CHECK_IN_CODE: {_P: Scope.OWN, _C: Scope.CARED, _O: Scope.PANEL},
    Action.ANSWER_DESK_CALL: {_O: Scope.NOBODY},
    Action.SORT_KIOSK_VISITS: {_O: Scope.NOBODY},
    Action.MATCH_KIOSK_VISIT: {_O: Scope.PANEL},
    Action.RUN_KIOSKS: {},
    Action.ADD_PERSON: {},
    Action.ERASE_PERSON: {},
    Action.KEEP_STORE: {},
}
"""A role that is missing in a row may not do it. Role.SYSTEM (the command line, which holds the key) may do everything."""

ABOUT_ALL = frozenset(
    {
        Action.LIST_PEOPLE,
        Action.LIST_MESSAGES,
        Action.REVIEW_QUEUE,
        Action.VIEW_WORKLIST,
        Action.VIEW_PANEL_ALERTS,
        Action.VIEW_PANEL_REPORT,
        Action.VIEW_VISIT_DAY,
        Action.PLAN_PANEL_HOURS,
    }
)
"""What may be asked about all within reach at once."""

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
    """Let the actor through or raise SessionExpired / NotPermitted. Rights are read afresh; a refusal leaves an audit line.

    `person_id` "" is right only for actions about nobody and for those of ABOUT_ALL, which are about all within reach.
    """
    now = ports.clock.now()
    mark = session_mark(actor.session_id)
    event = AuditEvent(now, actor.account_id, actor.role.value, action.value, person_id, _PURPOSE[actor.role], "", mark)
    if actor.role is Role.SYSTEM:
        if actor != COMMAND_LINE:
            raise NotPermitted(action=action.value)
        return Grant(event, None)
    _, account = signed_in(ports, actor.session_id)
    if account.account_id != actor.account_id or account.role is not actor.role:
        raise SessionExpired()
    scope = SCOPES[action].get(account.role)
    if scope is None or not _reaches(ports, account, action, person_id):
        refusal = replace(event, action="refused", purpose=_PURPOSE[account.role], what=action.value)
        ports.store.append_audit(refusal)
        raise NotPermitted(action=action.value)
    return Grant(event, account)


def allowed(role: Role, action: Action) -> bool:
    """Whether the role has the action at all: for choosing pages and buttons, never instead of `require`."""
    return role is Role.SYSTEM or role in SCOPES[action]


def reach(ports: Ports, account: Account) -> tuple[str, ...]:
    """The person ids this account may read."""
    if account.role is Role.COORDINATOR:
        seen = dict.fromkeys(p for panel in ports.store.panels(account.panels) for p in panel.persons) if account.panels else {}
        return tuple(seen)
    return account.persons if account.role in (Role.PATIENT, Role.CAREGIVER) else ()


def signed_in(ports: Ports, session_id: str) -> tuple[Session, Account]:
    """The living session and its account. Raises SessionExpired: unknown, over, idle for too long, or the account is closed."""
    session = ports.store.session(session_id) if session_id else None
    now = ports.clock.now()
    if session is None or session.ends_at <= now:
        raise SessionExpired()
    if session.seen_at + timedelta(minutes=ports.idle_minutes) <= now:
        raise SessionExpired("session_idle")
    try:
        account = ports.store.account(session.account_id)
    except NotFound:
        raise SessionExpired() from None
    if account.disabled or (account.demo and not ports.demo):
        raise SessionExpired()
    return session, account


def session_mark(session_id: str) -> str:
    """What the audit trail keeps of a session: enough to tell two apart, too little to sign in with."""
    return hashlib.sha256(session_id.encode()).hexdigest()[:16] if session_id else ""


def _reaches(ports: Ports, account: Account, action: Action, person_id: str) -> bool:
    scope = SCOPES[action][account.role]
    if scope is Scope.NOBODY or (not person_id and action in ABOUT_ALL):
        return True
    return bool(person_id) and person_id in reach(ports, account)
