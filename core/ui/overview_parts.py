"""This is the place where one person at a glance is written for a clinician: short lines, each with its age, and what could not be read said in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from babel import Locale, UnknownLocaleError

from core.care.alert_views import AlertsView
from core.care.dose_views import AdherenceLine, AdherenceView, CardsView, MedicineCard
from core.care.overview import OverviewView
from core.care.questionnaire_views import ChecksView, Offer
from core.care.risk_views import FamilyView, RisksView
from core.care.views import Attention
from core.domain.time import PartialTime
from core.ui import (
    adherence_parts,
    advice_words,
    alert_list,
    cards,
    check_words,
    lately_cards,
    lines,
    medicine_card,
    medicine_safety,
    questionnaire_words,
    risk_cards,
)
from core.ui import risk_words as say
from core.ui.dose_parts import worded
from core.ui.markup import box, chip, dotted, facts, grid, h2, note, row, rows, tag
from core.ui.schedule_words import said
from core.ui.session import Visit
from core.ui.words import Words

MOST_ATTENTION, MOST_TILES, MOST_LISTED = 8, 8, 12


def who(visit: Visit, view: OverviewView) -> str:
    """Name, age, whom to call, and first of all what they must not be given."""
    t, person = visit.t, view.today.person
    told = t("allergies." + view.today.allergies.state) if view.today.allergies.state != "listed" else ""
    contacts = t("list.comma").join(" ".join(part for part in (one.name, one.phone) if part) for one in person.contacts)
    pairs = [
        (t("emergency.allergies"), told or cards.allergies(t, view.today.allergies)), (t("emergency.born"), cards.born(t, person, visit.now)),
        (t("overview.languages"), t("list.comma").join(_language(t, one) for one in person.languages)), (t("overview.phones"), t("list.comma").join(person.phones)),
        (t("emergency.contacts"), contacts), (t("emergency.blood_group"), view.today.emergency.blood_group),
    ]  # fmt: skip
    return facts(pairs)


def alerts(visit: Visit, held: AlertsView) -> str:
    """The open alerts, the gravest first; that they can't be read is said and is not "none"."""
    t = visit.t
    if held.damaged:
        return h2(t("nav.alerts")) + box("now", t("alerts.damaged_one"), t("alerts.damaged_next"))
    said = alert_list.cards(visit, held, MOST_ATTENTION) if held.alerts else note(t("alerts.none_of") if held.looked_at else t("alerts.never_looked_team"))
    return h2(t("nav.alerts"), t("alerts.count_open", n=len(held.alerts)) if held.alerts else "") + said


def attention(visit: Visit, view: OverviewView, because: Callable[[Attention], str]) -> str:
    """What needs the eye, the gravest first; that more was left out is said."""
    t = visit.t
    found = [cards.attention(t, one, because(one)) for one in view.today.attention]
    found += [lately_cards.finding(t, one) for one in (view.lately.findings if view.lately else ())]
    shown = grid(found[:MOST_ATTENTION], "two") if found else note(t("today.nothing"))
    return h2(t("today.attention")) + shown + _more(t, len(found) - MOST_ATTENTION)


def problems(visit: Visit, view: OverviewView) -> str:
    t, found = visit.t, view.today.problems
    shown = lines.listed(t, found[:MOST_LISTED], visit.now, plain=False) if found else note(t("overview.no_problems"))
    return h2(t("overview.problems")) + shown + _more(t, len(found) - MOST_LISTED)


def values(visit: Visit, view: OverviewView) -> str:
    """The newest values, what devices recorded, and what changed."""
    t = visit.t
    newest = grid(cards.reading(t, one, visit.now) for one in view.today.readings[:MOST_TILES]) if view.today.readings else note(t("overview.no_values"))
    parts = [h2(t("today.readings")), newest, _more(t, len(view.today.readings) - MOST_TILES)]
    if view.lately and view.lately.tiles:
        parts += [lately_cards.changes(t, view.lately), h2(t("lately.title")), lately_cards.tiles(t, view.lately.tiles[:MOST_TILES], visit.now)]
    return "".join(parts) + failed(visit, view, "lately")


def medicines(visit: Visit, view: OverviewView) -> str:
    """What is taken, how it is taken, how much of it was logged; then what the checks found."""
    t, held = visit.t, view.medicines
    if held is None:
        return h2(t("nav.medicines")) + failed(visit, view, "medicines")
    taken = {one.medicine_id: one for one in view.adherence.lines} if view.adherence else {}
    listed = rows(_medicine(visit, one, taken) for one in held.current) if held.current else note(t("medicines.none_current"))
    return h2(t("nav.medicines"), t("medicines.count", n=len(held.current))) + listed + _logged(t, view.adherence) + failed(visit, view, "adherence") + _safety(t, held)


def _medicine(visit: Visit, one: MedicineCard, taken: Mapping[str, AdherenceLine]) -> str:
    t = visit.t
    how = t.joined(said(t, each.code, worded(t, each.facts)) for each in one.how if each.code != "how.from") or " / ".join(one.written)
    logged = taken.get(one.medicine_id)
    parts = [escape(how or t("medicines.no_dosage")), escape(one.reason), escape(_share(t, logged)) if logged else ""]
    return row(one.title, "", dotted(parts), medicine_card.marks(t, one, clinician=True))


def _share(t: Words, one: AdherenceLine) -> str:
    logged = one.taken + one.skipped
    said_of = t("adherence.taken_of", n=logged, taken=one.taken) if logged else t("adherence.nothing_logged") if one.due else ""
    return t.joined(part for part in (said_of, adherence_parts.pdc(t, one) if one.pdc is not None else "") if part)


def _logged(t: Words, view: AdherenceView | None) -> str:
    if view is None:
        return ""
    return note(t("adherence.since", day=view.logged_since) if view.logged_since else t("adherence.none"))


def _safety(t: Words, held: CardsView) -> str:
    left = note(t("safety.left_out", n=len(held.checked.not_checked))) if held.checked.not_checked else ""
    return medicine_safety.section(t, held.checked, clinician=True) + left


def risks(visit: Visit, view: OverviewView) -> str:
    """Each question about the future in one line: the number and how it is read, or that nothing can be said."""
    t = visit.t
    if view.risks is None:
        return h2(t("nav.risks")) + failed(visit, view, "risks")
    return h2(t("overview.risks"), t("overview.risks_aside")) + rows(_risk(t, one) for one in _told(view.risks))


def _told(view: RisksView) -> Sequence[FamilyView]:
    """Those with an answer first; those made for other people are left to their page."""
    return sorted((one for one in view.families if one.equations), key=lambda one: one.state != "answered")


def _risk(t: Words, family: FamilyView) -> str:
    equation = family.equations[0]
    outcome = risk_cards.main_of(equation)
    title = t("risk.family." + family.key)
    if outcome.value is None and not outcome.category:
        needs = t("list.comma").join(dict.fromkeys(say.name(t, one.input) for one in risk_cards.reasons(outcome) if one.input))
        return row(title, escape(t("overview.no_answer")), escape(t("overview.needs", needs=needs)) if needs else "")
    read = "".join(risk_cards.reading(t, equation, one) for one in outcome.bands[:1])
    return row(title, escape(" ".join(say.result_parts(t, outcome))), dotted([escape(say.title(t, equation)), read]))


def photos(visit: Visit, view: OverviewView) -> str:
    """Spots and wounds, recordings of the pulse: where the newest stands and what the check said."""
    t, held = visit.t, view.photos
    if held is None:
        return h2(t("overview.checks")) + failed(visit, view, "photos")
    entries = []
    for one in held.spots:
        if one.checks and one.spot.closed_at is None:
            newest = one.checks[0]
            age = t("photo.newest", age=t.age(newest.submitted_at, visit.now))
            marks = check_words.state(t, newest) + " " + check_words.label(t, newest.result)
            entries.append(row(check_words.spot_name(t, one.spot), escape(check_words.size(t, newest.result)), dotted([escape(t("photo.count", n=len(one.checks))), escape(age)]), marks))
    for check in held.loose[:3]:
        marks = check_words.state(t, check) + " " + check_words.label(t, check.result)
        entries.append(row(t("check_kind." + check.kind), "", escape(t.age(check.submitted_at, visit.now)), marks))
    return h2(t("overview.checks")) + (rows(entries) if entries else note(t("overview.no_checks")))


def forms(visit: Visit, view: OverviewView) -> str:
    """The newest answer to each questionnaire that was ever filled in."""
    t, held = visit.t, view.forms
    if held is None:
        return h2(t("overview.forms")) + failed(visit, view, "forms")
    return h2(t("overview.forms")) + _forms(visit, held)


def _forms(visit: Visit, held: ChecksView) -> str:
    done = [one for one in held.offers if one.last is not None]
    return rows(_form(visit, one) for one in done) if done else note(visit.t("overview.no_forms"))


def _form(visit: Visit, one: Offer) -> str:
    t, last = visit.t, one.last
    moment = PartialTime.parse(last.when) if last else None
    age = t.age(moment, visit.now) if moment else t("record.no_time")
    scored = last.scored if last else None
    value = questionnaire_words.points(t, scored.value) if scored and scored.value is not None else ""
    read = t("list.comma").join(questionnaire_words.band(t, found) for _, found in scored.bands) if scored and value else ""
    return row(questionnaire_words.wording(t)(one.questionnaire.title), escape(value), dotted([escape(read), escape(age)]))


def advice(visit: Visit, view: OverviewView) -> str:
    """What the rules advise, by title: the reasons stand on the page of advice."""
    t, held = visit.t, view.advice
    if held is None or held.table.fault:
        return h2(t("nav.advice")) + (failed(visit, view, "advice") or box("now", t("advice.unavailable"), ""))
    entries = []
    for one in held.advice.cards:
        rule, state = held.row(one), advice_words.STATES.get(int(one.severity), "")
        marks = chip(t, state) if state else tag(t("advice.good_to_know"))
        unsure = " " + tag(t("safety.status." + rule.status), "unknown") if rule.status in ("digest", "memory") else ""
        entries.append(row(t("advice.title." + one.rule), "", "", marks + unsure))
    return h2(t("nav.advice")) + (rows(entries) if entries else note(t("overview.no_advice")))


def asked(visit: Visit, view: OverviewView) -> str:
    """What the person asked of the team, the open ones first."""
    t = visit.t
    if view.requests is None:
        return h2(t("requests.title")) + failed(visit, view, "requests")
    some = sorted(view.requests, key=lambda one: one.state != "requested")[:6]
    if not some:
        return ""
    entries = [row(one.title, "", dotted([escape(one.text), escape(t.age(one.asked_at, visit.now))]), tag(t("refill.state." + one.state))) for one in some]
    return h2(t("requests.title")) + rows(entries)


def failed(visit: Visit, view: OverviewView, part: str) -> str:
    """That a part could not be read, and why; nothing where it could."""
    t, code = visit.t, dict(view.failed).get(part)
    if code is None:
        return ""
    reason = t.first("error." + code, "error.bad_input")
    return box("unknown", t("overview.failed"), reason)


def _language(t: Words, tag_: str) -> str:
    """A language by its name in the reader's own; the record's own words where it is none that is known."""
    try:
        return Locale.parse(tag_.strip(), sep="-" if "-" in tag_ else "_").get_display_name(t.language) or tag_
    except (ValueError, TypeError, UnknownLocaleError):
        return tag_


def _more(t: Words, left: int) -> str:
    return note(t("overview.more", n=left)) if left > 0 else ""
