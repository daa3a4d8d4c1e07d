"""This is the place where the browser tests get what they drive: a server with demo people, a Chromium, signed-in pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--force-color-profile=srgb")  # fmt: skip

DEMO: Mapping[str, str] = MappingProxyType(
    {"patient": "demo_0", "patient_zh": "demo_1", "caregiver": "demo_2", "coordinator": "demo_3", "administrator": "demo_4", "kiosk": "demo_5"}
)
"""Role -> key of its button on the sign-in page."""

LOCALES: Mapping[str, str] = MappingProxyType({"en": "en-US", "zh_Hans": "zh-CN"})

_HARMLESS = re.compile(r"404 \(Not Found\)|/_stcore/(health|host-config)|WebGL|GPU stall|Download the React DevTools")
"""What Streamlit's own front end says on deep links, and what Chromium says without a graphics card."""


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    width: int = 1440
    height: int = 900
    scheme: str = "light"
    language: str = "en"

    @property
    def name(self) -> str:
        return f"{self.width}_{self.scheme}_{self.language}"


@dataclass
class Tab:
    """A browser tab and everything its console complained about."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str = "") -> None:
        """Go to an address of ours and wait until it is drawn."""
        self.page.goto(f"{self.address}/{path.lstrip('/')}")
        self.settle()

    def settle(self) -> None:
        """Wait until the script has run and nothing on the page changes any more."""
        self.page.wait_for_selector("[data-testid=stApp]", timeout=30_000)
        self.page.wait_for_function(
            """() => {
                const app = document.querySelector("[data-testid=stApp]");
                const done = app && app.getAttribute("data-test-script-state") === "notRunning";
                const drawn = document.querySelector("h1") && !document.querySelector("[data-testid=stSkeleton], [data-stale=true]");
                const size = document.body.innerHTML.length;
                const calm = window.hbSize === size ? (window.hbCalm || 0) + 1 : 0;
                window.hbSize = size; window.hbCalm = calm;
                return done && drawn && calm >= 4;
            }""",
            polling=75, timeout=30_000,
        )  # fmt: skip

    def sign_in(self, role: str) -> None:
        """Choose a demo sign-in at the door and land on the role's first page."""
        self.open()
        self.page.locator(f".st-key-{DEMO[role]} button").click()
        self.page.locator(f".st-key-{DEMO[role]}").wait_for(state="detached", timeout=30_000)
        self.settle()
        for _ in range(100):  # the browser fetches its cookie beside the page
            if any(cookie["name"] == "hb_session" for cookie in self.page.context.cookies()):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("no session cookie came within ten seconds")

    def grow(self) -> None:
        """Make the window as high as the page, so that one picture shows all of it (Streamlit scrolls inside the page)."""
        high = self.page.evaluate("document.querySelector('[data-testid=stMain]')?.scrollHeight || document.body.scrollHeight")
        width = self.page.viewport_size["width"] if self.page.viewport_size else 1440
        self.page.set_viewport_size({"width": width, "height": max(500, min(int(high), 8000))})
        self.settle()

    def text(self) -> str:
        return self.page.inner_text("body")


@contextmanager
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium without a screen."""
    started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
    try:
        yield started
    finally:
        started.close()


@contextmanager
def tab(started: Browser, address: str, look: Look) -> Iterator[Tab]:
    """A fresh browser profile with one tab."""
    context = started.new_context(
        viewport={"width": look.width, "height": look.height}, color_scheme=look.scheme, locale=LOCALES[look.language],
        timezone_id="Europe/London", reduced_motion="reduce",
    )  # type: ignore[arg-type]  # fmt: skip
    page = context.new_page()
    opened = Tab(page, address)

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not _HARMLESS.search(f"{message.text} {message.location.get('url', '')}"):
            opened.complaints.append(message.text[:300])

    def failed(error: Error) -> None:
        opened.complaints.append(str(error)[:300])

    page.on("console", heard)
    page.on("pageerror", failed)
    try:
        yield opened
    finally:
        context.close()
