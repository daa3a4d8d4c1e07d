"""This is the place where tests of trained models get the shipped one, and a person to ask it about."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from core.risk.model_card import Logistic, ModelCard
from models.cards import ARTIFACTS
from models.edge import ShippedModel

FOLDER = ARTIFACTS / "diabetes"
PERSON = {
    "age": 52.0, "sex": 0.0, "bmi": 31.0, "physically_active": 0.0, "smoked_100": 1.0, "smoker": 0.0, "sbp": 131.0, "dbp": 78.0, "pulse": 74.0,
}  # fmt: skip


@cache
def shipped() -> ShippedModel:
    return ShippedModel(FOLDER)


def card() -> ModelCard:
    return shipped().card()


def baseline() -> Logistic:
    return shipped().baseline()


@cache
def report() -> Any:
    return json.loads((FOLDER / "report.json").read_text(encoding="utf-8"))
