"""This is the place where it is found out who stands before a kiosk, and where the kiosk is told as little as the flow needs.

Whoever is not known hears the same, whether there is no such person, the proof is wrong, two people fit it, or it was tried too often; and the same work is done.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from datetime import date
from itertools import pairwise
from uuid import uuid4

from core.care import kiosk_clinic, kiosk_codes, kiosk_secrets, kiosk_tries
from core.care.kiosk_papers import load
from core.care.kiosk_registry import Hand
from core.care.kiosk_secrets import Secrets, Ticket
from core.care.kiosk_told import told
from core.domain.records import PersonProfile
from core.errors import NotFound
from core.kiosk.terms import Proof, Welcomed

NOT_KNOWN = "kiosk_not_recognised"
MOST_TEXT = 100
KNOWN, REFUSED = "kiosk_identified", "kiosk_refused"
"""What the audit trail says of it; a refusal names nobody."""


def identify(hand: Hand, proof: Proof, language: str) -> Welcomed:
    """Who this is. Raises NotFound (kiosk_not_recognised)."""
    store, now = hand.ports.store, hand.ports.clock.now()
    word = kiosk_secrets.of_house(store, hand.event(what="kiosk_key"))
    attempt = kiosk_tries.begun(hand, claim_of(word, proof), hand.event(what="kiosk_try"))
    person_id, code = looked_up(hand, proof)  # also where nothing may come of it: it takes as long
    if not attempt or not person_id or (code is not None and not kiosk_codes.entered(hand, code)):
        store.append_audit(hand.event(REFUSED, "slowed" if not attempt else proof.kind[:10]))
        raise NotFound(NOT_KNOWN)
    kiosk_tries.succeeded(hand, attempt, hand.event(what="kiosk_try"))
    store.append_audit(hand.event(KNOWN, proof.kind[:10], person_id))
    ticket = Ticket(person_id, f"v-{uuid4().hex}", hand.kiosk_id, code.digest if code else "", now)
    return told(hand, word, ticket, language)


def looked_up(hand: Hand, proof: Proof) -> tuple[str, kiosk_codes.Code | None]:
    """The person a proof is of, "" where there is none or more than one; and the code it was proved with."""
    if proof.kind == "code":
        code = kiosk_codes.found(hand, proof.code, hand.ports.clock.now())
        person_id = code.person_id if code is not None and hand.ports.store.person_exists(code.person_id) else ""
        return person_id, code
    if proof.kind != "birth":
        return "", None
    factor = load(hand.ports.store, kiosk_clinic.DOCUMENT).factor
    people = hand.ports.store.people(None, hand.event("kiosk_looked_up", "birth"))
    found = [one.person_id for one in people if fits(one.profile, proof, factor)]
    return (found[0] if len(found) == 1 else ""), None


def fits(profile: PersonProfile, proof: Proof, factor: str) -> bool:
    """Whether all three are this person's: each is compared, whatever the others say. Pure."""
    born = len(proof.birth_date) == 10 and _same(profile.birth_date[:MOST_TEXT], _day(proof.birth_date))
    wanted = initials(proof.initials)
    named = False
    for one in initials_of(profile):
        named |= _same(one, wanted)
    said, second = plain_factor(proof.factor, factor), False
    for one in factors_of(profile, factor):
        second |= _same(one, said)
    return born & named & second & (not profile.deceased)


def claim_of(word: Secrets, proof: Proof) -> str:
    """Whom somebody says to be, as a digest: without the second factor, so that guessing that one counts against one person."""
    if proof.kind != "birth":
        return ""
    return word.digest("claim", f"{_day(proof.birth_date)}\n{initials(proof.initials)}")[:32]


def initials(text: str) -> str:
    """Letters alone, small, without marks."""
    parts = unicodedata.normalize("NFKD", text[:MOST_TEXT]).casefold()
    return "".join(one for one in parts if one.isalpha())[:8]


def initials_of(profile: PersonProfile) -> tuple[str, ...]:
    """The initials that are a person's: first given name and family name in both orders, all given names and family name. At least two letters."""
    found: list[str] = []
    for name in profile.names:
        given, family = [one for one in name.given if one.strip()], name.family.strip()
        if not given or not family:
            words = [one for one in re.split(r"[\s.,]+", name.text) if one]
            given, family = (words[:-1], words[-1]) if len(words) > 1 else ([], "")
        if given and family:
            firsts = [one.strip()[0] for one in given]
            found += [firsts[0] + family[0], family[0] + firsts[0], "".join(firsts) + family[0]]
    return tuple(dict.fromkeys(made for one in found if len(made := initials(one)) > 1))


def plain_factor(text: str, factor: str) -> str:
    """What was typed as the second factor, as it is compared."""
    if factor == "phone_last4":
        digits = "".join(one for one in text[:MOST_TEXT] if one.isascii() and one.isdigit())
        return digits if len(digits) == 4 else ""
    if factor == "postcode":
        return _code(text[:MOST_TEXT])
    return ""


def factors_of(profile: PersonProfile, factor: str) -> tuple[str, ...]:
    """What would be right for this person."""
    if factor == "phone_last4":
        digits = ("".join(x for x in one if x.isascii() and x.isdigit()) for one in profile.phones)
        return tuple(one[-4:] for one in digits if len(one) >= 7)
    if factor != "postcode":
        return ()
    words = [one for one in re.split(r"[\s,;]+", profile.address) if one][1:]  # what stands first is the house's number
    pairs = [*words, *(first + second for first, second in pairwise(words))]
    made = (_code(one) for one in pairs)
    return tuple(dict.fromkeys(one for one in made if len(one) >= 4 and any(x.isdigit() for x in one)))


def _code(text: str) -> str:
    return "".join(one for one in text.upper() if one.isascii() and one.isalnum())


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return "-"


def _same(kept: str, said: str) -> bool:
    """Compared in a time that doesn't tell how much of it was right; nothing is the same as nothing."""
    return hmac.compare_digest(kept.encode(), said.encode()) & bool(said)
