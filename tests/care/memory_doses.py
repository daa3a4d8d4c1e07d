"""This is the place where the reference store keeps doses, reminders, requests and calendar addresses: dicts, one lock, nothing clever."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.domain.audit import AuditEvent
from core.domain.doses import (
    OPEN_STATES,
    REMINDER_MOVES,
    Delivery,
    DoseAnswer,
    DoseState,
    Feed,
    KeptDose,
    Plan,
    PlannedDose,
    PlannedReminder,
    PlanOutcome,
    Reminder,
    ReminderState,
    Request,
)
from core.errors import Conflict, NotFound

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class KeptReminder:
    reminder: Reminder
    lease_until: datetime = _LONG_AGO
    leased_by: str = ""


@dataclass
class Head:
    until: datetime | None = None
    next_at: datetime = _LONG_AGO
    revision: int = -1
    lease_until: datetime = _LONG_AGO


@dataclass
class DoseContents:
    doses: dict[tuple[str, str], KeptDose] = field(default_factory=dict)
    reminders: dict[tuple[str, str], KeptReminder] = field(default_factory=dict)
    heads: dict[str, Head] = field(default_factory=dict)
    requests: dict[str, Request] = field(default_factory=dict)
    feeds: dict[str, tuple[Feed, str]] = field(default_factory=dict)
    beats: dict[str, datetime] = field(default_factory=dict)
    number: int = 0

    def new_id(self, kind: str) -> str:
        self.number += 1
        return f"{kind}{self.number:04d}"


class MemoryDoses:
    """The part of the reference store about doses. `MemoryStore` is its person."""

    kept: Any

    def __init__(self) -> None:
        self.taken = DoseContents()
        self._lock = threading.RLock()

    def append_audit(self, event: AuditEvent) -> None: ...
    def person_exists(self, person_id: str) -> bool: ...
    def revision(self, person_id: str) -> int: ...
    def moved_on(self, person_id: str, at: datetime) -> None: ...

    # doses
    def put_plan(self, person_id: str, plan: Plan, event: AuditEvent) -> PlanOutcome:
        with self._lock:
            if not self.person_exists(person_id):
                raise NotFound("person_not_found", person=person_id)
            added = unchanged = ended = 0
            wanted = {one.slot: one for one in plan.doses}
            for slot, planned in wanted.items():
                kept = self.taken.doses.get((person_id, slot))
                if kept and (kept.state in (DoseState.TAKEN, DoseState.SKIPPED) or (kept.state is DoseState.PLANNED and kept.planned == planned)):
                    unchanged += 1
                    continue
                dose_id = kept.dose_id if kept else self.taken.new_id("dose")
                self.taken.doses[person_id, slot] = KeptDose(dose_id, person_id, planned, DoseState.PLANNED)
                added += 1
            for (whose, slot), kept in list(self.taken.doses.items()):
                gone = whose == person_id and slot not in wanted and kept.state is DoseState.PLANNED
                if gone and plan.start <= kept.planned.at < plan.until:
                    why = plan.ended_why.get(kept.planned.medicine_id, "changed")
                    self.taken.doses[whose, slot] = replace(kept, state=DoseState.ENDED, why=why)
                    ended += 1
            touched = self._put_reminders(person_id, plan)
            if added or ended or touched:
                self.append_audit(event)
                self.moved_on(person_id, event.at)
            self.taken.heads[person_id] = Head(plan.until, plan.next_at, self.revision(person_id))
            return PlanOutcome(added, unchanged, ended)

    def _put_reminders(self, person_id: str, plan: Plan) -> int:
        touched, wanted = 0, {one.slot: one for one in plan.reminders}
        for slot, one in wanted.items():
            there = self.taken.reminders.get((person_id, slot))
            if there is None:
                made = Reminder(self.taken.new_id("reminder"), person_id, one, ReminderState.WAITING, 0, one.remind_at)
                self.taken.reminders[person_id, slot] = KeptReminder(made)
            elif there.reminder.planned == one and there.reminder.state is not ReminderState.ENDED:
                continue
            elif there.reminder.state in (ReminderState.ENDED, ReminderState.WAITING) or self._more_is_due(there.reminder, one):
                there.reminder = replace(there.reminder, planned=one, state=ReminderState.WAITING, next_at=one.remind_at, why="")
                there.leased_by = ""
            else:
                there.reminder = replace(there.reminder, planned=one)
            touched += 1
        for (whose, slot), there in self.taken.reminders.items():
            gone = whose == person_id and slot not in wanted and there.reminder.state in OPEN_STATES
            if gone and plan.start <= there.reminder.planned.due_at < plan.until:
                self._close(there, ReminderState.ENDED, "ended")
                touched += 1
        for (whose, _), there in self.taken.reminders.items():
            if whose == person_id and there.reminder.state is ReminderState.WAITING and self._all_answered(there.reminder):
                self._close(there, ReminderState.ANSWERED, "answered")
        return touched

    @staticmethod
    def _more_is_due(reminder: Reminder, planned: PlannedReminder) -> bool:
        return reminder.state is ReminderState.ANSWERED and not set(planned.subjects) <= set(reminder.planned.subjects)

    def _all_answered(self, reminder: Reminder) -> bool:
        found = [self.taken.doses.get((reminder.person_id, slot)) for slot in reminder.planned.subjects]
        return reminder.planned.kind == "dose" and bool(found) and all(one and one.state in (DoseState.TAKEN, DoseState.SKIPPED) for one in found)

    @staticmethod
    def _close(there: KeptReminder, state: ReminderState, why: str) -> None:
        there.reminder = replace(there.reminder, state=state, next_at=None, why=why)
        there.lease_until, there.leased_by = _LONG_AGO, ""

    def doses(self, person_id: str, start: datetime, end: datetime, event: AuditEvent) -> tuple[KeptDose, ...]:
        self.append_audit(event)
        found = [one for (whose, _), one in self.taken.doses.items() if whose == person_id and start <= one.planned.at < end]
        return tuple(sorted(found, key=lambda one: (one.planned.at, one.planned.title, one.planned.slot)))

    def answer_dose(self, person_id: str, dose_id: str, answer: DoseAnswer, event: AuditEvent) -> KeptDose:
        with self._lock:
            key = next((key for key, one in self.taken.doses.items() if key[0] == person_id and one.dose_id == dose_id), None)
            if key is None:
                raise NotFound("dose_not_found", dose=dose_id)
            kept = self.taken.doses[key]
            if kept.state is DoseState.ENDED:
                raise Conflict("dose_ended", dose=dose_id)
            after = replace(kept, state=answer.state, answer=None if answer.state is DoseState.PLANNED else answer)
            self.taken.doses[key] = after
            self._tell_reminders(person_id, after, event.at)
            self.append_audit(event)
            self.moved_on(person_id, event.at)
            return after

    def _tell_reminders(self, person_id: str, kept: KeptDose, at: datetime) -> None:
        for (whose, _), there in self.taken.reminders.items():
            mine = whose == person_id and there.reminder.planned.due_at == kept.planned.at
            if not mine or kept.planned.slot not in there.reminder.planned.subjects:
                continue
            found = [self.taken.doses.get((person_id, slot)) for slot in there.reminder.planned.subjects]
            if any(one and one.state is DoseState.PLANNED for one in found):
                if there.reminder.state is ReminderState.ANSWERED:
                    state = ReminderState.SENT if there.reminder.round else ReminderState.WAITING
                    there.reminder = replace(there.reminder, state=state, next_at=at, why="")
            elif there.reminder.state not in (ReminderState.ANSWERED, ReminderState.ENDED):
                self._close(there, ReminderState.ANSWERED, "answered")

    def log_dose(self, person_id: str, dose: PlannedDose, answer: DoseAnswer, event: AuditEvent) -> KeptDose:
        with self._lock:
            there = self.taken.doses.get((person_id, dose.slot))
            kept = KeptDose(there.dose_id if there else self.taken.new_id("dose"), person_id, dose, answer.state, answer)
            self.taken.doses[person_id, dose.slot] = kept
            self.append_audit(event)
            self.moved_on(person_id, event.at)
            return kept

    def planned_until(self, person_id: str) -> datetime | None:
        head = self.taken.heads.get(person_id)
        return head.until if head else None

    def plan_is_due(self, person_id: str, now: datetime) -> bool:
        head = self.taken.heads.get(person_id, Head())
        return head.next_at <= now or head.revision != self.revision(person_id)

    def claim_plans(self, worker_id: str, now: datetime, lease: timedelta, limit: int) -> tuple[str, ...]:
        with self._lock:
            claimed = []
            for person_id in list(self.kept.people):
                head = self.taken.heads.setdefault(person_id, Head())
                if self.plan_is_due(person_id, now) and head.lease_until <= now and len(claimed) < limit:
                    head.lease_until = now + lease
                    claimed.append(person_id)
            return tuple(claimed)

    # reminders
    def reminders(self, person_id: str, start: datetime, end: datetime, event: AuditEvent) -> tuple[Reminder, ...]:
        self.append_audit(event)
        found = [one.reminder for (whose, _), one in self.taken.reminders.items() if whose == person_id]
        return tuple(sorted((one for one in found if start <= one.planned.due_at < end), key=lambda one: (one.planned.due_at, one.reminder_id)))

    def change_reminder(self, person_id: str, reminder: Reminder, event: AuditEvent) -> Reminder:
        with self._lock:
            there = self._reminder(reminder.reminder_id)
            if there is None or there.reminder.person_id != person_id:
                raise NotFound("reminder_not_found", reminder=reminder.reminder_id)
            if reminder.state not in REMINDER_MOVES[there.reminder.state]:
                raise Conflict("reminder_moved", reminder=reminder.reminder_id)
            there.reminder = replace(there.reminder, state=reminder.state, next_at=reminder.next_at, why=reminder.why)
            there.lease_until, there.leased_by = _LONG_AGO, ""
            self.append_audit(event)
            self.moved_on(person_id, event.at)
            return there.reminder

    def _reminder(self, reminder_id: str) -> KeptReminder | None:
        return next((one for one in self.taken.reminders.values() if one.reminder.reminder_id == reminder_id), None)

    def claim_reminders(self, worker_id: str, now: datetime, lease: timedelta, limit: int) -> tuple[Reminder, ...]:
        with self._lock:
            due = [one for one in self.taken.reminders.values() if one.reminder.next_at and one.reminder.next_at <= now and one.lease_until <= now]
            due = sorted(due, key=lambda one: (one.reminder.next_at, one.reminder.reminder_id))[:limit]
            for one in due:
                one.lease_until, one.leased_by = now + lease, worker_id
            return tuple(one.reminder for one in due)

    def begin_delivery(self, worker_id: str, reminder: Reminder, delivery: Delivery, at: datetime) -> Delivery | None:
        with self._lock:
            there = self._reminder(reminder.reminder_id)
            if there is None or there.leased_by != worker_id:
                return None
            same = (delivery.round, delivery.channel, delivery.recipient)
            known = next((one for one in there.reminder.deliveries if (one.round, one.channel, one.recipient) == same), None)
            if known and known.state in ("sent", "given_up"):
                return known
            if known is None:
                begun = replace(delivery, delivery_id=self.taken.new_id("delivery"), state="sending", tries=1, at=at, next_at=None, why="")
            else:
                twice = known.maybe_twice or known.state == "sending"
                begun = replace(known, state="sending", tries=known.tries + 1, at=at, next_at=None, why="", maybe_twice=twice)
            self._put_delivery(there, begun)
            return begun

    def end_delivery(self, worker_id: str, reminder: Reminder, delivery: Delivery, at: datetime) -> bool:
        with self._lock:
            there = self._reminder(reminder.reminder_id)
            assert there is not None
            self._put_delivery(there, delivery)
            self.moved_on(reminder.person_id, at)
            return there.leased_by == worker_id

    @staticmethod
    def _put_delivery(there: KeptReminder, delivery: Delivery) -> None:
        others = tuple(one for one in there.reminder.deliveries if one.delivery_id != delivery.delivery_id)
        there.reminder = replace(there.reminder, deliveries=(*others, delivery))

    def settle_reminder(self, worker_id: str, reminder: Reminder, at: datetime) -> bool:
        with self._lock:
            there = self._reminder(reminder.reminder_id)
            if there is None or there.leased_by != worker_id:
                return False
            there.reminder = replace(there.reminder, state=reminder.state, round=reminder.round, next_at=reminder.next_at, why=reminder.why)
            there.lease_until, there.leased_by = _LONG_AGO, ""
            self.moved_on(reminder.person_id, at)
            return True

    def beat(self, worker_id: str, at: datetime) -> None:
        self.taken.beats[worker_id] = at

    def last_beat(self) -> datetime | None:
        return max(self.taken.beats.values(), default=None)

    # requests and calendar addresses
    def add_request(self, request: Request, event: AuditEvent) -> Request:
        self.append_audit(event)
        same = (request.person_id, request.kind, request.about, "requested")
        there = next((one for one in self.taken.requests.values() if (one.person_id, one.kind, one.about, one.state) == same), None)
        if there:
            return there
        made = replace(request, request_id=self.taken.new_id("request"))
        self.taken.requests[made.request_id] = made
        self.moved_on(request.person_id, event.at)
        return made

    def requests(self, person_ids: Sequence[str], event: AuditEvent, *, open_only: bool = False) -> tuple[Request, ...]:
        for person_id in person_ids:
            self.append_audit(replace(event, subject_id=person_id))
        found = [one for one in self.taken.requests.values() if one.person_id in person_ids and (one.state == "requested" or not open_only)]
        return tuple(sorted(found, key=lambda one: (one.asked_at, one.request_id), reverse=True))

    def change_request(self, request: Request, event: AuditEvent) -> Request:
        there = self.taken.requests.get(request.request_id)
        if there is None or there.person_id != request.person_id:
            raise NotFound("request_not_found", request=request.request_id)
        if there.state != "requested":
            raise Conflict("request_decided", request=request.request_id)
        self.taken.requests[request.request_id] = request
        self.append_audit(event)
        self.moved_on(request.person_id, event.at)
        return request

    def add_feed(self, feed: Feed, digest: str, event: AuditEvent) -> Feed:
        made = replace(feed, feed_id=self.taken.new_id("feed"))
        self.taken.feeds[made.feed_id] = (made, digest)
        self.append_audit(event)
        self.moved_on(feed.person_id, event.at)
        return made

    def feeds(self, person_id: str, event: AuditEvent) -> tuple[Feed, ...]:
        self.append_audit(event)
        return tuple(one for one, _ in self.taken.feeds.values() if one.person_id == person_id)

    def feed_of(self, digest: str) -> Feed | None:
        return next((one for one, known in self.taken.feeds.values() if known == digest and one.revoked_at is None), None)

    def revoke_feed(self, person_id: str, feed_id: str, event: AuditEvent) -> None:
        feed, digest = self.taken.feeds.get(feed_id, (None, ""))
        if feed is None or feed.person_id != person_id or feed.revoked_at is not None:
            raise NotFound("feed_not_found", feed=feed_id)
        self.taken.feeds[feed_id] = (replace(feed, revoked_at=event.at), digest)
        self.append_audit(event)
        self.moved_on(person_id, event.at)

    def touch_feed(self, feed_id: str, at: datetime) -> None:
        feed, digest = self.taken.feeds[feed_id]
        self.taken.feeds[feed_id] = (replace(feed, seen_at=at), digest)
