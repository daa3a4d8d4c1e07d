"""This is the place where it is checked that the drawings of checks hold: the body's places, its sides, what it reports, and the demo's marker card."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.domain.checks import BODY_PLACES, CheckKind
from core.samples import photos
from core.ui import check_body, check_card, check_pictures
from core.ui.check_body import Where
from core.ui.words import languages, words
from models.cards import ARTIFACTS
from models.check_cards import read_check_card
from models.image_check import marker


def test_every_place_can_be_chosen_on_one_side_of_the_body() -> None:
    found = {code.partition(".")[0] for view in check_body.VIEWS for code in check_body.choices(view)}
    assert found == set(BODY_PLACES)


@pytest.mark.parametrize("view", check_body.VIEWS)
def test_a_place_of_the_list_is_found_again_on_the_drawing(view: str) -> None:
    codes = check_body.choices(view)
    assert [check_body.code_of(check_body.middle(view, code)) for code in codes] == list(codes)
    assert all(0 <= one.x <= 1 and 0 <= one.y <= 1 for one in (check_body.middle(view, code) for code in codes))


def test_left_is_the_persons_left_from_both_sides() -> None:
    front, back = check_body.middle("front", "arm.left"), check_body.middle("back", "arm.left")
    assert front.x > 0.5 > back.x
    assert check_body.named(words("en"), front) == "Upper arm, left, front"


@pytest.mark.parametrize("language", languages())
def test_a_place_is_named_without_a_code(language: str) -> None:
    t = words(language)
    named = [check_body.named(t, check_body.middle(view, code)) for view in check_body.VIEWS for code in check_body.choices(view)]
    assert not [one for one in named if "." in one or "_" in one]
    assert check_body.named(t, Where("unheard_of", "front", 0.5, 0.5)).startswith(t("photo.somewhere"))


anything = st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=9), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("place", "view", "x", "y", "z")), inner, max_size=4), max_leaves=6)


@given(state=st.dictionaries(st.just("place"), anything))
def test_what_a_browser_reports_is_a_point_or_nothing(state: dict[str, object]) -> None:
    found = check_body.told(state)
    assert found is None or (0 <= found.x <= 1 and 0 <= found.y <= 1 and found.view in check_body.VIEWS)


def test_a_tap_is_taken_as_it_is_reported() -> None:
    assert check_body.told({"place": {"view": "back", "place": "back", "x": 0.5, "y": 0.25}}) == Where("back", "back", 0.5, 0.25)


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe0broken", b"\x89PNG\r\n\x1a\nbroken"])
def test_a_picture_that_cannot_be_read_is_no_picture(content: bytes) -> None:
    assert check_pictures.shown(content) == ""
    assert "cannot" in check_pictures.figure("", "alt", missing="This picture cannot be shown.")


def test_a_picture_is_made_small_and_its_words_are_escaped() -> None:
    address = check_pictures.shown(photos.skin(1, photos.Spot(0.1, 0.1)), 64)
    assert address.startswith("data:image/jpeg;base64,")
    assert len(address) < 6_000
    assert "<b>" not in check_pictures.figure(address, '"><b>')


def test_the_marker_of_the_demo_is_the_one_that_is_found() -> None:
    assert np.array_equal(np.array([[cell == "1" for cell in row] for row in photos.PATTERN]), marker.PATTERN)
    with Image.open(io.BytesIO(photos.wound(43, 0.15, marked=True))) as opened:
        found = marker.find(np.asarray(opened.convert("RGB")))
    assert found is not None
    side = int(photos.SIDE * 0.2) // 6 * 6
    assert found.side_px == pytest.approx(side, rel=0.03)


def test_the_drawn_pictures_are_the_same_every_time() -> None:
    assert photos.wound(5, 0.1) == photos.wound(5, 0.1)
    assert photos.pulse(5, 4, irregular=True) == photos.pulse(5, 4, irregular=True) != photos.pulse(5, 4, irregular=False)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", CheckKind)
def test_every_figure_of_a_shipped_card_is_named_in_words(kind: CheckKind, language: str) -> None:
    t = words(language)
    shown = read_check_card(ARTIFACTS / kind.value).figures
    assert [one.key for one in shown if not t.has("check_figure." + one.key)] == []
    for of in {one.of for one in shown} - {"all"}:
        assert check_card.group(t, of) != t("check_of.other", name=of.replace("_", " ").replace(".", ": ")), of
