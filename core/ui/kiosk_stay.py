"""This is the place where one person's stay at a kiosk is held in memory, and where all of it is wiped: after the end, when somebody starts over, stops touching, or is gone.

Everything of the person hangs on one object in the browser session. `wipe` empties that object, then everything the session holds but its sign-in, then what was uploaded.
From the first touch on the session is one that Streamlit does not keep for a lost connection: whoever reloads, closes the lid or pulls the plug has left, and the next
connection begins at the welcome. A thread counts beside the browser's own clock, so that a stay ends even where the browser never says so.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from core.kiosk.devices import Measuring
from core.kiosk.flow import State
from core.kiosk.terms import Clinic, Proof, Step, Welcomed

STAY, ROUND, SPOKEN, CLINIC = "hb.kiosk", "hb.kiosk_round", "hb.spoken", "hb.kiosk_clinic"
_STAYS = ("hb.session", "hb.landing", "hb.touched", "hb.visit", "hb.run", "hb.language", "hb.enter", ROUND, CLINIC)
"""What outlives a wipe: who the kiosk itself is, and what the clinic wants."""
GRACE = 10
"""Seconds the server waits longer than the browser before it ends a stay by itself."""


@dataclass
class Stay:
    """`screen` what is shown instead of the step ("" nothing, "help", "over", "offline"), `page` where in the step, `notice` (tone, key of words) what is said above
    it, `sent` what became of the visit (its link), `failed` how often something went wrong in a row. `left` seconds until the server ends it."""

    state: State = field(default_factory=State, repr=False)
    clinic: Clinic | None = field(default=None, repr=False)
    welcomed: Welcomed | None = field(default=None, repr=False)
    proof: Proof | None = field(default=None, repr=False)
    language: str = ""
    way: str = "code"
    screen: str = ""
    page: int = 0
    notice: tuple[str, str] = ("", "")
    facts: dict[str, object] = field(default_factory=dict, repr=False)
    seated_at: datetime | None = None
    failed: int = 0
    tries: int = 0
    ticked: tuple[str, ...] = field(default=(), repr=False)
    shot: bytes = field(default=b"", repr=False)
    reasons: tuple[str, ...] = ()
    link: str = field(default="", repr=False)
    receipt: str = ""
    code: str = field(default="", repr=False)
    called: str = ""
    units: dict[str, str] = field(default_factory=dict)
    held: float = 0.0
    device: Measuring | None = field(default=None, repr=False)
    large: bool = False
    contrast: bool = False
    left: float = 0.0
    over: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def step(self) -> Step:
        return self.state.step

    @property
    def on(self) -> bool:
        """Whether somebody is here."""
        return self.step is not Step.WELCOME

    def empty(self) -> None:
        """Nothing of anybody is in it any more, whoever still holds it."""
        self.over.set()
        if self.device is not None:
            self.device.stop()
        fresh = Stay()
        for name in self.__dataclass_fields__:
            if name != "over":
                setattr(self, name, getattr(fresh, name))


def stay() -> Stay:
    """The stay of this browser session; an empty one where nobody is here."""
    kept = st.session_state.get(STAY)
    if not isinstance(kept, Stay):
        kept = Stay(clinic=st.session_state.get(CLINIC))
        st.session_state[STAY] = kept
    return kept


def move(one: Stay, state: State) -> None:
    """The state that follows. Whatever was shown over or within the step before is over."""
    if state.step is not one.state.step:
        stop_device(one)
        one.page, one.failed, one.tries, one.shot, one.reasons, one.held = 0, 0, 0, b"", (), 0.0
    one.state, one.screen, one.notice, one.facts = state, "", ("", ""), {}


def stop_device(one: Stay) -> None:
    """Nothing is measured any more, and what a device sent is forgotten."""
    if one.device is not None:
        one.device.stop()
        one.device = None


def say(one: Stay, tone: str, key: str, **facts: object) -> None:
    """Say something above the step."""
    one.notice, one.facts = (tone, key), facts


def forget_widgets(prefix: str = "kq_") -> None:
    """What was typed into the fields of the kiosk is forgotten by this session."""
    for key in [key for key in st.session_state if str(key).startswith(prefix)]:
        del st.session_state[key]
    st.session_state["hb.kiosk_turn"] = turn() + 1
    forget_uploads()


def forget_uploads() -> None:
    """No picture that was taken here is held any longer than it was looked at."""
    ctx = get_script_run_ctx(suppress_warning=True)
    if ctx is not None:
        ctx.uploaded_file_mgr.remove_session_files(ctx.session_id)


def turn() -> int:
    """Which set of fields is shown: a new one begins empty in the browser too."""
    return int(st.session_state.get("hb.kiosk_turn", 0))


def wipe(ended: str) -> None:
    """Nothing of the person stays in this session. The screen that follows says in one sentence how it ended (`ended`, a code)."""
    kept = st.session_state.get(STAY)
    if isinstance(kept, Stay):
        kept.empty()
    saved: dict[str, Any] = {key: st.session_state[key] for key in _STAYS if key in st.session_state}
    st.session_state.clear()
    for key, value in saved.items():
        st.session_state[key] = value
    st.session_state[ROUND] = int(saved.get(ROUND, 0)) + 1
    st.session_state[STAY] = Stay(State(ended=ended), st.session_state.get(CLINIC))
    ctx = get_script_run_ctx(suppress_warning=True)
    forget_uploads()
    if ctx is not None and runtime.exists():
        rt = runtime.get_instance()
        rt.media_file_mgr.clear_session_refs(ctx.session_id)
        rt.media_file_mgr.remove_orphaned_files()


def watch(one: Stay, seconds: float) -> None:
    """Begin to count: a lost connection ends the stay at once, silence does after these seconds and GRACE."""
    touched(one, seconds)
    ctx = get_script_run_ctx(suppress_warning=True)
    rt = runtime.get_instance() if runtime.exists() else None
    if ctx is None or not isinstance(rt, Runtime):
        return
    rt.mark_session_nonresumable(ctx.session_id)
    counting = threading.Thread(target=_count, args=(one, rt, ctx.session_id), name="kiosk-clock", daemon=True)
    add_script_run_ctx(counting, ctx)
    counting.start()


def touched(one: Stay, seconds: float) -> None:
    """Somebody is still there."""
    one.left = max(seconds, one.held) + GRACE


def _count(one: Stay, rt: Runtime, session_id: str) -> None:
    """Once a second. Where the connection is gone, the object is emptied here: the session itself is being closed."""
    while not one.over.wait(1.0):
        one.left -= 1.0
        if not rt.is_active_session(session_id):
            one.empty()
        elif one.left <= 0:
            wipe("idle")
