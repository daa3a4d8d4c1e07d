"""What the documents say about pins and settings is what the files say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^[A-Za-z0-9_.\-]+(?:\[[a-z]+\])?==[0-9][0-9a-z.]*$")


def pins(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-r "))]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-train.txt"])
def test_every_requirement_is_pinned_and_explained(name: str) -> None:
    documented = (ROOT / "docs" / "DEPENDENCIES.md").read_text(encoding="utf-8")
    rows = {row.split("|")[1].strip() for row in documented.splitlines() if row.startswith("| ")}
    assert pins(name)
    assert [pin for pin in pins(name) if not PIN.match(pin)] == []
    assert [pin for pin in pins(name) if pin not in rows] == []


def test_no_documented_package_has_gone() -> None:
    documented = (ROOT / "docs" / "DEPENDENCIES.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| ([A-Za-z0-9_.\-]+(?:\[[a-z]+\])?==[0-9a-z.]+) \|", documented, re.MULTILINE)
    everything = {pin for name in ("requirements.txt", "requirements-dev.txt", "requirements-train.txt") for pin in pins(name)}
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
