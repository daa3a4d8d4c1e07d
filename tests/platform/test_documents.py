"""What the documents say about pins and settings is what the files say."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^[A-Za-z0-9_.\-]+(?:\[[a-z]+\])?==[0-9][0-9a-z.]*$")


def pins(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-r "))]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-train.txt", "requirements-triton.txt"])
def test_every_requirement_is_pinned_and_explained(name: str) -> None:
    documented = (ROOT / "docs" / "DEPENDENCIES.md").read_text(encoding="utf-8")
    rows = {row.split("|")[1].strip() for row in documented.splitlines() if row.startswith("| ")}
    assert pins(name)
    assert [pin for pin in pins(name) if not PIN.match(pin)] == []
    assert [pin for pin in pins(name) if pin not in rows] == []


def test_no_documented_package_has_gone() -> None:
    documented = (ROOT / "docs" / "DEPENDENCIES.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| ([A-Za-z0-9_.\-]+(?:\[[a-z]+\])?==[0-9a-z.]+) \|", documented, re.MULTILINE)
    files = ("requirements.txt", "requirements-dev.txt", "requirements-train.txt", "requirements-triton.txt")
    everything = {pin for name in files for pin in pins(name)}
    assert set(listed) == everything


def test_the_app_installs_without_tensorflow() -> None:
    heavy = ("tensorflow", "keras", "scikit-learn", "torch")
    assert not [pin for pin in pins("requirements.txt") if pin.startswith(heavy)]


def test_every_setting_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"`HEALTHBOARD_{name.upper()}`" not in readme] == []


def test_no_file_names_a_machine() -> None:
    """A path of somebody's machine in a document helps nobody else."""
    texts = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "Makefile", ROOT / ".ci" / "run"]
    assert [path.name for path in texts if re.search(r"/(?:root|home|Users)/", path.read_text(encoding="utf-8"))] == []


def test_what_is_imported_is_pinned() -> None:
    """A package that comes only because another one needs it may stop coming."""
    provided = packages_distributions()
    pinned = {re.split(r"[\[=]", pin)[0].lower().replace("_", "-") for pin in pins("requirements.txt")}
    missing = set()
    for path in [*(ROOT / "core").rglob("*.py"), *(ROOT / "pages").glob("*.py"), *(ROOT / "models").glob("*.py"), ROOT / "app.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            for top in {name.split(".")[0] for name in names} - {"core", "pages", "models", "tflite_runtime", ""} - sys.stdlib_module_names:
                if not {name.lower().replace("_", "-") for name in provided.get(top, [top])} & pinned:
                    missing.add(f"{top} in {path.relative_to(ROOT)}")
    assert sorted(missing) == []
