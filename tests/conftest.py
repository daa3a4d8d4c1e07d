"""This is the place where every test gets its surroundings: a clean environment, the shared material, the services it needs."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from core import demo
from core.settings import Settings
from core.wiring import build

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"

settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
settings.load_profile("steady")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test sees the settings or the data folder of the person who runs it."""
    for name in [name for name in os.environ if name.startswith("HEALTHBOARD_") and name not in KEPT]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HEALTHBOARD_HOME", str(tmp_path_factory.getbasetemp() / "home"))


KEPT = ("HEALTHBOARD_REQUIRE_SERVICES", "HEALTHBOARD_TEST_POSTGRES", "HEALTHBOARD_TEST_ADDRESS")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Recorded material of other projects; not part of this repository, so its tests are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"no recorded material at {SHARED}")
    return SHARED


SHARING = ("tests/browser/", "tests/fhir_server/", "tests/models/triton/")
"""Folders whose tests share one server or browser: each is one piece of work, and the largest is begun first."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object | None:
    """With --dist loadgroup, tests that share something run on one worker. (Marks do not say so: xdist 3.8 cannot tell pytest 9 of them.)"""
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadGroupScheduling

    class Together(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((folder for folder in SHARING if nodeid.startswith(folder)), nodeid)

    return Together(config, log)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> object:
    """Where the services are promised (HEALTHBOARD_REQUIRE_SERVICES), a test that skips for want of one fails."""
    outcome = yield
    report = outcome.get_result()
    needs = [name for name in ("needs_browser", "needs_fhir_server", "needs_mosquitto", "needs_postgres") if item.get_closest_marker(name)]
    if report.skipped and needs and os.environ.get("HEALTHBOARD_REQUIRE_SERVICES") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{needs[0]} was promised by HEALTHBOARD_REQUIRE_SERVICES, but: {report.longrepr}"


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo in it, closed: to be copied, never opened. Filled once for all workers of a run, since that takes seconds."""
    root = tmp_path_factory.getbasetemp()
    root = root.parent if os.environ.get("PYTEST_XDIST_WORKER") else root
    home, done = root / "demo_home", root / "demo_home.done"
    with (root / "demo_home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            made = build(Settings(home=home, demo=True))
            demo.fill(made)
            made.store.close()
            done.touch()
    return home
