"""This is the place where it is checked that the card of a photo or signal model is read whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.check_card import CheckCard
from core.domain.checks import CheckKind
from core.errors import ModelUnavailable
from models.check_cards import CARD, as_json, read_check_card
from tests.models.cards import card, written

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", list(CheckKind))
def test_a_card_is_read_as_it_was_written(tmp_path: Path, kind: CheckKind) -> None:
    assert read_check_card(written(tmp_path, kind)) == card(kind)


def changed(tmp_path: Path, change: Callable[[dict[str, Any]], object]) -> CheckCard:
    raw = json.loads(as_json(card(CheckKind.SKIN)))
    change(raw)
    (tmp_path / CARD).write_text(json.dumps(raw), encoding="utf-8")
    return read_check_card(tmp_path)


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("key", lambda raw: raw.update(key="eye")),
        ("version", lambda raw: raw.update(version=" ")),
        ("research", lambda raw: raw.update(research=1)),
        ("meaning", lambda raw: raw["meaning"].pop("zh_Hans")),
        ("limits", lambda raw: raw["limits"].update(en="")),
        ("failures", lambda raw: raw.update(failures=[])),
        ("classes", lambda raw: raw["classes"].reverse()),
        ("data.use", lambda raw: raw["data"][0].update(use="everything")),
        ("people", lambda raw: raw["data"][0].update(people=-1)),
        ("threshold", lambda raw: raw["operating"].update(threshold=True)),
        ("threshold", lambda raw: raw["operating"].update(threshold=10**400)),
        ("figures", lambda raw: raw["figures"][0].update(low=0.99)),
        ("files", lambda raw: raw["files"].update({"../../etc/passwd": "0" * 64})),
        ("files", lambda raw: raw["files"].update({"model.onnx": "0" * 63})),
        ("files.model.onnx", lambda raw: raw["files"].pop("model.onnx")),
        ("attributes", lambda raw: raw["attributes"].reverse()),
        ("attributes", lambda raw: raw["attributes"].append(["invented", {"en": "a", "zh_Hans": "b"}])),
    ],
)
def test_what_is_damaged_is_named(tmp_path: Path, place: str, change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(ModelUnavailable) as found:
        changed(tmp_path, change)
    assert found.value.facts == {"why": "card_damaged", "place": place}


def test_a_missing_card_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable) as found:
        read_check_card(tmp_path)
    assert found.value.facts == {"why": "file_missing", "file": CARD}


@given(st.data())
def test_a_damaged_card_is_a_card_or_an_error_with_a_name(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """One place of the document becomes anything at all."""
    raw = json.loads(as_json(card(CheckKind.RHYTHM)))
    at: Any = raw
    for _ in range(data.draw(st.integers(1, 4))):
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(at[key], dict | list) or not at[key]:
            break
        parent, at = at, at[key]
    else:
        at = parent
    at[key] = data.draw(JSON)
    folder = tmp_path_factory.getbasetemp() / "damaged"
    folder.mkdir(exist_ok=True)
    (folder / CARD).write_text(json.dumps(raw), encoding="utf-8")
    try:
        found = read_check_card(folder)
    except ModelUnavailable as error:
        assert error.facts["why"] in ("card_damaged", "file_damaged")
        return
    assert read_check_card_again(folder, found) == found


def read_check_card_again(folder: Path, found: CheckCard) -> CheckCard:
    (folder / CARD).write_text(as_json(found), encoding="utf-8")
    return read_check_card(folder)


@given(st.binary(max_size=200))
def test_any_bytes_are_no_card(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.getbasetemp() / "bytes"
    folder.mkdir(exist_ok=True)
    (folder / CARD).write_bytes(content)
    with pytest.raises(ModelUnavailable):
        read_check_card(folder)


def test_a_card_that_nobody_could_read_again_is_not_written() -> None:
    with pytest.raises(ValueError, match="failures"):
        as_json(replace(card(CheckKind.SKIN), failures=()))
    with pytest.raises(ValueError, match="JSON"):
        as_json(replace(card(CheckKind.SKIN), operating={"threshold": float("nan")}))
