"""This is the place where training itself is checked, where what it needs is installed (requirements-train.txt; the app never needs it)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("sklearn", reason="training needs requirements-train.txt")
pytest.importorskip("tensorflow", reason="training needs requirements-train.txt")

from models.edge import EdgeModel
from models.training import diabetes, fit, network
from models.training.survey import INPUTS, People


@pytest.fixture(scope="module", autouse=True)
def _steady() -> None:
    network.steady()


def invented(count: int = 400) -> People:
    """People whose label depends on age and weight."""
    random = np.random.default_rng(7)
    x = pd.DataFrame({key: random.uniform(0, 1, count) for key in INPUTS})
    x["age"], x["bmi"] = random.uniform(20, 79, count), random.uniform(18, 45, count)
    p = 1 / (1 + np.exp(-(0.06 * (x["age"] - 50) + 0.1 * (x["bmi"] - 30))))
    y = (random.uniform(0, 1, count) < p.to_numpy()).astype(float)
    units = np.array([f"{n % 10}-{n % 3}" for n in range(count)])
    return People(x, y, units, np.ones(count), np.full(count, "White"), np.full(count, np.nan))


def test_the_file_of_a_logistic_model_answers_as_its_coefficients() -> None:
    people = invented()
    fitted = fit.fit(people, fit.SETS["cuff"], 1.0)
    answers = EdgeModel(network.logistic_file(fitted), len(fitted.inputs)).predict(people.x[list(fitted.inputs)].to_numpy())
    assert answers == pytest.approx(fitted.predict(people.x), abs=1e-6)


def test_the_file_of_the_network_answers_as_the_network() -> None:
    people = invented()
    model = network.train(people, network.Recipe(0.01, 0.2, 2))
    answers = EdgeModel(network.network_file(model, None), len(INPUTS)).predict(people.x.to_numpy())
    assert answers == pytest.approx(network.predict(model, people), abs=1e-5)


def test_the_network_is_trained_the_same_again() -> None:
    people = invented()
    first, again = (network.predict(network.train(people, network.Recipe(0.01, 0.2, 2)), people) for _ in range(2))
    assert first == pytest.approx(again, abs=1e-6)


def test_nobody_is_predicted_by_a_model_that_saw_them_or_a_neighbour() -> None:
    people = invented()

    def check(others: People, fold: People) -> np.ndarray:
        assert not set(others.unit) & set(fold.unit)
        return np.zeros(len(fold))

    fit.unseen(people, check)


@pytest.mark.slow
def test_training_again_gives_the_shipped_files(shared_data: Path) -> None:
    assert diabetes.main(["--data", str(shared_data / "tabular"), "--check"]) == 0
