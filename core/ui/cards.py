"""This is the place where the cards of Today are written: newest readings, what needs attention, the emergency card."""

from __future__ import annotations

from datetime import datetime
from html import escape

from core.care.views import Allergies, Attention, EmergencyCard, Fact, NewestReading, PersonView
from core.domain.time import PartialTime
from core.ui.lines import brief
from core.ui.markup import chip, facts, tag
from core.ui.sentences import sentence, with_action
from core.ui.spark import sparkline
from core.ui.values import number, pressure, said, source_marks, unit
from core.ui.words import Words

STATE_OF_SEVERITY = {-1: "unknown", 0: "fine", 1: "watch", 2: "soon", 3: "now"}

_NO_TARGET = "judged.no_target"


def reading(t: Words, one: NewestReading, now: datetime) -> str:
    """The newest value of a signal: state, big numeral, picture, what it means, how old it is and where it comes from."""
    name = t(one.label)
    numeral, shown_unit = _numeral(t, one)
    spark = sparkline(one.spark, one.band, t("today.spark_alt", name=name, n=len(one.spark)))
    meta = f"<span>{escape(_age(t, one, now))}</span>{source_marks(t, one.sources)}"
    return (
        f'<div class="rd{" sp" if spark else ""}"><div class="rd-top"><h3 class="rd-name">{escape(name)}</h3>{_state(t, one)}</div>'
        f'<div class="big">{escape(numeral)}<small>{escape(shown_unit)}</small></div>{spark}'
        f'<div class="mean">{escape(_meaning(t, one))}</div><div class="meta">{meta}</div></div>'
    )


def attention(t: Words, one: Attention, because: str) -> str:
    """Something that needs the eye: how urgent, what it is, and what it rests on."""
    state = STATE_OF_SEVERITY.get(int(one.severity), "now")
    what, do_now = escape(sentence(t, one.says)), escape(sentence(t, Fact(one.action)))
    grounds = f'<div class="meta">{escape(because)}</div>' if because else ""
    return f'<div class="at"><div>{chip(t, state)}</div><div><b>{what}</b></div><div class="mean">{do_now}</div>{grounds}</div>'


def emergency(t: Words, card: EmergencyCard, now: datetime) -> str:
    """What a stranger must know: who, allergies, conditions, medicines, implants, blood group, whom to call."""
    person = card.person
    contacts = ", ".join(" ".join(part for part in (c.name, f"({c.relationship})" if c.relationship else "", c.phone) if part) for c in person.contacts)
    pairs = [
        (t("emergency.name"), person.name or t("person.no_name")),
        (t("emergency.born"), born(t, person, now)),
        (t("emergency.allergies"), allergies(t, card.allergies)),
        (t("emergency.problems"), "; ".join(brief(t, line) for line in card.problems) or t("emergency.none_recorded")),
        (t("emergency.medicines"), "; ".join(brief(t, line) for line in card.medicines) or t("emergency.none_recorded")),
        (t("emergency.implants"), "; ".join(brief(t, line) for line in card.implants)),
        (t("emergency.blood_group"), card.blood_group),
        (t("emergency.contacts"), contacts or t("emergency.no_contact")),
    ]
    return facts(pairs)


def allergies(t: Words, known: Allergies) -> str:
    """The allergies in one line, telling "none known" from "nobody wrote anything"."""
    if known.state == "listed":
        return "; ".join(brief(t, line) for line in known.lines)
    return t("allergies." + known.state)


def born(t: Words, person: PersonView, now: datetime) -> str:
    """Birth date with the age: "3 Mar 1954, 72 years old"."""
    birth = PartialTime.parse(person.birth_date)
    if birth is None:
        return t("person.no_birth_date")
    parts = [t.day(birth)] if person.deceased else [t.day(birth), t.years_old(birth, now)]
    if person.gender and t.has("gender." + person.gender):
        parts.append(t("gender." + person.gender))
    return t("list.comma").join(parts)


def _numeral(t: Words, one: NewestReading) -> tuple[str, str]:
    pair = pressure(one.values)
    if pair:
        return f"{number(t, pair[0])}/{number(t, pair[1])}", unit(t, one.unit)
    if one.values and one.values[0].number is not None:
        return number(t, one.values[0]), unit(t, one.unit)
    return (said(t, one.values[0]) if one.values else "–"), ""


def _state(t: Words, one: NewestReading) -> str:
    """The state as word, icon and colour; that there is nothing to hold a fresh value against is no state."""
    if one.stale:
        return tag(t("state.stale"), "clock", "unknown")
    return tag(t("state.no_target"), "info") if one.plain.code.startswith(_NO_TARGET) else chip(t, one.state)


def _meaning(t: Words, one: NewestReading) -> str:
    """What it means; what to do where it is urgent; what the value is about where there is no target."""
    if one.plain.code == _NO_TARGET and t.has("about." + one.signal):
        return t("about." + one.signal)
    return with_action(t, one.plain, one.action) if one.state in ("soon", "now") else sentence(t, one.plain)


def _age(t: Words, one: NewestReading, now: datetime) -> str:
    time = PartialTime.parse(one.when)
    return t.age(time, now) if time else t("record.no_time")
