"""This is the place where what isn't measured becomes a happening for alerts: answers, checks of photos and pulses, doses, stock, new interactions of medicines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.alerts.desk import Desk
from core.alerts.happening import Happening
from core.alerts.judge_all import LATE
from core.care import medicine_book, reminder_book
from core.care.access import Grant
from core.care.alert_readings import SCORES
from core.care.check_lines import last_decision, spot_lines, taken_at
from core.care.medicine_checks import told
from core.care.medicine_orders import HeldOrder, Orders, living
from core.care.questionnaire_records import self_harm_answers
from core.care.stock_facts import supplies
from core.domain.checks import CheckKind, CheckState, Finding, KeptCheck
from core.domain.doses import DoseState, KeptDose
from core.domain.records import Record
from core.domain.signals import SIGNALS
from core.domain.time import PartialTime
from core.errors import HealthboardError
from core.medications.book import Book
from core.medications.checking import check
from core.medications.findings import Severity
from core.ports import Ports
from core.trends.columns import instant, ns
from core.trends.reading import readings
from core.trends.wounds import Healing, healing

A_DAY = timedelta(days=1)
A_LITTLE = timedelta(seconds=1)
"""What a dose's answer says is known to be over just after the dose was due."""
NOT_A_MISS = frozenset({"told_to_stop"})
"""Reasons for skipping that are no miss: somebody who may said so."""
IRREGULAR = {"rhythm_flag": "irregular", "ecg": "atrial_fibrillation"}
_GONE = frozenset({CheckState.WITHDRAWN, CheckState.OVERRULED})
_UNREADABLE = (HealthboardError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError)


@dataclass(frozen=True, slots=True)
class Look:
    """Whom it is about, and when. `ahead` gathers the instants at which time alone will say something."""

    ports: Ports
    person_id: str
    grant: Grant
    desk: Desk
    now: datetime
    ahead: list[datetime] = field(default_factory=list)


def happened(look: Look, records: Sequence[Record]) -> tuple[tuple[Happening, ...], tuple[str, ...]]:
    """(everything of the last LATE days, what could not be read). One part that is damaged silences no other."""
    found: list[Happening] = []
    broken: list[str] = []
    parts: tuple[tuple[str, Callable[[], Iterable[Happening]]], ...] = (
        ("answers", lambda: _answers(look, records)), ("checks", lambda: _checks(look)), ("devices", lambda: _vendors(look)), ("doses", lambda: _doses(look)), ("medicines", lambda: _medicines(look)),
    )  # fmt: skip
    for name, part in parts:
        try:
            found.extend(part())
        except _UNREADABLE:
            broken.append(name)
    return tuple(one for one in found if look.now - LATE <= one.at <= look.now), tuple(broken)


def _answers(look: Look, records: Sequence[Record]) -> Iterator[Happening]:
    for answer in self_harm_answers(look.ports, look.person_id, look.grant, records):
        at = PartialTime.parse(answer.when)
        if at is not None:
            yield Happening("phq9_item9", answer.record_id, at.earliest, answer.record_id, float(answer.value))
    columns = readings(one for one in records if any(value.signal in SCORES for value in one.item.values))
    for kind in SCORES:
        series = columns.get(kind)
        series = series.take(series.measured & (series.time >= ns(look.now - LATE)))
        for record_id, when, value in zip(series.record, series.when, series.value.tolist(), strict=True):
            at = PartialTime.parse(str(when))
            if at is not None:
                yield Happening(kind, str(record_id), at.earliest, kind, value)


def _checks(look: Look) -> Iterator[Happening]:
    found = look.ports.store.checks((look.person_id,), look.grant.event("alerts"))
    for one in found:
        yield from _check(one)
    wounds = [one for one in found if one.kind is CheckKind.WOUND]
    if not wounds:
        return
    for line in spot_lines(look.ports.store.spots(look.person_id, look.grant.event("alerts")), wounds):
        grows = healing(line.areas, line.unit) if line.unit == "cm2" else None
        if not line.checks or line.spot.kind is not CheckKind.WOUND:
            continue
        newest = max(line.checks, key=taken_at)
        if isinstance(grows, Healing) and grows.clear and grows.weekly > 0:
            yield Happening(
                "wound_growing", newest.check_id, newest.submitted_at, line.spot.spot_id, facts=(("weekly", round(grows.weekly)),)
            )
        looked = last_decision(newest)
        if looked is not None:
            yield Happening("wound_growing", f"{newest.check_id}:looked", looked.at, line.spot.spot_id, 0.0)


def _vendors(look: Look) -> Iterator[Happening]:
    """What a watch or an ECG device itself says of the rhythm: its maker's finding, told as a possible irregular rhythm that needs a look. One alert a day at most."""
    event = look.grant.event("alerts")
    there = {one.signal for one in look.ports.store.streams(look.person_id, event) if one.samples} & set(IRREGULAR)
    for strand in look.ports.store.strands(look.person_id, sorted(there), look.now - LATE, look.now, event) if there else ():
        wanted = SIGNALS[strand.stream.signal].states.index(IRREGULAR[strand.stream.signal])
        usable = strand.columns.take(strand.columns.usable)
        for start, value in zip(usable.start.tolist(), usable.value.tolist(), strict=True):
            if int(value) == wanted:
                at = instant(start)
                facts = (("device", strand.stream.device),)
                yield Happening(
                    "irregular_rhythm", f"{strand.stream.stream_id}:{start}", at, f"device:{at.date().isoformat()}", facts=facts
                )


def _check(one: KeptCheck) -> Iterator[Happening]:
    answer = one.result.answer
    looked = last_decision(one)
    if isinstance(answer, Finding) and answer.decision == "possible_irregular" and one.state not in _GONE:
        yield Happening("irregular_rhythm", one.check_id, one.submitted_at, one.check_id)
    if isinstance(answer, Finding) and answer.decision == "show_soon" and one.state is not CheckState.WITHDRAWN:
        yield Happening("skin_check", one.check_id, one.submitted_at, one.check_id)
        if looked is not None:
            yield Happening("skin_check", f"{one.check_id}:looked", looked.at, one.check_id, 0.0)


def _doses(look: Look) -> Iterator[Happening]:
    """Doses of critical medicines. One that nobody logged is that: it isn't known to be missed."""
    late = timedelta(minutes=reminder_book.load(look.ports.store, look.person_id, look.grant).late)
    found = look.ports.store.doses(look.person_id, look.now - LATE, look.now + A_DAY, look.grant.event("alerts"))
    for one in found:
        if one.planned.critical and not one.planned.as_needed:
            yield from _dose(one, look.now, late)
            look.ahead.extend([one.planned.at + late] if one.state is DoseState.PLANNED else [])


def _dose(one: KeptDose, now: datetime, late: timedelta) -> Iterator[Happening]:
    medicine, slot, at = one.planned.medicine_id, one.planned.slot, one.planned.at
    if one.state is DoseState.SKIPPED and (one.answer is None or one.answer.reason not in NOT_A_MISS):
        yield Happening("dose_missed", slot, at, medicine, facts=(("title", one.planned.title),))
    elif one.state is DoseState.PLANNED and at + late <= now:
        yield Happening("dose_not_logged", slot, at, medicine, facts=(("title", one.planned.title),))
    elif one.state in (DoseState.TAKEN, DoseState.SKIPPED):
        for kind in ("dose_missed", "dose_not_logged"):
            yield Happening(kind, f"{slot}:logged", at + A_LITTLE, medicine, 0.0)


def _medicines(look: Look) -> Iterator[Happening]:
    book = medicine_book.load(look.ports.store, look.person_id, look.grant)
    orders = living(look.ports, look.person_id, look.grant, book, look.now)
    yield from _stock(look, book, orders)
    yield from _interactions(look, orders)


def _stock(look: Look, book: Book, orders: Orders) -> Iterator[Happening]:
    if not book.stock:
        return
    habits, _ = medicine_book.habits_of(look.ports, look.person_id, book)
    of = (orders, book, habits)
    holding = {one.medicine_id for one in orders.current}
    for medicine_id, found in supplies(look.ports, look.person_id, look.grant, of, look.now).items():
        counted_at = book.stock[medicine_id].at
        if found.left is None or medicine_id not in holding:
            continue
        if found.left > 0:
            yield Happening(
                "stock_out", f"{medicine_id}:{counted_at.isoformat()}:left", max(counted_at, look.now - LATE), medicine_id, 0.0
            )
            continue
        doses = look.ports.store.doses(look.person_id, max(counted_at, look.now - LATE), look.now, look.grant.event("alerts"))
        for at in sorted({one.planned.at for one in doses if one.planned.medicine_id == medicine_id}):
            then = supplies(look.ports, look.person_id, look.grant, of, at).get(medicine_id)
            if then is not None and then.left is not None and then.left <= 0:
                title = next(one.title for one in orders.current if one.medicine_id == medicine_id)
                yield Happening("stock_out", f"{medicine_id}:{counted_at.isoformat()}", at, medicine_id, facts=(("title", title),))
                break


def _interactions(look: Look, orders: Orders) -> Iterator[Happening]:
    """Serious interactions since the newer of the two began; asked only where something began lately, or an alert about one is open."""
    began = {one.medicine_id: _began(one) for one in orders.all}
    known = {one.family.partition(":")[2] for one in look.desk.open() if one.family.startswith("interaction:")}
    lately = {medicine for medicine, at in began.items() if at is not None and look.now - LATE <= at <= look.now}
    if not (lately or known):
        return
    found = check(*told(look.ports, look.grant, look.person_id, orders.held(look.now)))
    holding: set[str] = set()
    titles = {one.medicine_id: one.title for one in orders.all}
    for one in found.findings:
        if one.kind != "interaction" or one.severity < Severity.SERIOUS:
            continue
        subject = "+".join(sorted(one.medicines))
        holding.add(subject)
        title = " + ".join(titles.get(medicine, medicine) for medicine in one.medicines)
        times = [began.get(medicine) for medicine in one.medicines]
        newest = max((at for at in times if at is not None), default=None)
        if newest is not None:
            yield Happening("interaction", f"{one.rule}:{subject}", newest, subject, facts=(("rule", one.rule), ("title", title)))
    if found.state == "unavailable":
        return  # nothing can be said to be over
    for subject in sorted(known - holding):
        yield Happening("interaction", f"{subject}:over", look.now, subject, 0.0)


def _began(one: HeldOrder) -> datetime | None:
    if one.record is not None:
        at = PartialTime.parse(one.record.item.start) or PartialTime.parse(one.record.item.issued)
        return at.earliest if at is not None else None
    return one.own.added_at if one.own is not None else None
