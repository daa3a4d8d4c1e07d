"""This is the place where one server and one browser are started for all browser tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from benchmarks.servers import ours
from tests.browser.live import CHROMIUM, Look, Tab, browser, tab


@pytest.fixture(scope="session")
def address(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with demo people in a data folder of its own, or one that runs already (HEALTHBOARD_TEST_ADDRESS)."""
    if os.environ.get("HEALTHBOARD_TEST_ADDRESS"):
        yield os.environ["HEALTHBOARD_TEST_ADDRESS"]
        return
    with ours(Path(shutil.copytree(filled, tmp_path_factory.mktemp("live") / "data"))) as server:
        yield server.address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no {CHROMIUM}: install Debian's chromium")
    with sync_playwright() as playwright, browser(playwright) as started:
        yield started


@pytest.fixture
def opened(chromium: Browser, address: str) -> Iterator[Callable[[Look], Tab]]:
    """Open a fresh tab with a look; closed at the end of the test."""
    with ExitStack() as stack:
        yield lambda look: stack.enter_context(tab(chromium, address, look))


@pytest.fixture(scope="session")
def artifacts() -> Path:
    """Where pictures go; not committed."""
    folder = Path(__file__).resolve().parents[2] / "artifacts"
    folder.mkdir(exist_ok=True)
    return folder
