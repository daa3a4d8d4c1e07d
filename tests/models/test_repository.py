"""This is the place where it is checked that the exported repository holds the very models that ship, and that a new export adds and never changes one."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from core.cli import main
from core.domain.checks import CheckKind
from core.errors import BadInput, ModelUnavailable
from models.check_cards import read_check_card
from models.repository import PLACES, write_repository
from models.runner import INPUTS, OUTPUTS
from models.runners.wire import offered

TINY = Path(__file__).resolve().parent / "tiny"


def newer(folder: Path, mark: bytes = b"\x32\x03new") -> Path:
    """The tiny models with another skin model: the same network, a word in its description (field 6 of an ONNX file), so another hash."""
    shutil.copytree(TINY, folder, dirs_exist_ok=True)
    skin = folder / "skin"
    content = (skin / "model.onnx").read_bytes() + mark
    (skin / "model.onnx").write_bytes(content)
    card = json.loads((skin / "card.json").read_text(encoding="utf-8"))
    card["version"], card["files"]["model.onnx"] = "0.0.2", hashlib.sha256(content).hexdigest()
    (skin / "card.json").write_text(json.dumps(card), encoding="utf-8")
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def said(folder: Path) -> dict[str, str]:
    """The parameters of a configuration."""
    text = (folder / "config.pbtxt").read_text(encoding="utf-8")
    return dict(re.findall(r'parameters \{ key: "([^"]+)" value \{ string_value: "([^"]+)" \} \}', text))


def test_every_model_that_ships_is_there_as_the_card_names_it(tmp_path: Path) -> None:
    for one in write_repository(TINY, tmp_path):
        card = read_check_card(TINY / one.kind.value)
        content = (tmp_path / one.kind.value / "1" / "model.onnx").read_bytes()
        assert hashlib.sha256(content).hexdigest() == card.files["model.onnx"] == one.digest
        assert said(tmp_path / one.kind.value) == {"sha256.1": one.digest, "version.1": card.version}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rhythm", "skin", "wound"]


@pytest.mark.parametrize("kind", list(CheckKind))
def test_the_configuration_names_what_the_app_sends_and_expects(tmp_path: Path, kind: CheckKind) -> None:
    write_repository(TINY, tmp_path, kinds=(kind,))
    text = (tmp_path / kind.value / "config.pbtxt").read_text(encoding="utf-8")
    name, shape, _ = INPUTS[kind]
    assert re.search(rf'input \[ \{{ name: "{name}" data_type: TYPE_\w+ dims: \[ {", ".join(map(str, shape))} \] \}} \]', text)
    assert re.findall(r'^  \{ name: "(\w+)" data_type: TYPE_FP32', text, re.MULTILINE) == list(OUTPUTS[kind])
    assert text.count("{") == text.count("}")
    assert text.count("[") == text.count("]")
    assert re.findall(r"batch_size: (\d+) inputs", text) == ["1", "32"]


@pytest.mark.parametrize(("place", "kind"), [("auto", "KIND_AUTO"), ("gpu", "KIND_GPU"), ("cpu", "KIND_CPU")])
def test_where_it_runs_is_a_choice(tmp_path: Path, place: str, kind: str) -> None:
    assert set(PLACES) == {"auto", "gpu", "cpu"}
    write_repository(TINY, tmp_path, place=place)
    assert f"kind: {kind} " in (tmp_path / "skin" / "config.pbtxt").read_text(encoding="utf-8")


def test_the_same_export_again_changes_nothing(tmp_path: Path) -> None:
    write_repository(TINY, tmp_path)
    before = files(tmp_path)
    assert [one.added for one in write_repository(TINY, tmp_path)] == [False] * 3
    assert files(tmp_path) == before


def test_a_new_model_is_a_new_version_beside_the_old_one(tmp_path: Path) -> None:
    write_repository(TINY, tmp_path / "out")
    before = files(tmp_path / "out" / "skin" / "1")
    told = write_repository(newer(tmp_path / "next"), tmp_path / "out")
    assert [(one.kind.value, one.number, one.added) for one in told] == [
        ("skin", 2, True),
        ("wound", 1, False),
        ("rhythm", 1, False),
    ]
    assert files(tmp_path / "out" / "skin" / "1") == before
    assert {key: value for key, value in said(tmp_path / "out" / "skin").items() if key.startswith("version")} == {
        "version.1": "0.0.1",
        "version.2": "0.0.2",
    }


def test_only_versions_the_server_loads_are_offered(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for place, mark in enumerate((b"\x32\x01a", b"\x32\x01b", b"\x32\x01c")):
        write_repository(newer(tmp_path / str(place), mark), out, kinds=(CheckKind.SKIN,))
    assert {key for key in said(out / "skin") if key.startswith("sha256")} == {"sha256.2", "sha256.3"}
    back = write_repository(newer(tmp_path / "0", b""), out, kinds=(CheckKind.SKIN,))
    assert [(one.number, one.added) for one in back] == [(4, True)]  # version 1 is there, and no longer loaded


def test_what_somebody_else_put_there_stays_and_is_not_offered(tmp_path: Path) -> None:
    (tmp_path / "skin" / "7").mkdir(parents=True)
    (tmp_path / "skin" / "7" / "model.onnx").write_bytes(b"theirs")
    (told,) = write_repository(TINY, tmp_path, kinds=(CheckKind.SKIN,))
    assert told.number == 8
    assert set(said(tmp_path / "skin")) == {"sha256.8", "version.8"}
    assert (tmp_path / "skin" / "7" / "model.onnx").read_bytes() == b"theirs"


def test_a_changed_file_is_not_exported(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path / "own")
    (tmp_path / "own" / "skin" / "model.onnx").write_bytes(b"changed")
    with pytest.raises(ModelUnavailable, match="file_changed"):
        write_repository(tmp_path / "own", tmp_path / "out", kinds=(CheckKind.SKIN,))
    assert not (tmp_path / "out").exists()


def test_a_version_whose_file_was_changed_in_the_repository_is_not_taken_for_ours(tmp_path: Path) -> None:
    write_repository(TINY, tmp_path, kinds=(CheckKind.SKIN,))
    (tmp_path / "skin" / "1" / "model.onnx").write_bytes(b"changed")
    (told,) = write_repository(TINY, tmp_path, kinds=(CheckKind.SKIN,))
    assert (told.number, told.added) == (2, True)
    assert set(said(tmp_path / "skin")) == {"sha256.2", "version.2"}


def test_a_place_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(BadInput, match="not_writable"):
        write_repository(TINY, tmp_path / "file")


def test_where_nothing_ships_there_is_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="nothing_ships"):
        write_repository(tmp_path, tmp_path / "out")


def test_the_app_reads_what_the_configuration_says() -> None:
    body = json.dumps(
        {"parameters": {"sha256.3": {"string_value": "a" * 64}, "version.3": {"string_value": "1.0"}, "sha256.x": "b", "other": 1}}
    ).encode()
    found = offered(body)
    assert (dict(found.digests), dict(found.versions)) == ({"3": "a" * 64}, {"3": "1.0"})


def test_one_command_exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("models.cards.ARTIFACTS", TINY)
    assert main(["export-models", "--out", str(tmp_path / "out"), "--on", "cpu", "--kind", "skin", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["kind"], one["number"], one["added"]) for one in told["models"]] == [("skin", 1, True)]
    assert (tmp_path / "out" / "skin" / "1" / "model.onnx").is_file()
