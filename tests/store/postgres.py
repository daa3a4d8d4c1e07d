"""This is the place where a PostgreSQL server of our own is started for the tests, in a folder of its own, and ended."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=200")


def programs() -> Path | None:
    """Where the newest installed server's programs are, or None."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    on_path = shutil.which("postgres")
    found += [Path(on_path).parent] if on_path else []
    return max(found, key=lambda path: [int(n) for n in re.findall(r"\d+", str(path))], default=None)


@contextmanager
def server(bin_folder: Path) -> Iterator[str]:
    """A running server as a URL that ends in "/" + a place for the database's name; run by an account without rights."""
    folder = Path(tempfile.mkdtemp(prefix="hb-pg-"))
    runs_as = _account()
    if runs_as:
        shutil.chown(folder, runs_as, runs_as)
    who = {"user": runs_as, "group": runs_as, "extra_groups": []} if runs_as else {}
    data, log = folder / "data", folder / "log"
    subprocess.run(
        [bin_folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
        check=True, stdout=subprocess.DEVNULL, cwd="/", **who,
    )  # fmt: skip
    options = [part for setting in _SETTINGS for part in ("-c", setting)]
    with log.open("wb") as written:
        running = subprocess.Popen(
            [bin_folder / "postgres", "-D", data, "-k", folder, *options], stdout=written, stderr=written, cwd="/", **who
        )
    url = f"postgresql://postgres@/{{}}?host={folder}"
    try:
        _wait(url.format("postgres"), running, log)
        yield url
    finally:
        running.send_signal(signal.SIGINT)  # "fast": does not wait for clients to leave
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> str:
    """The account to run as where we are root, which the server refuses to be."""
    if os.geteuid():
        return ""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _wait(url: str, running: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            psycopg.connect(url, connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            if running.poll() is not None:
                break
            time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-2000:]}")
