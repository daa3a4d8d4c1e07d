"""This is the place where what the training of the rhythm model is built on is checked: nobody on both sides, honest refusals, steady drawing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.domain.checks import RHYTHM_CLASSES
from models.signal_check.deciding import AF, SINUS
from models.training.drawn_signals import PULSES, STRANGERS, drawn
from models.training.pulses import FILE, DataRefused, Pulses, folds, read, shared_out
from models.training.rhythm_choosing import MISSED, MOST_ECTOPIC, chosen, place
from models.training.rhythm_noise import GRADES, augmented


def written(folder: Path, **arrays: np.ndarray) -> Path:
    path = folder / FILE
    path.parent.mkdir(parents=True)
    np.savez(path, **arrays)  # type: ignore[arg-type]
    return folder


def invented(people: int = 12, each: int = 10) -> Pulses:
    """People with more and more AF."""
    random = np.random.default_rng(3)
    person = np.repeat([f"P{at:02}" for at in range(people)], each)
    label = np.concatenate(
        [np.where(np.arange(each) < at * each // people, AF, random.integers(0, 5, each)) for at in range(people)]
    )
    raw = random.integers(0, 60000, (people * each, 1000))
    return Pulses(raw, raw.astype(np.float32), label, person)


def test_nobody_is_learnt_from_and_tested_on() -> None:
    pulses = invented(32)
    learnt, kept = shared_out(pulses)
    assert len(kept) == 8 and not set(learnt) & set(kept) and set(learnt) | set(kept) == set(pulses.person)
    with_af = {str(name) for name in np.unique(pulses.person) if pulses.af[pulses.person == name].mean() > 0.3}
    assert with_af & set(kept) and with_af & set(learnt)
    assert [list(one) for one in shared_out(pulses)] == [list(learnt), list(kept)]


def test_a_person_is_in_one_fold_alone_and_every_fold_has_af() -> None:
    pulses = invented()
    place_of = folds(pulses)
    for name in np.unique(pulses.person):
        assert len(set(place_of[pulses.person == name])) == 1
    assert all(pulses.af[place_of == fold].sum() for fold in np.unique(place_of))


def test_a_segment_of_two_people_is_refused_and_a_copy_is_left_out(tmp_path: Path) -> None:
    pulses = invented(2, 3)
    raw = np.concatenate([pulses.raw, pulses.raw[:1]])
    label = np.append(pulses.label, pulses.label[0])
    found, seen = read(written(tmp_path / "copy", ppg=raw, label=label, subject=np.append(pulses.person, pulses.person[0])))
    assert len(found) == 6 and seen["twice"] == 1
    with pytest.raises(DataRefused, match="of two people"):
        read(written(tmp_path / "leak", ppg=raw, label=label, subject=np.append(pulses.person, pulses.person[-1])))


@pytest.mark.parametrize("wrong", [{"ppg": np.zeros((6, 900))}, {"label": np.full(6, 9)}, {"subject": np.array(["a"] * 5)}])
def test_other_arrays_are_refused(tmp_path: Path, wrong: dict[str, np.ndarray]) -> None:
    pulses = invented(2, 3)
    with pytest.raises(DataRefused):
        read(written(tmp_path, **{"ppg": pulses.raw, "label": pulses.label, "subject": pulses.person, **wrong}))
    with pytest.raises(DataRefused, match="there is no"):
        read(tmp_path / "nothing")


def test_the_cuts_hold_on_what_they_were_chosen_on() -> None:
    random = np.random.default_rng(5)
    label = np.repeat(np.arange(6), 200)
    logits = random.normal(0, 1.5, (1200, 6))
    logits[np.arange(1200), label] += 3
    pulses = Pulses(np.zeros((1200, 1)), np.zeros((1200, 1)), label, np.repeat("P", 1200))
    cuts = chosen(logits, pulses)
    scaled = np.exp(logits / cuts.temperature)
    classes = scaled / scaled.sum(axis=1, keepdims=True)
    ectopic = np.isin(label, [RHYTHM_CLASSES.index("pvc"), RHYTHM_CLASSES.index("pac")])
    assert (classes[ectopic, AF] >= cuts.threshold).mean() <= MOST_ECTOPIC
    assert (classes[label == AF, AF] < cuts.abstain_low).mean() <= MISSED + 0.01
    assert cuts.abstain_low <= cuts.threshold <= cuts.abstain_high
    others = ~np.isin(label, (AF, SINUS))
    assert ((classes[:, AF] < cuts.abstain_low) & (classes[:, SINUS] >= cuts.sinus_least))[others].mean() <= 0.11


def test_the_distance_limit_keeps_what_was_seen_and_refuses_what_is_far() -> None:
    seen = np.random.default_rng(1).normal(0, 1, (2000, 32))
    mean, inverse, limit = place(seen)
    far = np.sqrt(np.einsum("ni,ij,nj->n", seen + 6 - mean, inverse, seen + 6 - mean))
    near = np.sqrt(np.einsum("ni,ij,nj->n", seen - mean, inverse, seen - mean))
    assert (near <= limit).mean() > 0.99 and (far > limit).all()


def test_drawing_and_disturbing_are_the_same_again_with_the_same_seed() -> None:
    for kinds in (PULSES, STRANGERS):
        first, again, other = (drawn(kinds, 2, seed)[0] for seed in (1, 1, 2))
        assert np.array_equal(first, again) and not np.array_equal(first, other) and np.isfinite(first).all()
    x = drawn(PULSES, 2, 1)[0].astype(np.float32)
    assert np.array_equal(augmented(x, np.random.default_rng(1)), augmented(x, np.random.default_rng(1)))
    for how, levels in GRADES.values():
        assert how(x, levels[0], np.random.default_rng(1)).shape == x.shape


def test_a_network_of_both_kinds_is_trained_and_ships_its_map() -> None:
    pytest.importorskip("tensorflow", reason="training needs requirements-train.txt")
    from models.training.rhythm_final import folded, shipped
    from models.training.rhythm_network import Recipe, outputs, train

    x, names = drawn(PULSES, 64, 1)
    scaled = ((x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)).astype(np.float32)
    label = np.array([{"regular": SINUS, "irregular": AF, "early": 1, "fast": 4}[name] for name in names])
    pulses = Pulses(x, scaled, label, np.repeat(["P0", "P1"], 128))
    for kind in ("cnn", "gru"):
        networks = [train(pulses, Recipe(kind=kind, width=8, epochs=1, seed=seed)) for seed in (1, 2)]
        mean = np.mean([outputs(one, scaled[:4])["logits"] for one in networks], axis=0)
        told = outputs(shipped(networks, 2.0, scaled), scaled[:4])
        assert (
            told["logits"] == pytest.approx(mean / 2, abs=0.01)
            and told["cam"].shape == (4, 63)
            and told["embedding"].shape == (4, 32)
        )
        bias = np.mean([one.get_layer("logits").get_weights()[1] for one in networks], axis=0)
        speaks = (mean - bias)[:, AF] - np.delete(mean - bias, AF, axis=1).mean(axis=1)
        assert told["cam"].mean(axis=1) == pytest.approx(speaks, abs=0.02), "the map adds up to the logit"
    whole = train(pulses, Recipe(width=8, epochs=1))
    assert outputs(folded(whole, Recipe(width=8)), scaled[:4])["logits"] == pytest.approx(
        outputs(whole, scaled[:4])["logits"], abs=0.02
    )
