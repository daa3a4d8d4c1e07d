"""Rules of the house that imports alone cannot show: who reads the clock, who reads the environment, who catches everything."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted([*(ROOT / "core").rglob("*.py"), *(ROOT / "pages").glob("*.py"), *(ROOT / "models").rglob("*.py"), ROOT / "app.py"])

CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "datetime.datetime.now", "datetime.date.today"}
MAY_READ_THE_CLOCK = {"core/wiring.py", "core/worker.py", "core/api.py", "core/cli.py", "core/clock.py", "core/samples/__main__.py"}
ENVIRONMENT = {"os.environ", "os.getenv", "os.environb"}
MAY_READ_THE_ENVIRONMENT = {"core/settings.py"}
SHARED_CACHES = {"st.cache_data", "st.cache_resource"}


def dotted(node: ast.AST) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([*([node.id] if isinstance(node, ast.Name) else ["?"]), *reversed(parts)])


def found(names: set[str], allowed: set[str]) -> Iterator[str]:
    for path in SOURCES:
        place = path.relative_to(ROOT).as_posix()
        if place in allowed:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and dotted(node) in names:
                yield f"{place}:{node.lineno} {dotted(node)}"


def test_time_is_passed_in() -> None:
    assert list(found(CLOCKS, MAY_READ_THE_CLOCK)) == []


def test_only_the_settings_read_the_environment() -> None:
    assert list(found(ENVIRONMENT, MAY_READ_THE_ENVIRONMENT)) == []


def test_nothing_is_in_a_cache_that_all_visitors_share() -> None:
    assert list(found(SHARED_CACHES, set())) == []


def test_nobody_catches_everything() -> None:
    blind = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler) and (node.type is None or dotted(node.type) in ("Exception", "BaseException")):
                if isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None:
                    continue  # cleans up and passes it on
                blind.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert blind == []


def test_every_file_says_what_it_is_the_place_for() -> None:
    silent = []
    for path in (path for path in SOURCES if "versions" not in path.parts):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if path.read_text(encoding="utf-8").strip() and not said.startswith("This is the place where"):
            silent.append(path.relative_to(ROOT).as_posix())
    assert silent == []


def test_the_import_contracts_hold() -> None:
    checked = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c(['--no-cache'])"],
        cwd=ROOT, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout[-3000:] + checked.stderr[-1000:]


@pytest.mark.parametrize("module", ["core.sources.fhir", "core.store", "core.domain", "core.trends", "core.care"])
def test_the_inner_rooms_start_without_streamlit(module: str) -> None:
    """The command line, the worker and the kiosk's edge run without a web server in memory."""
    script = f"import {module}, sys; print([m for m in ('streamlit', 'tensorflow', 'plotly') if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
