"""This is the place where an alert becomes what a page shows of it: words by key, values in the reader's unit, the timeline with what became of each letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.alerts.desk import DEAD_CHANNEL
from core.alerts.own import OWN_SOURCE
from core.alerts.rules import GAIN, RECOVERIES, SILENT, Rule
from core.alerts.rules_table import RULES
from core.alerts.states import Alert, Entry, Evidence, Kind, State, next_due
from core.care import alert_desk
from core.care.alert_flags import FLAGGED
from core.care.alert_views import AlertView, Line, Next, PastAlert, Shown, Told
from core.care.letters import IN_APP, NOT_REACHED, WAITING, KeptLetter
from core.care.views import Fact
from core.domain.people import Preferences, Role
from core.domain.signals import SIGNALS
from core.trends.conversion import number_for, shown_as
from core.trends.judgement import Severity
from core.trends.published import OUR_CHOICE

BY_KEY: Mapping[str, Rule] = {rule.key: rule for rule in RULES}
SEEN = "seen"
OWN_PREFIX = "own_"
INTERNAL = ("happening", "rule", "where")
"""Facts that are keys of ours."""
BROKEN = ("readings", "limits", "answers", "checks", "devices", "doses", "medicines")
"""What a look may not have been able to read (`alert.broken.<part>`)."""
WHYS = (
    DEAD_CHANNEL, *NOT_REACHED, "snooze_over", "nobody_finished", "nobody_acted", "not_measured_again", SEEN, "acting", FLAGGED,
    *(one for one in RECOVERIES if one),
)  # fmt: skip
"""Codes that stand on a timeline beside those of people (REASONS in alerts.py)."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: their units and role; the letters of the person by slot (None: not all were asked for), else those that reached nobody (`missed`)."""

    preferences: Preferences
    role: Role
    letters: Mapping[str, KeptLetter] | None = None
    missed: Mapping[str, KeptLetter] = field(default_factory=dict)


def alert_view(person: tuple[str, str], alert: Alert, reader: Reader) -> AlertView:
    """One alert of a person (id, name)."""
    signal = alert.signal if alert.signal in SIGNALS else ""
    shown = shown_as(signal, reader.preferences) if signal else None
    timeline = tuple(_line(alert, at, entry, reader) for at, entry in enumerate(alert.timeline))
    taken = _last(alert, Kind.ACKNOWLEDGED, Kind.ACTING) if alert.taken else None
    due = next_due(alert)
    return AlertView(
        person_id=person[0], name=person[1], alert_id=alert.alert_id, family=alert.family,
        title=title_of(alert, reader.preferences), direction=alert.direction, signal=alert.signal, unit=shown.unit if shown else "", decimals=shown.decimals if shown else 0,
        state=alert.state.value, severity=int(alert.severity), raised_at=alert.raised_at, measured_at=alert.spoke_at,
        worst=number_for(signal, alert.worst, reader.preferences) if signal else None,
        taken_by=taken.who if taken else "", taken_at=taken.at if taken else None, held_until=alert.held_until,
        waiting_until=alert.waiting.until if alert.waiting else None,
        next=Next(due[0], due[1].kind.value, due[1].to, due[1].why) if due else None,
        evidence=tuple(_shown(one, alert, reader.preferences) for one in alert.evidence), timeline=timeline,
        seen=tuple((entry.who, entry.at) for entry in alert.timeline if entry.why == SEEN),
        unreached=_unreached(alert, reader), may=_may(alert, reader.role),
    )  # fmt: skip


def title_of(alert: Alert, preferences: Preferences) -> Fact:
    """What the alert is about: the words of its first rule, with the facts of the newest evidence."""
    rule = alert.rules[0]
    facts: dict[str, str | int | float] = {"signal": alert.signal}
    if alert.evidence:
        facts |= {name: value for name, value in alert.evidence[-1].facts if name not in INTERNAL}
    if alert.signal in SIGNALS:
        facts |= {"value": number_for(alert.signal, alert.worst, preferences), "unit": shown_as(alert.signal, preferences).unit}
    return Fact(f"alert.rule.{word_of(rule, alert)}", facts)


def word_of(rule: str, alert: Alert) -> str:
    """The key of a rule's words: those of a person's own limits share theirs; a silence and a dead channel have some for each source and audience."""
    if rule.startswith(OWN_PREFIX) and rule not in BY_KEY:
        return f"own_{alert.direction}"
    if rule in (SILENT, DEAD_CHANNEL):
        return f"{rule}_{alert.family.partition(':')[2]}"
    return rule


def by_severity(alerts: Sequence[AlertView]) -> tuple[AlertView, ...]:
    """What nobody has comes before what somebody has; then the most severe, then the newest."""
    return tuple(
        sorted(alerts, key=lambda one: (bool(one.taken_by), one.held_until is not None, -one.severity, -one.raised_at.timestamp()))
    )


def past_alert(person_id: str, alert: Alert, preferences: Preferences) -> PastAlert:
    """An ended alert in short."""
    last = alert.timeline[-1]
    ended = _last(alert, Kind.RESOLVED, Kind.RECOVERED) or last
    taken = next((one for one in alert.timeline if one.kind in (Kind.ACKNOWLEDGED, Kind.ACTING)), None)
    told = next((one for one in alert.timeline if alert_desk.tells(one)), None)
    return PastAlert(
        person_id, alert.alert_id, word_of(alert.rules[0], alert), alert.signal, alert.direction, int(alert.severity), alert.raised_at,
        told.at if told else None, taken.at if taken else None, ended.at, ended.who, ended.kind is Kind.RECOVERED, ended.why,
        sum(one.kind is Kind.ESCALATED and bool(one.to) for one in alert.timeline), title_of(alert, preferences),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------------------ parts


def _line(alert: Alert, at: int, entry: Entry, reader: Reader) -> Line:
    told = None
    if reader.letters is not None and alert_desk.tells(entry):
        told = _told(reader.letters.get(alert_desk.slot(alert.alert_id, at)))
    value = entry.value
    if value is not None and alert.signal in SIGNALS:
        value = number_for(alert.signal, value, reader.preferences)
    return Line(entry.at, entry.kind.value, entry.state.value, int(entry.severity), entry.who, entry.why, entry.to, value, told)


def _unreached(alert: Alert, reader: Reader) -> tuple[str, ...]:
    """Who was to be told and, at the last try, could not be called."""
    found = reader.missed if reader.letters is None else reader.letters
    newest = {
        entry.to: found.get(alert_desk.slot(alert.alert_id, at))
        for at, entry in enumerate(alert.timeline)
        if alert_desk.tells(entry)
    }
    return tuple(
        to
        for to, one in newest.items()
        if one is not None and one.state in NOT_REACHED and (one.letter.urgent or one.state != IN_APP)
    )


def _told(letter: KeptLetter | None) -> Told:
    if letter is None:
        return Told("not_needed")
    return Told(letter.state or WAITING, letter.why, letter.letter.urgent, letter.sendings)


def _shown(one: Evidence, alert: Alert, preferences: Preferences) -> Shown:
    rule = BY_KEY.get(one.rule)
    kind = rule.kind if rule else FLAGGED if one.rule == FLAGGED else "threshold"
    facts: dict[str, str | int | float] = {
        "signal": alert.signal,
        **{name: value for name, value in one.facts if name not in INTERNAL},
    }
    if alert.signal in SIGNALS:
        facts["unit"] = shown_as(alert.signal, preferences).unit
        facts["value"] = number_for(alert.signal, one.value, preferences)
        facts["from_value"] = number_for(alert.signal, one.reference, preferences)
        if kind == GAIN:
            facts["gain"] = round(facts["value"] - facts["from_value"], shown_as(alert.signal, preferences).decimals)  # type: ignore[operator]
    else:
        facts |= {"value": one.value, "from_value": one.reference}
    if one.since:
        facts["since"] = one.since
    source, year, status = (
        (rule.source, rule.year, rule.status) if rule else (OWN_SOURCE if one.rule.startswith(OWN_PREFIX) else "", 0, OUR_CHOICE)
    )
    says = Fact(f"alert.evidence.{kind}", facts)
    return Shown(word_of(one.rule, alert), kind, says, one.at, int(one.severity), one.confirmed, source, year, status)


def _last(alert: Alert, *kinds: Kind) -> Entry | None:
    return next((one for one in reversed(alert.timeline) if one.kind in kinds), None)


def _may(alert: Alert, role: Role) -> tuple[str, ...]:
    if not alert.open:
        return ()
    if role in (Role.PATIENT, Role.CAREGIVER):
        return ("see",)
    may = ["acknowledge"] if alert.state is not State.ACTING else []
    may += ["act"] if alert.state is not State.ACTING else []
    may.append("resolve")
    if alert.severity < Severity.ACT_NOW and alert.direction != "none" and not alert.held_until:
        may.append("snooze")
    return tuple(may)
