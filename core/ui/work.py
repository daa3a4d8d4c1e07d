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
from core.ui.session import Visit, here

KEY = "hb.work"
LOOK_EVERY = 0.5


class Work:
    """One piece of long work of one session: how far it is, whether it was asked to stop, what came of it."""

    def __init__(self, name: str, started_at: datetime, do: Callable[[Watch], ImportReport]) -> None:
        self.name, self.started_at = name, started_at
        self.done, self.total = 0, 0
        self._stop = threading.Event()
        runner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="import")
        self._future: Future[ImportReport] = runner.submit(do, Watch(self._tell, self._stop.is_set))
        runner.shutdown(wait=False)

    def _tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total

    def stop(self) -> None:
        """Ask the work to stop; what it had not finished is not kept."""
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


def running() -> Work | None:
    work = st.session_state.get(KEY)
    return work if isinstance(work, Work) else None


def start(visit: Visit, name: str, do: Callable[[Watch], ImportReport]) -> None:
    """Begin the work; one at a time for each session."""
    if running() is None:
        st.session_state[KEY] = Work(name, visit.now, do)


@st.fragment(run_every=LOOK_EVERY)
def watch() -> None:
    """Progress, time left and a way to stop; when the work is over the whole page is drawn anew."""
    work, visit = running(), here()
    if work is None:
        return
    if work.over:
        st.rerun()
    t = visit.t
    now = visit.ports.clock.now()
    left = work.seconds_left(now)
    said = t("work.stopping") if work.stopping else t("work.left", n=left) if left is not None else t("work.counting", done=work.done) if work.done else t("work.starting")
    with st.container(key="card_work"):
        st.progress(work.share(), text=f"{t('work.doing', name=work.name)} · {said}")
        st.button(t("work.cancel"), key="work_cancel", on_click=work.stop, disabled=work.stopping, icon=":material/close:")


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
