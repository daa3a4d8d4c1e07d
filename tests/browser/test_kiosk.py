"""The kiosk by hand, at both sizes and in both languages: no step scrolls, every target is big enough, and of whoever was there nothing is left in browser, server or disk.

The server runs in this process, so that what is left in its memory can be looked for.
"""

from __future__ import annotations

import gc
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser
from streamlit.runtime.runtime import Runtime

from core import serve, wiring
from core.ports import Ports
from core.settings import Settings
from core.ui.words import words
from tests.browser.live import CHROMIUM, FLAGS, Look, Tab, tab
from tests.browser.test_pages import judged

pytestmark = pytest.mark.needs_browser
BACKWARDS = "YRANACXZQ"
"""What is typed as a medicine on the screen's keys. Canaries are held the other way round in this process, so that what is found of them isn't the test's."""
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
MEASURED = """() => {
  const main = document.querySelector('.st-key-kiosk_main'), page = document.querySelector('[data-testid=stMain]');
  const buttons = [...document.querySelectorAll('.st-key-kiosk_top button, .st-key-kiosk_main button, .st-key-kiosk_bottom button')];
  const keys = document.querySelector('.st-key-kiosk_keys')?.querySelector('[data-testid=stBidiComponentRegular] , div');
  const boxes = buttons.map((one) => [one.innerText, one.getBoundingClientRect()]).filter(([, box]) => box.width);
  return {
    scrolls: main.scrollHeight > main.clientHeight + 1 || page.scrollHeight > page.clientHeight + 1 || document.documentElement.scrollWidth > innerWidth,
    small: boxes.filter(([, box]) => box.width < 44 || box.height < 44).map(([name]) => name),
    outside: boxes.filter(([, box]) => box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < 0 || box.top < 0).map(([name]) => name),
    focus: document.activeElement?.tagName,
  };
}"""
LEFT = """async () => {
  const stores = [...Object.entries(localStorage), ...Object.entries(sessionStorage)].flat();
  const bases = indexedDB.databases ? (await indexedDB.databases()).map((one) => one.name) : [];
  const cached = 'caches' in window ? await caches.keys() : [];
  const fields = [...document.querySelectorAll('input,textarea')].map((one) => one.value);
  return [document.documentElement.outerHTML, document.cookie, location.href, ...stores, ...bases, ...cached, ...fields].join('\\n');
}"""


@dataclass
class House:
    address: str
    ports: Ports
    home: Path


@pytest.fixture(scope="module")
def house(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demo served from a thread of this process."""
    home = Path(shutil.copytree(filled, tmp_path_factory.mktemp("kiosk") / "data"))
    settings = Settings(home=home, demo=True)
    ports = wiring.ports_for(settings)  # what the script of the app asks for
    app = serve.application(settings, lambda: ports)
    serve._configure_streamlit(settings)
    listening = serve._bind("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, **serve._PROTOCOL))
    running = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    was, Runtime._instance = Runtime._instance, None
    running.start()
    while not server.started:
        time.sleep(0.05)
    yield House(f"http://127.0.0.1:{listening.getsockname()[1]}", ports, home)
    server.should_exit = True
    running.join(20)
    listening.close()
    Runtime._instance = was
    wiring._HELD = wiring._Held()
    ports.store.close()


@pytest.fixture(scope="module")
def camera(chromium: Browser) -> Iterator[Browser]:
    started = chromium.browser_type.launch(executable_path=str(CHROMIUM), args=[*FLAGS, *CAMERA])
    yield started
    started.close()


@pytest.fixture
def kiosk(camera: Browser, house: House) -> Iterator[Callable[[Look], Kiosk]]:
    opened: list[object] = []

    def begin(look: Look) -> Kiosk:
        manager = tab(camera, house.address, look)
        at = manager.__enter__()
        opened.append(manager)
        at.page.context.grant_permissions(["camera"])
        at.sign_in("kiosk")
        return Kiosk(at, look)

    yield begin
    for manager in opened:
        manager.__exit__(None, None, None)  # type: ignore[attr-defined]


@dataclass
class Kiosk:
    tab: Tab
    look: Look
    code: str = ""

    def touch(self, key: str, *, moves: bool = True) -> None:
        """Touch a button; where it leads to another screen, wait until that is there."""
        before = self.title
        self.tab.page.locator(f".st-key-{key} button").first.click()
        for _ in range(300 if moves else 0):
            if self.title != before:
                break
            self.tab.page.wait_for_timeout(25)
        self.tab.settle()

    def has(self, key: str) -> bool:
        return self.tab.page.locator(f".st-key-{key} button").count() > 0

    @property
    def title(self) -> str:
        return self.tab.page.locator("h1.kq-h").first.inner_text()

    def press(self, text: str) -> None:
        """By the keys on the screen."""
        for sign in text:
            self.tab.page.locator(".st-key-kiosk_keys button", has_text=re.compile(f"^{re.escape(sign)}$")).click()

    def come_in(self) -> None:
        page = self.tab.page
        self.touch("kq_demo", moves=False)
        said = page.locator(".kq-code").inner_text()
        self.code = "".join(re.findall(r"[A-Z0-9]{4}", said.split("：")[-1].split("code")[-1]))[::-1]
        self.touch(f"kq_language_{self.look.language}")
        self.press(self.code[::-1])
        assert page.evaluate("document.querySelector('.st-key-kiosk_fields input').value.length") == len(self.code)
        self.touch("kq_go")
        assert self.title == words(self.look.language)("kiosk.consent")

    def on(self) -> None:
        """One touch that leads on."""
        page = self.tab.page
        options = page.locator("[class*='st-key-kq_option_']")
        fields = page.locator(".st-key-kiosk_fields input")
        key = next((key for key in ("kq_all", "kq_rested", "kq_enough") if self.has(key)), "")
        if key:
            self.touch(key)
        elif options.count():
            names = (options.first.get_attribute("class") or "").split()
            self.touch(next(name for name in names if name.startswith("st-key-kq_option_")).removeprefix("st-key-"))
        elif fields.count() and not self.has("kq_add"):
            for name, value in (
                ("sbp", "128"),
                ("dbp", "79"),
                ("weight", "71.3"),
                ("spo2", "97"),
                ("temp", "36.6"),
                ("answer", "2"),
            ):
                for field in page.locator(f"[class*='st-key-kq_{name}_'] input").all():
                    field.fill(value)
            self.touch("kq_go")
        else:
            self.touch("kq_next")

    def until(self, title: str, each: Callable[[], None] = lambda: None) -> None:
        for _ in range(90):
            if self.title == title:
                return
            self.on()
            each()
        raise AssertionError(self.title)


def wrong_with(kiosk: Kiosk) -> dict[str, object]:
    found = kiosk.tab.page.evaluate(MEASURED)
    return {name: found[name] for name in ("scrolls", "small", "outside") if found[name]}


@pytest.mark.parametrize("look", [Look(1280, 800), Look(1080, 1920, "light", "zh_Hans")], ids=lambda look: look.name)
def test_a_whole_visit_by_hand_and_nothing_left(kiosk: Callable[[Look], Kiosk], house: House, look: Look, artifacts: Path) -> None:
    one, t = kiosk(look), words(look.language)
    page, wrong, seen = one.tab.page, {}, set()

    def look_at() -> None:
        if one.title in seen:
            return
        seen.add(one.title)
        if problems := wrong_with(one):
            wrong[one.title] = problems
        if len(seen) % 3 == 1 and (problems := judged(one.tab, look)):
            wrong[f"{one.title} (axe)"] = problems

    look_at()
    one.come_in()
    assert page.evaluate("document.activeElement.className").startswith("kq-h")
    assert t("kiosk.consent") in page.locator("#hb-live").inner_text()
    look_at()
    one.until(t("kiosk.more.medicines"), look_at)
    one.press(BACKWARDS[::-1])
    one.touch("kq_add", moves=False)
    one.until(t("kiosk.summary"), look_at)
    one.touch("kq_next")
    look_at()
    assert one.title == t("kiosk.sent.kept")
    shots = artifacts / "kiosk"
    shots.mkdir(exist_ok=True)
    page.screenshot(path=shots / f"sent-{look.name}.png")
    one_touch_ends(one)
    assert left_in_browser(one) == []
    assert left_in_server(house, [one.code]) == []  # what was typed was sent: the server keeps it
    assert wrong == {}
    assert one.tab.complaints == []


@pytest.mark.parametrize("how", ["idle", "reload", "away", "over"])
def test_whoever_stops_in_the_middle_leaves_nothing(kiosk: Callable[[Look], Kiosk], house: House, how: str) -> None:
    one, t = kiosk(Look(1280, 800)), words("en")
    page = one.tab.page
    one.come_in()
    one.until(t("kiosk.more.medicines"))
    one.press(BACKWARDS[::-1])
    one.touch("kq_add", moves=False)
    one.press("QZXDOG")
    if how == "idle":
        page.evaluate("window.hbKiosk.last = Date.now() - (window.hbKiosk.component.data.idle - 10) * 1000")
        page.get_by_role("button", name=t("kiosk.here")).click()
        page.locator("#hb-kiosk-warn").wait_for(state="detached")
        assert one.title == t("kiosk.more.medicines")
        page.evaluate("window.hbKiosk.last = Date.now() - window.hbKiosk.component.data.idle * 1000")
        page.locator("#hb-kiosk-blank").wait_for()
        assert page.locator("#root").count() == 0
        page.locator("#hb-kiosk-blank").wait_for(state="detached", timeout=30_000)
        one.tab.settle()
    elif how == "reload":
        one.tab.open("kiosk")
    elif how == "over":
        one.touch("kq_over")
        one_touch_ends(one, "kq_over_yes")
    else:
        page.goto("about:blank")
    if how != "away":
        assert one.title == t("kiosk.welcome")
        assert left_in_browser(one) == []
    assert left_in_server(house, [BACKWARDS, "GODXZQ", one.code]) == []


def test_the_camera_looks_for_a_code_and_keeps_no_picture(kiosk: Callable[[Look], Kiosk], house: House) -> None:
    one, t = kiosk(Look(1280, 800)), words("en")
    page = one.tab.page
    one.touch("kq_language_en")
    one.touch("kq_way_camera", moves=False)
    button = page.locator("[data-testid=stCameraInputButton]")
    button.wait_for()
    one.tab.settle()
    assert wrong_with(one) == {}
    page.wait_for_timeout(500)
    button.click()
    page.get_by_text(t("kiosk.no_code_seen")).first.wait_for()
    one.tab.settle()
    kept = Runtime.instance().uploaded_file_mgr.file_storage  # type: ignore[attr-defined]
    assert [len(files) for files in kept.values() if files] == []


def one_touch_ends(one: Kiosk, key: str = "kq_next") -> None:
    """The last touch: the screen is covered, and comes back empty."""
    one.tab.page.locator(f".st-key-{key} button").first.click()
    one.tab.page.locator("#hb-kiosk-blank").wait_for()
    one.tab.page.locator("#hb-kiosk-blank").wait_for(state="detached", timeout=30_000)
    one.tab.settle()


def left_in_browser(one: Kiosk) -> list[str]:
    found = one.tab.page.evaluate(LEFT)
    return [canary for canary in (BACKWARDS, one.code, "GODXZQ") if canary[::-1] in found]


def left_in_server(house: House, backwards: list[str]) -> list[str]:
    """What is left in the server's memory, its sessions and its disk. A session that ended is waited for: twenty looks at most."""
    found: list[str] = []
    for _ in range(20):
        gc.unfreeze()
        gc.collect()
        found = [*_in_memory(backwards), *_on_disk(house, backwards)]
        if not found:
            return []
        time.sleep(0.25)
    return found


def _in_memory(backwards: list[str]) -> list[str]:
    """Where a text that was typed is held by a container; each as what it lies in, never as itself."""
    wanted = re.compile("|".join(one[::-1] for one in backwards))
    found = []
    for thing in gc.get_objects():
        if type(thing) is dict:
            held = (*thing.keys(), *thing.values())
        elif type(thing) in (list, tuple, set, frozenset):
            held = tuple(thing)
        elif hasattr(type(thing), "__slots__"):
            held = tuple(getattr(thing, name, None) for name in type(thing).__slots__ if name.startswith("__") is False)
        else:
            continue
        for one in held:
            if (type(one) is str and wanted.search(one)) or (
                type(one) is bytes and len(one) < 200_000 and wanted.search(one.decode("latin-1"))
            ):
                where = (
                    [f"{type(other).__module__}.{type(other).__qualname__}" for other in gc.get_referrers(thing)[:6]]
                    if len(found) < 3
                    else []
                )
                found.append(f"{type(thing).__qualname__} {list(thing)[:8] if type(thing) is dict else ''} in {where}")
    return found


def _on_disk(house: House, backwards: list[str]) -> Iterator[str]:
    wanted = [one[::-1].encode() for one in backwards]
    for path in house.home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            yield from (path.name for one in wanted if one in content)
