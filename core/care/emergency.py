"""This is the place where help in an emergency comes together: whose number to call, and the card a stranger reads, on screen, paper and as a QR code.

Nothing here calls anybody, asks for a place or sends anything. The country is what the person's clock or address says, or nobody knows.
"""

from __future__ import annotations

from collections.abc import Sequence

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from core.care import medicine_book, today
from core.care.access import Action, Grant, require
from core.care.desk_views import Download
from core.care.emergency_views import EmergencySheet, HelpView
from core.care.medicine_cards import written
from core.care.medicine_orders import HeldOrder, living
from core.care.views import EmergencyCard, PersonView, RecordLine
from core.domain.people import Actor, Role
from core.domain.time import PartialTime
from core.emergency.card import Section, payload
from core.emergency.flags import FLAGS
from core.emergency.numbers import Local, country_of, elsewhere, local
from core.errors import BadInput
from core.ports import Ports, Say
from core.questionnaires.crisis import CrisisLine, lines

_REGION = {"US": "us", "CN": "china"}
_TAKEN = frozenset({"current", "unclear"})
_CRITICALITY = {"high": "summary.criticality_high", "low": "summary.criticality_low"}


def help_now(ports: Ports, actor: Actor, person_id: str, language: str, zone: str = "") -> HelpView:
    """Whom to call where the person is. `zone` is the time zone of the device that asks: it counts for the person's own device alone; of others' only
    the zone that was set for the person does."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    profile = ports.store.person(person_id, grant.event("emergency")).profile
    kept = ports.store.series_choices(person_id).zone
    found = local(_country_of_zone((zone or kept) if actor.role is Role.PATIENT else kept), country_of(profile.address), ports.country)
    return HelpView(found, elsewhere(found), ports.crisis_line, _crisis(found, language), FLAGS)


def card(ports: Ports, actor: Actor, person_id: str, say: Say, language: str) -> EmergencySheet:
    """The emergency card with its QR code."""
    grant = require(ports, actor, Action.PRINT_SUMMARY, person_id)
    return _sheet(ports, actor, person_id, grant, (say, language))


def card_pdf(ports: Ports, actor: Actor, person_id: str, say: Say, language: str) -> Download:
    """The same as a sheet to print."""
    grant = require(ports, actor, Action.PRINT_SUMMARY, person_id)
    sheet = _sheet(ports, actor, person_id, grant, (say, language))
    name = f"healthboard-emergency-{ports.clock.now():%Y-%m-%d}.pdf"
    return Download(name, "application/pdf", ports.exporter.emergency_pdf(sheet, say, language))


def _sheet(ports: Ports, actor: Actor, person_id: str, grant: Grant, words: tuple[Say, str]) -> EmergencySheet:
    say = words[0]
    view = today.view(ports, actor, person_id)
    taken, damaged = _medicines(ports, person_id, grant, (view.emergency, say))
    unknown = _unknown(view.emergency)
    sections = (*_sections(view.emergency, taken, words), _as_of(ports, say, unknown))
    made = payload(say("emergency.title"), sections, lambda n: say("emergency.more", n=n))
    return EmergencySheet(view.made_at, view.person, sections, unknown, made.text, made.cut, ports.exporter.qr(made.text), damaged)


def _sections(found: EmergencyCard, taken: Sequence[str], words: tuple[Say, str]) -> tuple[Section, ...]:
    """What is read first stands first; what matters least gives way first."""
    say, language = words
    who = found.person
    allergies = tuple(_allergy(line, say) for line in found.allergies.lines) if found.allergies.state == "listed" else (say("allergies." + found.allergies.state),)
    none = (say("emergency.none_recorded"),)
    contacts = tuple(" ".join(filter(None, (one.name, f"({one.relationship})" if one.relationship else "", one.phone))) for one in who.contacts)
    made = [
        Section("name", say("emergency.name"), (who.name or say("person.no_name"),), 0),
        Section("born", say("emergency.born"), (_born(who, say),), 0),
        Section("allergies", say("emergency.allergies"), allergies, 0),
        Section("medicines", say("emergency.medicines"), tuple(taken) or none, 2),
        Section("problems", say("emergency.problems"), tuple(_dated(line, say) for line in found.problems) or none, 3),
        Section("contacts", say("emergency.contacts"), tuple(filter(None, contacts)) or (say("emergency.no_contact"),), 1),
    ]
    if found.implants:
        made.append(Section("implants", say("emergency.implants"), tuple(_dated(line, say) for line in found.implants), 3))
    if found.blood_group:
        made.append(Section("blood_group", say("emergency.blood_group"), (found.blood_group,), 0))
    if who.languages:
        made.append(Section("languages", say("emergency.languages"), tuple(_language(code, language) for code in who.languages), 4))
    return tuple(made)


def _as_of(ports: Ports, say: Say, unknown: Sequence[str]) -> Section:
    """When this was made, and what nobody wrote down."""
    missing = (say("emergency.not_known", what=", ".join(say(key) for key in unknown)),) if unknown else ()
    return Section("as_of", say("emergency.as_of"), (say.day(ports.clock.now()), *missing, say("emergency.ask")), 0)


def _unknown(found: EmergencyCard) -> tuple[str, ...]:
    have = {
        "emergency.born": bool(found.person.birth_date), "emergency.allergies": found.allergies.state != "none_recorded", "emergency.blood_group": bool(found.blood_group),
        "emergency.contacts_of": any(one.phone or one.name for one in found.person.contacts), "emergency.languages": bool(found.person.languages),
    }  # fmt: skip
    return tuple(key for key, known in have.items() if not known)


def _medicines(ports: Ports, person_id: str, grant: Grant, of: tuple[EmergencyCard, Say]) -> tuple[tuple[str, ...], bool]:
    """What is taken by the record and by what the person says about it; by the record alone where the person's list can't be read."""
    found, say = of
    try:
        book = medicine_book.load(ports.store, person_id, grant)
    except BadInput:
        return tuple(_dated(line, say, "dosage") for line in found.medicines), True
    orders = living(ports, person_id, grant, book, ports.clock.now())
    return tuple(dict.fromkeys(_medicine(one, say) for one in orders.all if one.found.state in _TAKEN)), False


def _medicine(one: HeldOrder, say: Say) -> str:
    since = PartialTime.parse(one.found.order.authored)
    marks = [say("emergency.since", day=say.day(since))] if since else []
    if one.own is not None:
        marks.append(say("emergency.own"))
    if one.found.state == "unclear":
        marks.append(say("emergency.unclear"))
    said = " – ".join((one.title or say("value.unnamed"), *written(one)[:1]))
    return f"{said} ({', '.join(marks)})" if marks else said


def _allergy(line: RecordLine, say: Say) -> str:
    danger = _CRITICALITY.get(dict(line.detail).get("criticality", ""), "")
    return _dated(line, say, "reaction", more=(say(danger),) if danger else ())


def _dated(line: RecordLine, say: Say, *keys: str, more: tuple[str, ...] = ()) -> str:
    """The title, what the record says of it, and from when that is."""
    when = PartialTime.parse(line.when)
    marks = (*more, say.day(when)) if when else more
    said = " – ".join((line.title or say("value.unnamed"), *(text for key, text in line.detail if key in keys and text)))
    return f"{said} ({', '.join(marks)})" if marks else said


def _born(who: PersonView, say: Say) -> str:
    birth = PartialTime.parse(who.birth_date)
    return say.day(birth) if birth else say("person.no_birth_date")


def _language(code: str, language: str) -> str:
    """A language by its name in the reader's; by its code where that has none."""
    try:
        return Locale.parse(code.replace("-", "_")).get_display_name(language) or code
    except (UnknownLocaleError, ValueError, TypeError):
        return code


def _country_of_zone(zone: str) -> str:
    """The country a time zone belongs to, "" for none (UTC)."""
    found = get_global("zone_territories").get(zone, "")
    return found if isinstance(found, str) and found.isalpha() else ""


def _crisis(found: Sequence[Local], language: str) -> tuple[CrisisLine, ...]:
    """Lines to talk to of where the person is; all of them where nobody knows, or where the table has none for that place."""
    talk = tuple(one for one in lines(language) if not one.emergency)
    regions = {_REGION.get(one.country, "") for one in found}
    return tuple(one for one in talk if one.region in regions) or talk
