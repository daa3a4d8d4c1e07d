"""This is the place where it is gathered what needs the person's eye today: codes and facts, the most pressing first.

No finding is a diagnosis, and whatever asks for action names the action.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from core.domain.records import Record, Standing
from core.domain.targets import HOME
from core.domain.time import PartialTime
from core.trends.blood_pressure import HomeAverage, home_average
from core.trends.columns import DAY_NS, ns
from core.trends.concern import SelfHarmAnswer, concern, in_records
from core.trends.freshness import WATCHED_HABITS
from core.trends.gaps import habit
from core.trends.judgement import Facts, Notice, Severity
from core.trends.judging import CRITICAL, target_of
from core.trends.newest import PRESSURE, Latest, latest
from core.trends.reading import Readings, readings, usable
from core.trends.standards import Standards

_LAB_DAYS = 90
_RETRACTED_DAYS = 30
_HABIT_NS = 120 * DAY_NS
_HABIT_LEAST = 10
_RHYTHM_NS = 365 * DAY_NS
_RHYTHM_PAUSES = 2
_SILENCE_LEAST_NS = 7 * DAY_NS
_SILENCE_MOST_NS = 180 * DAY_NS
_IN_HANDS = ("judged.bp_severe", "judged.bp_severe_earlier", "judged.glucose_low", "judged.glucose_very_low")


@dataclass(frozen=True, eq=False)
class Desk:
    """What the rules look at."""

    records: Sequence[Record]
    readings: Readings
    standards: Standards
    newest: tuple[Latest, ...]
    now: datetime
    answers: tuple[SelfHarmAnswer, ...] = ()


def attention(
    records: Iterable[Record], standards: Standards, now: datetime, columns: Readings | None = None, answers: Iterable[SelfHarmAnswer] = ()
) -> tuple[Notice, ...]:
    """The notices of a record, most severe first, then in the order of the rules. A record with nothing in it gives the one
    notice "attention.no_records", with severity UNKNOWN: nothing is known is not the same as all is well. `columns` are the readings
    where more is known than the record says (from devices, typed in); what rests on those has the record id "". `answers` are answers
    about thoughts of self-harm that stand in questionnaires."""
    kept = sorted(records, key=lambda record: record.record_id)
    if not kept and not (columns and any(len(one) for one in columns.series.values())):
        return (Notice(Severity.UNKNOWN, "attention.no_records", {}, (), "action.add_a_source"),)
    columns = columns or readings(kept)
    desk = Desk(kept, columns, standards, latest(columns, standards, now), now, (*in_records(kept), *answers))
    found = [notice for rule in RULES for notice in rule(desk)]
    return tuple(sorted(found, key=lambda notice: -notice.severity))


def _urgent_readings(desk: Desk) -> Iterable[Notice]:
    """Newest readings that ask for action by themselves."""
    for one in desk.newest:
        if one.judgement.code in _IN_HANDS:
            facts: Facts = {**one.judgement.facts, "when": one.when}
            yield Notice(
                one.judgement.severity,
                one.judgement.code.replace("judged.", "attention."),
                facts,
                (one.record_id,),
                one.judgement.action,
            )


def _critical_labs(desk: Desk) -> Iterable[Notice]:
    """Results the laboratory itself marked as critical, of any kind, unless a newer result of the same kind is not."""
    newest: dict[str, tuple[datetime, Record, bool]] = {}
    for record in desk.records:
        time = PartialTime.parse(record.item.start) or PartialTime.parse(record.item.issued)
        if (
            not usable(record)
            or time is None
            or not desk.now - timedelta(days=_LAB_DAYS) <= time.earliest <= desk.now + timedelta(days=1)
        ):
            continue
        for value in record.item.values:
            if value.problem or value.absent or value.form in ("series", "absent"):
                continue
            key = value.signal or f"{value.concept.main.system}|{value.concept.main.code or value.concept.title}"
            entry = (time.earliest, record, value.interpretation.strip().upper() in CRITICAL)
            if key not in newest or (entry[0], record.record_id) >= (newest[key][0], newest[key][1].record_id):
                newest[key] = entry
    for key, (_, record, critical) in sorted(newest.items()):
        if critical:
            title = {"signal": key} if "|" not in key else {"name": record.item.concept.title}
            facts: Facts = {**title, "when": record.item.start or record.item.issued}
            yield Notice(Severity.ACT_SOON, "attention.lab_critical", facts, (record.record_id,), "action.call_clinician")


def _home_average(desk: Desk) -> Iterable[Notice]:
    """The home average above its target; or too few days for one, when what there is lies above."""
    average = home_average(desk.readings.pressures, desk.now)
    targets = [target_of(half, HOME, desk.standards) for half in ("sbp", "dbp")]
    if targets[0] is None or targets[1] is None:
        return
    bands = (targets[0][0], targets[1][0])
    limits = {name: band.high for name, band in zip(("sbp_high", "dbp_high"), bands, strict=True) if band.high is not None}
    facts: dict[str, str | int | float] = {"unit": bands[0].unit, "basis": targets[0][1], **limits}
    if isinstance(average, HomeAverage):
        if bands[0].side(average.sbp) > 0 or bands[1].side(average.dbp) > 0:
            facts |= {"sbp": average.sbp, "dbp": average.dbp, "n": average.readings, "days": average.days}
            yield Notice(Severity.WATCH, "attention.bp_average_above", facts, average.records, "action.show_at_next_visit")
        return
    newest = next((one for one in desk.newest if one.signal == PRESSURE), None)
    if average.code == "bp_average.measure_more" and newest and newest.judgement.code == "judged.bp_above_target":
        yield Notice(
            Severity.WATCH, "attention.bp_measure_more", {**facts, **average.facts}, (newest.record_id,), "action.measure_more"
        )


def _outside_range(desk: Desk) -> Iterable[Notice]:
    """Newest laboratory values outside the laboratory's range or the person's target, together."""
    codes = ("judged.lab_high", "judged.lab_low", "judged.lab_abnormal", "judged.above_target", "judged.below_target")
    found = [one for one in desk.newest if one.judgement.code in codes and one.seconds <= _LAB_DAYS * 86_400]
    if found:
        because = tuple(one.record_id for one in found)
        facts: Facts = {"n": len(found), "signals": " ".join(one.signal for one in found)}
        yield Notice(Severity.WATCH, "attention.outside_range", facts, because, "action.show_at_next_visit")


def _broken_habits(desk: Desk) -> Iterable[Notice]:
    """Things somebody used to measure often, and has not for a while (but not for half a year: then it was given up)."""
    at = ns(desk.now)
    for signal in WATCHED_HABITS:
        series = desk.readings.get(signal)
        known = series.take(series.time <= at)
        if len(known) and _broken(known.time, at - int(known.time[-1])):
            facts: Facts = {"signal": PRESSURE if signal == "sbp" else signal, "days": int((at - int(known.time[-1])) // DAY_NS)}
            yield Notice(Severity.WATCH, "attention.series_stopped", facts, (known.record[-1],), "action.measure_again")


def _broken(time: np.ndarray, silence: int) -> bool:
    """Whether this silence breaks the habit of the last months. Who measures a week and pauses a month has paused as long
    before, at least twice in a year: that is a rhythm and no silence."""
    usual = habit(time[time > time[-1] - _HABIT_NS])
    if not usual.dense or usual.gap_ns is None or usual.sittings < _HABIT_LEAST:
        return False
    pauses = int((np.diff(time[time > time[-1] - _RHYTHM_NS]) >= silence).sum())
    return max(usual.gap_ns, _SILENCE_LEAST_NS) < silence <= _SILENCE_MOST_NS and pauses < _RHYTHM_PAUSES


def _counted(code: str, picked: Callable[[Desk, Record], bool], action: str) -> Callable[[Desk], Iterable[Notice]]:
    """A rule that counts the records for which something holds."""

    def rule(desk: Desk) -> Iterable[Notice]:
        because = tuple(record.record_id for record in desk.records if picked(desk, record))
        if because:
            yield Notice(Severity.WATCH, code, {"n": len(because)}, because, action)

    return rule


def _quarantined(_: Desk, record: Record) -> bool:
    living = record.standing is Standing.CURRENT and any(value.problem for value in record.item.values)
    return living or record.standing is Standing.QUARANTINED


def _see_original(_: Desk, record: Record) -> bool:
    return record.standing is Standing.CURRENT and bool(record.item.see_original)


def _lately_retracted(desk: Desk, record: Record) -> bool:
    return record.standing is Standing.RETRACTED and desk.now - record.received_at <= timedelta(days=_RETRACTED_DAYS)


def _no_allergies(desk: Desk) -> Iterable[Notice]:
    """Nobody wrote anything about allergies, not even that there are none."""
    counted = (Standing.CURRENT, Standing.QUARANTINED)
    if not any(record.item.kind == "AllergyIntolerance" and record.standing in counted for record in desk.records):
        yield Notice(Severity.WATCH, "attention.allergies_not_recorded", {}, (), "action.tell_allergies")


RULES: tuple[Callable[[Desk], Iterable[Notice]], ...] = (
    lambda desk: concern(desk.answers, desk.now),
    _urgent_readings,
    _critical_labs,
    _home_average,
    _outside_range,
    _broken_habits,
    _counted("attention.see_original", _see_original, "action.look_at_records"),
    _counted("attention.quarantined", _quarantined, "action.look_at_records"),
    _counted("attention.retracted_lately", _lately_retracted, "action.look_at_records"),
    _no_allergies,
)
"""Every rule, in the order in which notices of equal severity are shown."""
