"""This is the place where long work runs beside the page: its progress is held in the session, and it can be stopped.

The work runs in a thread of its own and never touches Streamlit. The page looks at it twice a second.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

import streamlit as st

from core.care.desk_views import ImportReport
from core.care.parcels import Watch
from core.errors import Cancelled, HealthboardError
from core.ui.incident import tell
from core.ui.markup import note
from core.ui.session import Visit, here
from core.ui.words import Words

KEY = "hb.work"
LOOK_EVERY = 0.5
_LONG = 100
"""From so many seconds on the time left is said in minutes."""


class Work:
    """One piece of long work of one session: how far it is, whether it was asked to stop, what came of it."""

    def __init__(self, name: str, started_at: datetime, do: Callable[[Watch], ImportReport], *, in_bytes: bool = False) -> None:
        self.name, self.started_at, self.in_bytes = name, started_at, in_bytes
        self.done, self.total = 0, 0
        self._stop = threading.Event()
        runner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="import")
        self._future: Future[ImportReport] = runner.submit(do, Watch(self._tell, self._stop.is_set))
        runner.shutdown(wait=False)

    def _tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total

    def stop(self) -> None:
        """Ask the work to stop: what devices measured and was read so far stays, a health record that is not finished doesn't."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    @property
    def over(self) -> bool:
        return self._future.done()

    def result(self) -> ImportReport:
        """What came of it. Raises what the work raised."""
        return self._future.result(timeout=0)

    def share(self) -> float:
        """How much is done, 0 to 1; 0 while the whole is not known."""
        return min(self.done / self.total, 1.0) if self.total else 0.0

    def seconds_left(self, now: datetime) -> int | None:
        """A guess from the pace so far; None while there is too little to go by."""
        gone, share = (now - self.started_at).total_seconds(), self.share()
        return round(gone / share * (1 - share)) if share > 0.02 and gone > 1 else None

    def megabytes_a_second(self, now: datetime) -> float | None:
        """How fast it goes; None where it isn't counted in bytes, or there is too little to go by."""
        gone = (now - self.started_at).total_seconds()
        return self.done / gone / 1e6 if self.in_bytes and gone > 1 and self.done else None


def running() -> Work | None:
    work = st.session_state.get(KEY)
    return work if isinstance(work, Work) else None


def start(visit: Visit, name: str, do: Callable[[Watch], ImportReport], *, in_bytes: bool = False) -> None:
    """Begin the work; one at a time for each session. `in_bytes`: its progress is told in bytes."""
    if running() is None:
        st.session_state[KEY] = Work(name, visit.now, do, in_bytes=in_bytes)


@st.fragment(run_every=LOOK_EVERY)
def watch() -> None:
    """Progress, time left and a way to stop; when the work is over the whole page is drawn anew."""
    work, visit = running(), here()
    if work is None:
        return
    if work.over:
        st.rerun()
    t = visit.t
    with st.container(key="card_work"):
        st.progress(work.share(), text=" · ".join((t("work.doing", name=work.name), *told(t, work, visit.ports.clock.now()))))
        st.button(t("work.cancel"), key="work_cancel", on_click=work.stop, disabled=work.stopping, icon=":material/close:")
        st.html(note(t("work.cancel_note" if work.in_bytes else "work.cancel_note_server")))


def told(t: Words, work: Work, now: datetime) -> tuple[str, ...]:
    """How far it is, how fast it goes, how long it still takes, as far as that is known."""
    if work.stopping:
        return (t("work.stopping"),)
    if not work.done:
        return (t("work.starting"),)
    left, rate = work.seconds_left(now), work.megabytes_a_second(now)
    found = []
    if work.in_bytes and work.total:
        found.append(t("work.megabytes", done=round(work.done / 1e6, 1), total=round(work.total / 1e6, 1)))
    elif left is None:
        found.append(t("work.counting", done=work.done))
    if rate is not None:
        found.append(t("work.rate", rate=t.number(rate, 1)))
    if left is not None:
        found.append(t("work.left", n=left) if left < _LONG else t("work.left_minutes", n=round(left / 60)))
    return tuple(found)


def finished(visit: Visit) -> ImportReport | None:
    """Take the result of work that is over; says in place when it failed or was stopped."""
    work = running()
    if work is None or not work.over:
        return None
    del st.session_state[KEY]
    try:
        return work.result()
    except Cancelled:
        st.info(visit.t("work.cancelled"))
    except HealthboardError as error:
        tell(visit.t, error)
    return None
