"""This is the place where people sign in and out, and where a sign-in is looked after while it lasts."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from datetime import datetime, timedelta

from core.care.access import Action, reach, require, session_mark, signed_in
from core.care.desk_views import DemoAccount, Landing
from core.domain.audit import AuditEvent
from core.domain.people import Account, Actor, Role, Session
from core.errors import BadInput, SessionExpired, SignInRefused
from core.ports import Ports

SESSION_FOR = timedelta(hours=12)
TICKET_FOR = timedelta(seconds=30)
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1024
FREE_FAILURES = 3
LONGEST_WAIT = timedelta(minutes=15)
DEMO_USERNAMES = ("demo-margaret", "demo-jianguo", "demo-caregiver", "demo-coordinator", "demo-administrator", "demo-kiosk")
"""The sign-ins that the demo makes, in the order in which they are offered."""


def sign_in(ports: Ports, username: str, password: str) -> Session:
    """A new session for the right name and password. Raises SignInRefused: `sign_in_refused` (the same answer, after the same
    work, for a wrong name, a wrong password and a closed account) or `sign_in_slowed` with `seconds` to wait."""
    name = plain_username(username)
    now = ports.clock.now()
    _slow_down(ports, name, now)
    found = ports.store.account_by_username(name) if name else None
    account, kept = found if found else (None, "")
    if not _password_fits(ports, kept, password) or account is None or account.disabled:
        who = AuditEvent(now, account.account_id if account else "", account.role.value if account else "", "sign_in_failed")
        ports.store.note_failure(name, now, who)
        raise SignInRefused()
    ports.store.clear_failures(name)
    return _open(ports, account, now)


def demo_accounts(ports: Ports) -> tuple[DemoAccount, ...]:
    """The sign-ins to choose from in demo mode; none otherwise."""
    if not ports.demo:
        return ()
    found = (ports.store.account_by_username(name) for name in DEMO_USERNAMES)
    accounts = [account for account, _ in filter(None, found) if account.demo and not account.disabled]
    return tuple(DemoAccount(a.account_id, a.role.value, a.display_name, a.persons) for a in accounts)


def demo_sign_in(ports: Ports, account_id: str) -> Session:
    """A session without a password: in demo mode, for a demo account."""
    account = next((a for a in demo_accounts(ports) if a.account_id == account_id), None)
    if account is None:
        raise SignInRefused()
    return _open(ports, ports.store.account(account.account_id), ports.clock.now())


def actor_of(ports: Ports, session_id: str) -> Actor:
    """Who acts through this session. Raises SessionExpired."""
    session, account = signed_in(ports, session_id)
    return Actor(account.account_id, account.role, session.session_id, account.display_name)


def landing(ports: Ports, actor: Actor) -> Landing:
    """Who is signed in, and whose records may be opened; names only where they are few (a patient, a caregiver)."""
    grant = require(ports, actor, Action.KEEP_SESSION)
    session, account = signed_in(ports, actor.session_id)
    people: tuple[tuple[str, str], ...] = ()
    if account.role in (Role.PATIENT, Role.CAREGIVER):
        known = ports.store.people(reach(ports, account), grant.event("names"))
        names = {person.person_id: person.profile.name for person in known}
        people = tuple((person_id, names[person_id]) for person_id in account.persons if person_id in names)
    preferences = ports.store.preferences(account.account_id)
    return Landing(account, people[0][0] if people else "", people, preferences, session.ends_at)


def touch(ports: Ports, actor: Actor) -> None:
    """Say that the person is still there: the idle time starts anew."""
    require(ports, actor, Action.KEEP_SESSION)
    ports.store.touch_session(actor.session_id, ports.clock.now())


def sign_out(ports: Ports, actor: Actor) -> None:
    """End this session. It is no error when it is over already."""
    try:
        grant = require(ports, actor, Action.KEEP_SESSION)
    except SessionExpired:
        return
    ports.store.close_session(actor.session_id, grant.event("sign_out"))


def make_ticket(ports: Ports, actor: Actor) -> str:
    """A word to be exchanged once, within 30 seconds, for this session: how a browser gets its cookie."""
    require(ports, actor, Action.KEEP_SESSION)
    ticket = secrets.token_urlsafe(32)
    ports.store.keep_ticket(_digest(ticket), actor.session_id, ports.clock.now() + TICKET_FOR)
    return ticket


def redeem_ticket(ports: Ports, ticket: str) -> str | None:
    """The session id for a ticket that was not used and is not too old; None otherwise."""
    session_id = ports.store.take_ticket(_digest(ticket), ports.clock.now())
    try:
        return signed_in(ports, session_id)[0].session_id
    except SessionExpired:
        return None


def change_password(ports: Ports, actor: Actor, old: str, new: str) -> None:
    """Set a new password for oneself. The old one is checked and slowed down like a sign-in; other sessions end."""
    grant = require(ports, actor, Action.OWN_SETTINGS)
    account = ports.store.account(actor.account_id)
    now = ports.clock.now()
    _slow_down(ports, account.username, now)
    found = ports.store.account_by_username(account.username)
    if not _password_fits(ports, found[1] if found else "", old):
        ports.store.note_failure(account.username, now, grant.event("password_refused"))
        raise SignInRefused("password_refused")
    check_new_password(new)
    ports.store.clear_failures(account.username)
    ports.store.update_account(account, grant.event("password"), password_hash=ports.passwords.hash(new))
    ports.store.close_sessions(account.account_id, grant.event("sign_out_elsewhere"), but=actor.session_id)


def plain_username(username: str) -> str:
    """The one form in which a sign-in name is kept and looked up."""
    return unicodedata.normalize("NFKC", username).strip().casefold()[:200]


def check_new_password(password: str) -> None:
    """Raises BadInput unless the password is long enough to be one."""
    if len(password) < SHORTEST_PASSWORD or not password.strip():
        raise BadInput("password_short", place="password", need=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        raise BadInput("password_long", place="password", need=LONGEST_PASSWORD)


def wait_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: nothing for three, then 2, 4, 8 ... seconds up to 15 minutes."""
    if failures <= FREE_FAILURES:
        return timedelta(0)
    return min(LONGEST_WAIT, timedelta(seconds=2 ** min(failures - FREE_FAILURES, 20)))


def _slow_down(ports: Ports, username: str, now: datetime) -> None:
    failures, last = ports.store.failures(username)
    if last is None:
        return
    left = last + wait_after(failures) - now
    if left > timedelta(0):
        raise SignInRefused("sign_in_slowed", seconds=max(1, round(left.total_seconds() + 0.499)))


def _password_fits(ports: Ports, kept: str, password: str) -> bool:
    """Whether it is the password; without anything to compare, the same work is done in vain."""
    if len(password) > LONGEST_PASSWORD:
        password = ""
    if not kept:
        ports.passwords.hash(password or "no password")
        return False
    return bool(password) and ports.passwords.verify(kept, password)


def _open(ports: Ports, account: Account, now: datetime) -> Session:
    session = Session(secrets.token_urlsafe(32), account.account_id, now, now, now + SESSION_FOR)
    mark = session_mark(session.session_id)
    purpose = "demo" if account.demo else ""
    ports.store.open_session(session, AuditEvent(now, account.account_id, account.role.value, "sign_in", "", purpose, "", mark))
    return session


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()
