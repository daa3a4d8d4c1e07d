"""This is the place where it stands what a kiosk is told about somebody it knows: enough to ask "is this you?" and "is this still right?", and nothing to take away.

A name and ways to be reached are masked. Medicines and allergies are titles without doses, dates or reasons: without them nobody could say whether they still hold.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from core.care import kiosk_clinic, kiosk_secrets, medicine_book, today, visit_papers, visit_prepare
from core.care.access import Grant
from core.care.kiosk_papers import load
from core.care.kiosk_registry import Hand
from core.care.kiosk_secrets import Secrets, Ticket
from core.care.lines import Frame
from core.care.medicine_orders import living
from core.care.questionnaire_records import kept, past
from core.domain.checks import CheckState
from core.domain.papers import PaperKind
from core.domain.records import PersonProfile, Standing
from core.domain.time import PartialTime
from core.domain.visits import STANDING
from core.errors import BadInput
from core.kiosk.terms import ToConfirm, Welcomed
from core.medications.book import Book
from core.questionnaires.instruments import BY_KEY

MASK = "••••"
MOST_LISTED = 60
MOST_TITLE = 120


def told(hand: Hand, word: Secrets, ticket: Ticket, language: str) -> Welcomed:
    """What the kiosk is told. `language` is not used for words: titles stand as the record says them."""
    store, person_id = hand.ports.store, ticket.person_id
    here = load(store, kiosk_clinic.DOCUMENT)
    profile = store.person(person_id, hand.event(what="kiosk", person_id=person_id)).profile
    state, listed = allergies(hand, person_id)
    medicines = titles(word, ticket.visit_id, medicines_of(hand, person_id))
    return Welcomed(
        kiosk_secrets.written(word, ticket), ticket.visit_id, greeting(profile), contact(profile), medicines, titles(word, ticket.visit_id, listed), state,
        due(hand, person_id, here), photo(hand, person_id), here.measures,
    )  # fmt: skip


def key_of(word: Secrets, visit_id: str, what: str) -> str:
    """What one thing is called in one visit: another word in another visit."""
    return word.digest("visit key", f"{visit_id}\n{what}")[:16]


def titles(word: Secrets, visit_id: str, of: Mapping[str, str]) -> tuple[ToConfirm, ...]:
    return tuple(ToConfirm(key_of(word, visit_id, what), title[:MOST_TITLE]) for what, title in tuple(of.items())[:MOST_LISTED])


def medicines_of(hand: Hand, person_id: str) -> dict[str, str]:
    """What is taken now: title by medicine id. Where the person's own list can't be read, what the record says."""
    grant = _grant(hand, person_id)
    try:
        book = medicine_book.load(hand.ports.store, person_id, grant)
    except BadInput:
        book = Book()
    orders = living(hand.ports, person_id, grant, book, hand.ports.clock.now())
    return {one.medicine_id: one.title for one in orders.all if one.found.state in ("current", "unclear") and one.title}


def allergies(hand: Hand, person_id: str) -> tuple[str, dict[str, str]]:
    """How it stands ("listed", "none_known", "none_recorded"), and what is listed: title by record id."""
    found = hand.ports.store.records(person_id, hand.event(what="allergies", person_id=person_id), kinds=("AllergyIntolerance",))
    current = [one for one in found if one.standing is Standing.CURRENT]
    stand = today.allergies(current, Frame(hand.ports.clock.now()))
    return stand.state, ({one.record_id: one.title for one in stand.lines if one.title} if stand.state == "listed" else {})


def due(hand: Hand, person_id: str, here: kiosk_clinic.Settings) -> tuple[str, ...]:
    """The questionnaires to fill in: those asked for before a visit, and the clinic's own where the last answer is too old."""
    grant = _grant(hand, person_id)
    papers = hand.ports.store.papers((person_id,), grant.event("visits"), kinds=(PaperKind.VISIT,))
    visits = {one.key: visit_papers.read_or_damaged(one) for one in papers}
    standing = {key: one for key, one in visits.items() if one.state in STANDING}
    asked = visit_prepare.of(hand.ports, person_id, grant, standing)
    wanted = [one.key for forms in asked.values() for one in forms if not one.filled and one.key in BY_KEY]
    if here.forms:
        records, now = kept(hand.ports, person_id, grant), hand.ports.clock.now()
        for form in here.forms:
            last = next((PartialTime.parse(one.when) for one in past(BY_KEY[form], records)), None)
            if last is None or (now - last.earliest).days >= here.form_days:
                wanted.append(form)
    return tuple(dict.fromkeys(wanted))


def photo(hand: Hand, person_id: str) -> str:
    """The kind of photo the team asked for once more, "" none."""
    asked = hand.ports.store.checks((person_id,), hand.event(what="checks", person_id=person_id), states=(CheckState.RETAKE_ASKED,))
    return asked[0].kind.value if asked else ""


def greeting(profile: PersonProfile) -> str:
    """A name that only who bears it knows again: the given name's first and last letter, the family name's first; always as many dots."""
    ranked = sorted(profile.names, key=lambda one: {"official": 0, "usual": 1, "": 2}.get(one.use, 3))
    name = ranked[0] if ranked else None
    if name is None or not profile.name.strip():
        return MASK
    words = name.text.split()
    given = name.given[0].strip() if name.given else profile.name.split()[0]
    family = name.family.strip() or (words[-1] if len(words) > 1 else "")
    if any(unicodedata.name(one, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL")) for one in given + family):
        return f"{(family or given)[0]}••"
    last = given[-1] if len(given) > 3 else ""
    return f"{given[0].upper()}{MASK}{last}" + (f" {family[0].upper()}." if family else "")


def contact(profile: PersonProfile) -> tuple[ToConfirm, ...]:
    """Ways to be reached, masked: the last two figures of a telephone number, how an address begins, whose number is called in need."""
    found = [ToConfirm(f"phone:{at}", masked_phone(one)) for at, one in enumerate(profile.phones[:5])]
    if profile.address.strip():
        found.append(ToConfirm("address", f"{' '.join(profile.address.split())[:4]}{MASK}"))
    for at, one in enumerate(profile.contacts[:3]):
        letters = " ".join(f"{part[0].upper()}." for part in one.name.split()[:3])
        found.append(ToConfirm(f"contact:{at}", letters or MASK, masked_phone(one.phone) if one.phone else ""))
    return tuple(found)


def masked_phone(text: str) -> str:
    digits = "".join(one for one in text if one.isdigit())
    return f"{MASK} {digits[-2:]}" if len(digits) > 5 else MASK


def said_of(
    word: Secrets, visit_id: str, listed: Iterable[tuple[str, str]], answers: Mapping[str, str]
) -> tuple[tuple[str, str, str], ...]:
    """What was answered about what: (what, its title, answer); ("", "", answer) where it isn't listed any more."""
    known = {key_of(word, visit_id, what): (what, title) for what, title in listed}
    return tuple((*known.get(key, ("", "")), answer) for key, answer in answers.items())


def _grant(hand: Hand, person_id: str) -> Grant:
    return Grant(hand.event(what="kiosk", person_id=person_id), hand.grant.account)
