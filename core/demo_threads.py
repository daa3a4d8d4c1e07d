"""This is the place where the demo's people and their team write to one another, by the ordinary use cases: answered, unread, out of hours, and in Chinese."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.care import sessions, thread_hours, threads
from core.care.access import COMMAND_LINE, Action, require
from core.care.thread_views import Draft
from core.domain.office import OfficeHours
from core.domain.papers import PaperKind
from core.domain.people import Actor
from core.ports import Ports

OLD, CHINESE = "margaret-ellis", "wang-jianguo"
PATIENT, CHINESE_PATIENT, CAREGIVER, CLINICIAN = "demo-margaret", "demo-jianguo", "demo-caregiver", "demo-coordinator"
ZONE = "America/New_York"
HOURS = OfficeHours(ZONE, ((time(8, 30), time(17)),) * 5 + (None, None), 8 * 60)
ANKLES = Draft("demo-ankles", "My ankles are a bit swollen in the evening since last week. I take the water tablet at seven. Should I change anything?", "Swollen ankles", readings=("weight",))
ANKLES_ANSWER = "Thank you for writing, Margaret. Please weigh yourself every morning this week and put your feet up in the evening. Change nothing for now; we look at your weights on Friday."
ANKLES_MORE = "Your weights look steady. Please go on as before, and write to us if the swelling gets worse."
FORGOT = Draft("demo-forgot", "Mum forgot her water tablet twice this week. Is that a problem, and should she take it later the same day?", "Forgotten water tablet")
DIZZY = Draft("demo-dizzy", "换了血压药以后，早上起来觉得头有点沉，量了血压是 118/72。药还要继续吃吗？", "换药以后", readings=("blood_pressure",))


@dataclass(frozen=True, slots=True)
class _At:
    """A clock that stands at one time, for what happened some days ago."""

    at: datetime

    def now(self) -> datetime:
        return self.at


def add(ports: Ports, person_ids: Mapping[str, str]) -> None:
    """For the people of the demo by slug. Nothing where somebody has written already."""
    if not {OLD, CHINESE} <= set(person_ids):
        return
    event = require(ports, COMMAND_LINE, Action.READ_MESSAGES, person_ids[OLD]).event("demo")
    if not ports.store.house_document(thread_hours.DOCUMENT):
        thread_hours.save(ports, COMMAND_LINE, HOURS, b"")
    if ports.store.papers((person_ids[OLD], person_ids[CHINESE]), event, kinds=(PaperKind.THREAD,)):
        return
    old, chinese, now = person_ids[OLD], person_ids[CHINESE], ports.clock.now()
    ankles = _as(ports, PATIENT, now - timedelta(days=6, hours=2), lambda then, who: threads.begin(then, who, old, ANKLES).thread_id)
    _as(ports, CLINICIAN, now - timedelta(days=6), lambda then, who: str(threads.mark_read(then, who, old, ankles, 1)))
    _as(ports, CLINICIAN, now - timedelta(days=6), lambda then, who: threads.reply(then, who, old, ankles, Draft("demo-1", ANKLES_ANSWER)).message_id)
    _as(ports, PATIENT, now - timedelta(days=5, hours=20), lambda then, who: str(threads.mark_read(then, who, old, ankles, 2)))
    _as(ports, CLINICIAN, now - timedelta(hours=3), lambda then, who: threads.reply(then, who, old, ankles, Draft("demo-2", ANKLES_MORE)).message_id)
    _as(ports, CAREGIVER, _evening(now), lambda then, who: threads.begin(then, who, old, FORGOT).thread_id)
    _as(ports, CHINESE_PATIENT, now - timedelta(hours=4), lambda then, who: threads.begin(then, who, chinese, DIZZY).thread_id)


def _as(ports: Ports, username: str, at: datetime, do: Callable[[Ports, Actor], str]) -> str:
    """Done by one of the demo's people at that time."""
    found = ports.store.account_by_username(username)
    if found is None:
        return ""
    then = replace(ports, demo=True, clock=_At(at))
    actor = sessions.actor_of(then, sessions.demo_sign_in(then, found[0].account_id).session_id)
    done = do(then, actor)
    sessions.sign_out(then, actor)
    return done


def _evening(now: datetime) -> datetime:
    """Half past nine of the last evening in the team's zone: nobody is there."""
    day = now.astimezone(ZoneInfo(ZONE)).date() - timedelta(days=1)
    return datetime.combine(day, time(21, 30), ZoneInfo(ZONE))
