"""This is the place where the training of the skin-spot model is checked on tiny invented pictures, where what it needs is installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("sklearn", reason="training needs requirements-train.txt")
pytest.importorskip("tensorflow", reason="training needs requirements-train.txt")

from models.training import augmenting, photos, skin, skin_head, skin_network

LABELS = ("ACK", "BCC", "MEL", "NEV", "SCC", "SEK")


def folder(at: Path, people: int = 12) -> Path:
    (at / "images").mkdir(parents=True)
    drawn = skin_network.drawn_spots(people)
    rows = ["pid,patient_id,diagnostic,age,region,fitspatrick,gender,itch,grew"]
    for n, pixels in enumerate(drawn):
        Image.fromarray(pixels).save(at / "images" / f"P_{n}.png")
        rows.append(f"P_{n},PAT_{n},{LABELS[n % 6]},{20 + n},FACE,{1 + n % 4}.0,MALE,True,UNK")
    (at / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    return at


def test_what_was_not_answered_stays_unanswered(tmp_path: Path) -> None:
    facts = photos.read(folder(tmp_path / "d")).all[0].facts
    assert (facts.place, facts.skin_type, dict(facts.symptoms)) == ("face", 1, {"itch": True})


def test_a_damaged_photo_is_left_out_and_counted(tmp_path: Path) -> None:
    root = folder(tmp_path / "d")
    (root / "images" / "P_3.png").write_bytes(b"no picture")
    found = photos.read(root)
    assert (len(found.all), found.left_out["unreadable"]) == (11, 1)


def test_one_picture_under_two_people_stops_the_training(tmp_path: Path) -> None:
    root = folder(tmp_path / "d")
    (root / "images" / "P_3.png").write_bytes((root / "images" / "P_4.png").read_bytes())
    assert skin.main(["--data", str(root), "--out", str(tmp_path / "out")]) == 2


def test_nobody_is_in_two_parts(tmp_path: Path) -> None:
    found = photos.read(folder(tmp_path / "d"))
    kept = photos.test_part(found)
    assert kept.any() and not set(found.person[kept]) & set(found.person[~kept])
    fold = photos.folds(found, 3, 0)
    assert all(len(set(fold[found.person == person])) == 1 for person in found.person)


def test_copies_are_the_same_for_the_same_seed_and_others_for_another() -> None:
    pixels = skin_network.drawn_spots(1)[0]
    first, again, other = (augmenting.copies(pixels, 64, seed, 3) for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_the_head_finds_a_class_that_is_there_and_the_same_one_again() -> None:
    random = np.random.default_rng(0)
    label = random.integers(0, 6, 120)
    features = random.normal(size=(120, 2, 12)) + 3 * np.eye(12)[label][:, None]
    head, again = (skin_head.fit(features, label, skin_head.Recipe(12, 0.01)) for _ in range(2))
    assert np.allclose(head.weights, again.weights)
    odds = skin_head.soon_logit(head.logits(features[:, 0]))
    assert ((odds > 0) == skin_head.SOON[label]).mean() > 0.8
