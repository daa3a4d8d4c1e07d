"""This is the place where a sealed visit is taken in: whose it is by its ticket, else by the proof sealed in it, else the team finds out. It is never dropped."""

from __future__ import annotations

from core.care import kiosk_codes, kiosk_home, kiosk_intake_parts, kiosk_secrets, kiosk_tries, kiosk_unmatched
from core.care.kiosk_intake_parts import Opened
from core.care.kiosk_registry import Hand
from core.care.kiosk_who import KNOWN, REFUSED, claim_of, looked_up
from core.errors import BadInput
from core.kiosk.terms import Collected, SealedVisit, VisitReceipt

KEPT, BEFORE, UNMATCHED, REFUSED_STATE = "kept", "kept_before", "unmatched", "refused"


def receive(hand: Hand, visit: SealedVisit) -> VisitReceipt:
    """Take a visit in. Raises SourceUnavailable where something isn't at work just now: it is to be sent again."""
    now = hand.ports.clock.now()
    try:
        found = kiosk_intake_parts.opened(hand, visit, now)
    except BadInput as error:
        if error.code == "document_damaged":
            raise
        hand.ports.store.append_audit(hand.event("kiosk_visit", "refused"))
        return VisitReceipt(visit.visit_id, REFUSED_STATE, error.code)
    person_id, code, why = _whose(hand, found.collected)
    if not person_id:
        return VisitReceipt(visit.visit_id, kiosk_unmatched.put(hand, found.collected, why))
    return _kept(hand, person_id, found, code)


def _kept(hand: Hand, person_id: str, found: Opened, code: str) -> VisitReceipt:
    visit, before = kiosk_intake_parts.begin(hand, person_id, found, code)
    word = kiosk_secrets.of_house(hand.ports.store, hand.event(what="kiosk_key"))
    link = kiosk_home.made(hand, word, person_id, visit.visit_id)
    return VisitReceipt(visit.visit_id, BEFORE if before else KEPT, link=f"{hand.ports.public_url}{link}")


def _whose(hand: Hand, found: Collected) -> tuple[str, str, str]:
    """The person ("" nobody knows), the digest of the check-in code (""), why nobody knows."""
    store, now = hand.ports.store, hand.ports.clock.now()
    word = kiosk_secrets.of_house(store, hand.event(what="kiosk_key"))
    if found.ticket:
        try:
            ticket = kiosk_secrets.read(word, found.ticket)
        except BadInput:
            return "", "", "ticket"
        mine = ticket.kiosk_id == hand.kiosk_id and ticket.visit_id == found.visit_id and ticket.hands_in(now)
        return (ticket.person_id, ticket.code, "") if mine and store.person_exists(ticket.person_id) else ("", "", "ticket")
    if found.proof is None:
        return "", "", "offline"
    return _by_proof(hand, found, word)


def _by_proof(hand: Hand, found: Collected, word: kiosk_secrets.Secrets) -> tuple[str, str, str]:
    """By what was said at the kiosk while the server was away; limited as at the kiosk itself, or sending visits would be a way to guess."""
    if found.proof is None or _known_before(hand, found.visit_id):
        return "", "", "proof"
    attempt = kiosk_tries.begun(hand, claim_of(word, found.proof), hand.event(what="kiosk_try"))
    if found.proof.kind == "code":
        code = kiosk_codes.found(hand, found.proof.code, found.started_at)
        again = code is None and kiosk_codes.ended_with(hand, found.proof.code, found.visit_id)
        person_id, digest = (code.person_id, code.digest) if code else ((again.person_id, again.digest) if again else ("", ""))
    else:
        person_id, digest = looked_up(hand, found.proof)[0], ""
    if not attempt or not person_id or not hand.ports.store.person_exists(person_id):
        hand.ports.store.append_audit(hand.event(REFUSED, "visit"))
        return "", "", "proof"
    kiosk_tries.succeeded(hand, attempt, hand.event(what="kiosk_try"))
    hand.ports.store.append_audit(hand.event(KNOWN, "visit", person_id))
    return person_id, digest, ""


def _known_before(hand: Hand, visit_id: str) -> bool:
    """Whether this visit lies with the team already: whose it is, is theirs to say then."""
    return kiosk_unmatched.knows(hand, visit_id)
