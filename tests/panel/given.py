"""This is the place where the tests of a panel's figures get their made-up people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from core.panel.terms import Row


def people(count: int, seed: int = 7, **more: Any) -> list[Row]:
    """Two kinds of people who differ in everything, some of it not known of some."""
    rng = np.random.default_rng(seed)
    return [replace(_one(number, rng), **more) for number in range(count)]


def _one(number: int, rng: np.random.Generator) -> Row:
    old = number % 2 == 0
    numbers = {
        "sbp": rng.normal(150 if old else 118, 5),
        "hba1c": rng.normal(8.2 if old else 5.4, 0.3),
        "bmi": rng.normal(31 if old else 22, 1.2),
    }
    numbers = {key: float(value) for key, value in numbers.items() if rng.random() < 0.85}
    said = "yes" if old else "no"
    return Row(
        f"p{number:05d}", int(rng.normal(72 if old else 34, 4)), "female" if rng.random() < 0.5 else "male", "europe", "en",
        {"diabetes": said, "hypertension": said, "cvd_known": "unknown"}, "above" if old else "in_target", numbers=numbers,
    )  # fmt: skip


def alike(count: int, seed: int = 7) -> list[Row]:
    """People without any groups among them."""
    rng = np.random.default_rng(seed)
    return [
        Row(
            f"p{number:05d}", int(rng.integers(30, 80)), "female", "europe", "en", {},
            numbers={key: float(rng.uniform(0, 1)) for key in ("sbp", "hba1c", "bmi")},
        )
        for number in range(count)
    ]  # fmt: skip
