"""This is the place where the Today page comes together: who, the newest readings, what needs the eye, the record in short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from core.care import visit_records
from core.care.access import Action, Grant, require
from core.care.check_notices import notices
from core.care.freshness import revision as revision
from core.care.lines import NO_KNOWN_ALLERGIES, Frame, in_chosen_unit, person_view, record_line, when_of
from core.care.plain import medicine_now
from core.care.questionnaire_records import FORM, RESPONSE, self_harm_answers
from core.care.spot_readings import with_spots
from core.care.views import Allergies, Attention, EmergencyCard, Fact, NewestReading, PersonView, RecordLine, TodayView
from core.domain.codes import LOINC, SNOMED, Concept
from core.domain.people import Actor, Preferences, Role
from core.domain.records import Record, SourceMark, Standing, Value
from core.domain.time import PartialTime
from core.ports import Ports
from core.trends.attention import attention
from core.trends.columns import Series
from core.trends.conversion import band_for, converted, facts_for, number_for, shown_as
from core.trends.judgement import Notice
from core.trends.newest import Latest, latest
from core.trends.reading import Readings, readings
from core.trends.standards import standards

SPARK_POINTS = 30
BLOOD_GROUP = frozenset({"882-1", "883-9", "34530-6"})
"""LOINC: ABO and Rh group; ABO group; ABO and Rh group panel."""
_OVER = frozenset({"resolved", "remission", "inactive"})
_DOUBTED = frozenset({"refuted", "entered-in-error"})
_AHEAD = frozenset({"proposed", "pending", "booked", "arrived", "checked-in", "waitlist", ""})


def view(ports: Ports, actor: Actor, person_id: str) -> TodayView:
    """Everything the Today page says, in the person's units."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    now = ports.clock.now()
    revision_now = ports.store.revision(person_id)
    person = ports.store.person(person_id, grant.event("profile"))
    records = ports.store.records(person_id, grant.event("today"), every_standing=True)
    preferences = ports.store.preferences(actor.account_id)
    frame = Frame(now, preferences, person.synthetic or person.profile.synthetic)
    held_against = standards(records, person.profile, now, language=preferences.language)
    columns, marks = with_spots(ports, person_id, grant, readings(records), now)
    who = person_view(person, now)
    current = [record for record in records if record.standing is Standing.CURRENT]
    problems, medicines = _problems(current, frame), _medicines(current, frame)
    known_allergies = allergies(current, frame)
    return TodayView(
        revision=revision_now,
        made_at=now,
        person=who,
        readings=tuple(_reading(one, columns, (records, marks), preferences) for one in latest(columns, held_against, now)),
        attention=_by_severity(
            (
                *notices(ports, actor, person_id, grant),
                *(
                    _attention(notice, preferences, actor)
                    for notice in attention(records, held_against, now, columns, self_harm_answers(ports, person_id, grant, records))
                ),
            )
        ),
        problems=problems,
        medicines=medicines,
        allergies=known_allergies,
        emergency=_emergency(who, current, frame, (known_allergies, problems, medicines)),
        appointments=_appointments(_elsewhere(ports, person_id, grant, current), frame),
        quarantined=sum(_set_apart(record) for record in records),
        raw=sum(count for kind, count in ports.store.raw_counts(person_id) if kind not in (FORM, RESPONSE)),
    )


def allergies(current: Iterable[Record], frame: Frame) -> Allergies:
    """The allergies that hold; "none_known" where somebody wrote that there are none, "none_recorded" where nobody wrote."""
    found = [r for r in current if r.item.kind == "AllergyIntolerance" and r.item.verification not in _DOUBTED]
    denials = [r for r in found if _says_none(r.item.concept)]
    real = [r for r in found if r not in denials and r.item.status not in _OVER]
    if real:
        return Allergies("listed", tuple(record_line(record, frame) for record in real))
    living = [r for r in denials if r.item.status not in _OVER]
    return Allergies("none_known", tuple(record_line(record, frame) for record in living)) if living else Allergies("none_recorded")


def _says_none(concept: Concept) -> bool:
    return any(coding.code == NO_KNOWN_ALLERGIES and coding.system == SNOMED for coding in concept.codings)


def _problems(current: Iterable[Record], frame: Frame) -> tuple[RecordLine, ...]:
    return _lines(
        (
            r
            for r in current
            if r.item.kind == "Condition" and r.item.status not in _OVER and not r.item.end and r.item.verification not in _DOUBTED
        ),
        frame,
    )


def _medicines(current: Iterable[Record], frame: Frame) -> tuple[RecordLine, ...]:
    """What is taken now: of several records about one medicine the newest speaks."""
    newest: dict[str, Record] = {}
    ordered = sorted(current, key=when_of, reverse=True)
    for record in ordered:
        if record.item.kind in ("MedicationRequest", "MedicationStatement"):
            newest.setdefault(same_medicine(record.item.concept), record)
    return _lines((r for r in newest.values() if medicine_now(r.item, frame.now) == "current"), frame)


def same_medicine(concept: Concept) -> str:
    """What two records about one medicine share."""
    main = concept.main
    return f"{main.system}|{main.code}" if main.code else concept.title.casefold().strip()


def _lines(records: Iterable[Record], frame: Frame) -> tuple[RecordLine, ...]:
    """As lines, the newest first, each title once."""
    seen: dict[tuple[str, str], RecordLine] = {}
    for record in sorted(records, key=when_of, reverse=True):
        line = record_line(record, frame)
        seen.setdefault((line.system + line.code, line.title.casefold()), line)
    return tuple(seen.values())


def _elsewhere(ports: Ports, person_id: str, grant: Grant, current: Sequence[Record]) -> list[Record]:
    """The appointments of the record without those that are visits made here: these stand on top."""
    found = [record for record in current if record.item.kind == "Appointment"]
    ours = visit_records.made_here(ports, person_id, grant, found)
    return [record for record in found if record.record_id not in ours]


def _appointments(current: Iterable[Record], frame: Frame) -> tuple[RecordLine, ...]:
    ahead = []
    for record in current:
        start = PartialTime.parse(record.item.start)
        if record.item.kind == "Appointment" and record.item.status in _AHEAD and start is not None and start.until > frame.now:
            ahead.append((start.earliest, record))
    ahead.sort(key=lambda pair: (pair[0], pair[1].record_id))
    return tuple(record_line(record, frame) for _, record in ahead)


def _emergency(
    who: PersonView,
    current: Sequence[Record],
    frame: Frame,
    known: tuple[Allergies, tuple[RecordLine, ...], tuple[RecordLine, ...]],
) -> EmergencyCard:
    devices = [r for r in current if r.item.kind == "Device" and r.item.status in ("active", "") and _implanted(r)]
    return EmergencyCard(who, *known, _lines(devices, frame), _blood_group(current))


def _implanted(record: Record) -> bool:
    """A device that is registered for this very person: an implant carries a unique device identifier, a cuff at home doesn't."""
    return any(key == "identifier" for key, _ in record.item.detail)


def _blood_group(current: Iterable[Record]) -> str:
    newest = sorted(
        (r for r in current if r.item.kind == "Observation" and r.item.concept.code_in(LOINC) in BLOOD_GROUP), key=when_of
    )
    said = [_said(value) for record in reversed(newest) for value in record.item.values if not value.problem]
    return next(filter(None, said), "")


def _said(value: Value) -> str:
    return value.text or (value.coding.display or value.coding.code if value.coding else "")


def _set_apart(record: Record) -> bool:
    living = record.standing is Standing.CURRENT and any(value.problem for value in record.item.values)
    return living or record.standing is Standing.QUARANTINED


def _by_severity(found: Iterable[Attention]) -> tuple[Attention, ...]:
    """The most pressing first; what the team said before what was only computed."""
    return tuple(sorted(found, key=lambda one: -one.severity))


def _attention(notice: Notice, preferences: Preferences, actor: Actor) -> Attention:
    facts = dict(facts_for(notice.facts, preferences))
    because = tuple(filter(None, notice.because))
    if notice.code == "attention.self_harm" and actor.role is Role.PATIENT:  # said to the person, not about them
        return Attention(int(notice.severity), Fact("attention.self_harm_own", facts), because, "action.self_harm_own")
    return Attention(int(notice.severity), Fact(notice.code, facts), because, notice.action)


_Known = tuple[Sequence[Record], Mapping[str, SourceMark]]


def _reading(one: Latest, columns: Readings, known: _Known, preferences: Preferences) -> NewestReading:
    record = next((r for r in known[0] if r.record_id == one.record_id), None)
    measured = {part.signal: part for part in one.values}
    values_sent = record.item.values if record else ()
    sent = {value.signal: in_chosen_unit(value, preferences) for value in values_sent if value.signal in measured}
    first = one.values[0]
    unit = shown_as(first.signal, preferences).unit
    values = tuple(
        sent.get(part.signal)
        or Value(Concept(), "quantity", number_for(part.signal, part.number, preferences), unit, part.bound, signal=part.signal)
        for part in one.values
    )
    band = band_for(first.signal, one.band, preferences) if one.band else None
    return NewestReading(
        signal=one.signal,
        label=f"signal.{one.signal}",
        values=values,
        unit=unit,
        when=one.when,
        seconds=one.seconds,
        stale=one.stale,
        state=one.judgement.severity.word,
        plain=Fact(one.judgement.code, dict(facts_for(one.judgement.facts, preferences))),
        sources=_marks(record, one, known[1]),
        record_id=one.record_id,
        spark=_spark(columns.get(first.signal), preferences),
        band=(band.low, band.high) if band else None,
        action=one.judgement.action,
    )


def _marks(record: Record | None, one: Latest, devices: Mapping[str, SourceMark]) -> tuple[SourceMark, ...]:
    if record is None:  # a device measured it, or the person typed it in
        return tuple(devices[source_id] for source_id in one.source_ids if source_id in devices)
    named = tuple(mark for mark in record.sources if mark.source_id in one.source_ids)
    return named or record.sources


def _spark(series: Series, preferences: Preferences) -> tuple[tuple[float, float], ...]:
    """The last measured points, oldest first, as (unix seconds, value)."""
    points = converted(series.take(series.measured), preferences).take(slice(-SPARK_POINTS, None))
    return tuple((int(at) / 1e9, float(value)) for at, value in zip(points.time, points.value, strict=True))
