"""This is the place where a picture of every page is taken, to be looked at: python -m tests.browser.shots --out DIR [--roles patient ...]."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.servers import ours
from tests.browser.live import Look, browser, tab
from tests.browser.test_pages import LOOKS, ROLES, go_to, open_a_record, pages_of


def main(argv: Sequence[str] | None = None) -> int:
    """Start a server with demo people and take the pictures; prints each file's name."""
    parser = argparse.ArgumentParser(description="Take a picture of every page.")
    parser.add_argument("--out", type=Path, default=Path("artifacts/shots"))
    parser.add_argument("--roles", nargs="*", default=["door", *ROLES], choices=["door", *ROLES])
    parser.add_argument("--all-looks", action="store_true", help="each width with each theme and language")
    parser.add_argument("--address", default="", help="a server that runs already")
    asked = parser.parse_args(argv)
    asked.out.mkdir(parents=True, exist_ok=True)
    looks = every_look() if asked.all_looks else LOOKS
    with sync_playwright() as playwright, browser(playwright) as started:
        if asked.address:
            _take(started, asked.address, asked.out, asked.roles, looks)
            return 0
        with tempfile.TemporaryDirectory() as home, ours(Path(home) / "data") as server:
            _take(started, server.address, asked.out, asked.roles, looks)
    return 0


def every_look() -> tuple[Look, ...]:
    """1440 and 390 px, light and dark, English and Chinese."""
    return tuple(
        Look(width, height, scheme, language)
        for width, height in ((1440, 900), (390, 844)) for scheme in ("light", "dark") for language in ("en", "zh_Hans")
    )  # fmt: skip


def _take(started: Browser, address: str, folder: Path, roles: Sequence[str], looks: Sequence[Look]) -> None:
    for look in looks:
        for role in roles:
            with tab(started, address, look) as opened:
                if role == "door":
                    opened.open()
                    _keep(opened.page.screenshot(full_page=True), folder / f"door_{look.name}.png")
                    continue
                opened.sign_in(role)
                if role == "coordinator":
                    opened.open("people")
                    open_a_record(opened)
                for key in pages_of(role):
                    go_to(opened, key)
                    opened.grow()
                    _keep(opened.page.screenshot(), folder / f"{role}_{key}_{look.name}.png")
                    opened.page.set_viewport_size({"width": look.width, "height": look.height})


def _keep(picture: bytes, path: Path) -> None:
    path.write_bytes(picture)
    print(path)


if __name__ == "__main__":
    sys.exit(main())
