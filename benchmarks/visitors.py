"""This is the place where a program visits a Streamlit server as a browser does: one websocket, one run after another.

It speaks Streamlit's own protobuf messages (BackMsg up, ForwardMsg down) and draws nothing, so what it measures is the server.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

_TICKET = re.compile(rb"/auth/enter\?ticket=[A-Za-z0-9_-]+(?:&[A-Za-z0-9_=%/-]*)?")
LONGEST_RUN = 60.0


class BrokenPage(Exception):
    """A run that ended without a page: its time would mean nothing."""


@dataclass
class Run:
    """What one run of the script sent: seconds until it was finished, messages and bytes, the buttons by key, the ticket if any,
    and whether the page got as far as its title."""

    seconds: float = 0.0
    messages: int = 0
    size: int = 0
    buttons: dict[str, str] = field(default_factory=dict)
    ticket: str = ""
    titled: bool = False
    broken: bool = False


class Visitor:
    """One browser tab without a screen."""

    def __init__(self, address: str, cookies: str = "", language: str = "en-US") -> None:
        self.address, self.cookies, self.language = address, cookies, language
        self._socket: ClientConnection | None = None
        self._page_hash = ""
        self.hear: Callable[[bytes], object] = lambda _message: None

    async def arrive(self, page: str = "") -> Run:
        """Connect and load a page: what a person waits for after typing an address."""
        started = time.perf_counter()
        headers = {"Origin": self.address, **({"Cookie": self.cookies} if self.cookies else {})}
        self._socket = await connect(
            self.address.replace("http", "ws", 1) + "/_stcore/stream",
            additional_headers=headers, subprotocols=["streamlit"], max_size=64 * 1024 * 1024, compression=None, open_timeout=LONGEST_RUN,
        )  # type: ignore[list-item]  # fmt: skip
        return await self._run(page=page, started=started)

    async def go(self, page: str) -> Run:
        """Follow a link to another page."""
        self._page_hash = ""
        return await self._run(page=page)

    async def again(self) -> Run:
        """Run the page once more, as every widget does."""
        return await self._run()

    async def press(self, widget_id: str) -> Run:
        """Press a button."""
        return await self._run(pressed=widget_id)

    async def leave(self) -> None:
        if self._socket:
            await self._socket.close()

    async def _run(self, *, page: str = "", pressed: str = "", started: float | None = None) -> Run:
        assert self._socket is not None
        asked = BackMsg()
        state = asked.rerun_script
        state.page_script_hash = self._page_hash
        state.page_name = page
        state.context_info.locale = self.language
        state.context_info.timezone = "UTC"
        state.context_info.url = f"{self.address}/{page}"
        if pressed:
            widget = state.widget_states.widgets.add()
            widget.id, widget.trigger_value = pressed, True
        started = time.perf_counter() if started is None else started
        await self._socket.send(asked.SerializeToString())
        run = Run()
        async with asyncio.timeout(LONGEST_RUN):
            while not self._take(await self._socket.recv(), run):
                pass
        run.seconds = time.perf_counter() - started
        if run.broken or not run.titled:
            raise BrokenPage(f"{self.address}/{page}: {run.messages} messages, no title or an exception")
        return run

    def _take(self, payload: str | bytes, run: Run) -> bool:
        """Note one message; True where it ends the run."""
        raw = payload.encode() if isinstance(payload, str) else payload
        self.hear(raw)
        message = ForwardMsg()
        message.ParseFromString(raw)
        run.messages += 1
        run.size += len(raw)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._page_hash = message.new_session.page_script_hash
        elif kind == "navigation":
            self._page_hash = message.navigation.page_script_hash  # the page that st.navigation chose for the address
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            _note(message.delta.new_element, raw, run)
        return kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY


def _note(element: object, raw: bytes, run: Run) -> None:
    kind = element.WhichOneof("type")  # type: ignore[attr-defined]
    if kind == "button":
        widget_id = element.button.id  # type: ignore[attr-defined]
        run.buttons[widget_id.rsplit("-", 1)[-1]] = widget_id
    run.titled |= kind == "heading" or b"<h1" in raw
    run.broken |= kind == "exception"
    found = _TICKET.search(raw)
    if found:
        run.ticket = found.group().decode()


async def sign_in(address: str, button: str) -> str:
    """Choose a demo sign-in by its button's key and trade the ticket for the cookie, as the browser does; the Cookie header."""
    visitor = Visitor(address)
    try:
        door = await visitor.arrive()
        entered = await visitor.press(door.buttons[button])
    finally:
        await visitor.leave()
    async with httpx2.AsyncClient(base_url=address) as client:
        answer = await client.get(entered.ticket, headers={"sec-fetch-site": "same-origin"})
    return "hb_session=" + answer.cookies["hb_session"]
