"""This is the place where the worker's other hands are: one looks at people's readings for alerts, some send letters, each in a thread of its own.

A mail server that doesn't answer then holds up neither what is judged nor who is told next. A hand that ends by an error nobody foresaw stops the whole worker: it
is to be started anew, not to go on without it.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.exc import OperationalError

from core.care import alerting, kiosk_again, posting, task_letters, visit_letters, worklist_ready
from core.care.access import COMMAND_LINE
from core.errors import BadInput, Conflict
from core.ports import Ports, Say
from core.ui.words import languages, words

LOG = logging.getLogger("healthboard.worker")
EVERY = 2.0
"""Seconds between two looks at what is due."""
STUCK = 900.0
"""Seconds after which a round that did not come back counts as lost: many times what a lease allows."""
LAST_WAIT = 30.0
"""Seconds that are waited for what was begun when the worker is told to stop; another takes over what hangs longer."""


class Hands:
    """What the worker does beside reminding: look at readings, at late tasks and at visits to come, prepare the worklist, and send letters (several at a time, so that one slow
    address holds up no urgent letter)."""

    POSTING = 2
    PREPARED = 5

    def __init__(self, ports: Ports, stop: threading.Event, lease: timedelta) -> None:
        self._ports, self._stop, self._lease = ports, stop, lease
        self.failed = self._desk_damaged = False
        self._began: dict[str, float] = {}
        self._ready = worklist_ready.Ready()
        jobs = (
            ("alerts", self._look),
            ("tasks", self._tasks),
            ("visits", self._visits),
            ("kiosks", self._kiosks),
            ("worklist", self._prepare),
            ("watch", self._watch),
            *((f"letters-{number}", self._post) for number in range(self.POSTING)),
        )
        self._threads = [threading.Thread(target=self._until_told, args=job, name=job[0], daemon=True) for job in jobs]

    def start(self) -> None:
        for one in self._threads:
            one.start()

    def join(self) -> None:
        """Wait for what was begun."""
        until = time.monotonic() + LAST_WAIT
        for one in self._threads:
            one.join(max(0.0, until - time.monotonic()))

    def _until_told(self, name: str, work: Callable[[str], int]) -> None:
        worker_id = f"worker-{name}-{secrets.token_hex(6)}"
        try:
            while not self._stop.is_set():
                self._began[name] = time.monotonic()
                if not _safely(lambda: work(worker_id)):
                    self._stop.wait(EVERY)
        except BaseException:
            LOG.exception("%s can't go on", name)
            self.failed = True
            self._stop.set()
            raise

    def _watch(self, _worker_id: str) -> int:
        """A hand that hangs without an error is as lost as one that has one."""
        now = time.monotonic()
        stuck = [name for name, began in dict(self._began).items() if now - began > STUCK]
        if stuck:
            LOG.error("%s did not come back for %d seconds", ", ".join(stuck), STUCK)
            self.failed = True
            self._stop.set()
        return 0

    def _look(self, worker_id: str) -> int:
        done = alerting.run_once(self._ports, COMMAND_LINE, worker_id, self._lease)
        if done.raised or done.told or done.broken:
            LOG.info(
                "Alerts: looked at %d, raised %d, letters %d, unreadable %d", done.looked_at, done.raised, done.told, done.broken
            )
        return done.looked_at - done.broken

    def _tasks(self, worker_id: str) -> int:
        looked_at = task_letters.run_late(self._ports, COMMAND_LINE, worker_id, self._lease)
        if looked_at:
            LOG.info("Tasks: %d are late", looked_at)
        return looked_at

    def _visits(self, worker_id: str) -> int:
        looked_at = visit_letters.run_due(self._ports, COMMAND_LINE, worker_id, self._lease)
        if looked_at:
            LOG.info("Visits: reminders of %d were due", looked_at)
        return looked_at

    def _kiosks(self, _worker_id: str) -> int:
        try:
            looked_at = kiosk_again.run_due(self._ports, COMMAND_LINE, say_in)
        except BadInput as error:  # the list can't be read: the coordinators' pages say so, and here it is said once
            if not self._desk_damaged:
                LOG.error("Calls from kiosks can't be made again: %s", error.code)  # noqa: TRY400
            self._desk_damaged = True
            return 0
        self._desk_damaged = False
        if looked_at:
            LOG.info("Kiosks: %d calls wait for somebody", looked_at)
        return looked_at

    def _prepare(self, _worker_id: str) -> int:
        """A few people at a time, with a pause in between: nobody waits for it."""
        worklist_ready.keep_ready(self._ports, COMMAND_LINE, self._ready, self.PREPARED)
        return 0

    def _post(self, worker_id: str) -> int:
        done = posting.run_once(self._ports, COMMAND_LINE, worker_id, say_in, self._lease)
        if done.sent or done.failed or done.given_up:
            LOG.info("Letters: sent %d, failed %d, reached nobody %d", done.sent, done.failed, done.given_up)
        return done.looked_at


def _safely(work: Callable[[], int]) -> int:
    """Do it; where the store is busy or away, nothing was done, and it is tried again soon."""
    try:
        return work()
    except Conflict as error:
        LOG.warning("The store was busy (%s); tried again", error.code)
    except OperationalError as error:
        LOG.warning("The database can't be reached (%s); tried again", type(error.orig).__name__)
    return 0


def say_in(language: str) -> Say:
    """The words of a language, or of the usual one."""
    return words(language_or_usual(language))


def language_or_usual(language: str) -> str:
    """A language there are words for."""
    return language if language in languages() else "en"
