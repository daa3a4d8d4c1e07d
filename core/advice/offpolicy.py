"""This is the place where an order of cards is judged from looks that another order chose: what share of first cards would have been done under it.

Inverse propensity (Horvitz and Thompson 1952), self-normalised, and doubly robust (Dudik, Langford and Li 2011) with a model of each kind's share fitted on
other people; intervals by drawing people, not looks, with replacement. Nothing is said where too little is left: few people, a small effective sample
(Kish 1965), few done, or choices that the other order never made. Whether one look changes the next is not modelled.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.advice.ranking import Choice

LEAST_PEOPLE, LEAST_EFFECTIVE, LEAST_DONE, MOST_UNSUPPORTED = 30, 100.0, 10, 0.01
"""Below (above) which nothing is said. House limits."""
REPEATS, FOLDS = 400, 5
RARE = 1e-6
"""A chance below which a choice counts as never made."""

Order = Callable[[Choice], str]
"""Which card it puts first."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One look: whose, what was chosen from what, and whether the first card was done."""

    person: str
    choice: Choice
    done: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Judged:
    """What is said of an order. `why` is "" where something can be said, else "few_people", "small_effective_sample", "few_done" or "never_shown"; then
    there are no estimates."""

    order: str
    why: str
    people: int
    looks: int
    effective: float
    unsupported: float
    heaviest: float
    estimates: Mapping[str, Estimate]


def as_the_table_has_it(choice: Choice) -> str:
    return choice.cards[0].rule


def by_the_mean(choice: Choice) -> str:
    """As it ships: the highest mean, of equals the first of the table."""
    return max(choice.cards, key=lambda one: (1 + one.helped) / (2 + one.helped + one.refused)).rule


ORDERS: Mapping[str, Order] = {"table": as_the_table_has_it, "mean": by_the_mean}


def judged(name: str, seen: Sequence[Seen], order: Order, repeats: int = REPEATS) -> Judged:
    """What would have come of it, or why that can't be said. The same looks give the same answer."""
    people = sorted({one.person for one in seen})
    wanted = [order(one.choice) for one in seen]
    chance = np.array([_chance(one.choice, rule) for one, rule in zip(seen, wanted, strict=True)])
    agrees = np.array([one.choice.top == rule for one, rule in zip(seen, wanted, strict=True)], dtype=bool)
    unsupported = float((chance < RARE).mean()) if len(seen) else 0.0
    weight = np.where(agrees & (chance >= RARE), 1 / np.maximum(chance, RARE), 0.0)
    effective = float(weight.sum() ** 2 / (weight**2).sum()) if weight.any() else 0.0
    done = np.array([one.done for one in seen], dtype=float)
    why = ""
    if len(people) < LEAST_PEOPLE:
        why = "few_people"
    elif unsupported > MOST_UNSUPPORTED:
        why = "never_shown"
    elif effective < LEAST_EFFECTIVE:
        why = "small_effective_sample"
    elif done[weight > 0].sum() < LEAST_DONE:
        why = "few_done"
    whose = np.searchsorted(people, [one.person for one in seen]) if seen else np.zeros(0, int)
    estimates = {} if why else _estimates(seen, wanted, (weight, done, whose), repeats)
    return Judged(name, why, len(people), len(seen), effective, unsupported, float(weight.max(initial=0.0)), estimates)


def _chance(choice: Choice, rule: str) -> float:
    return next(one.chance for one in choice.cards if one.rule == rule)


def _estimates(
    seen: Sequence[Seen], wanted: Sequence[str], columns: tuple[np.ndarray, np.ndarray, np.ndarray], repeats: int
) -> dict[str, Estimate]:
    weight, done, whose = columns
    expected, of_shown = _modelled(seen, wanted, done)
    count = int(whose.max()) + 1
    sums = {
        "looks": np.ones_like(done), "weight": weight, "weighted": weight * done, "robust": expected + weight * (done - of_shown),
    }  # fmt: skip
    by_person = {key: np.bincount(whose, one, minlength=count) for key, one in sums.items()}
    drawn = np.random.default_rng(len(seen)).multinomial(count, np.full(count, 1 / count), size=repeats)
    every = np.vstack([np.ones(count, dtype=int), drawn])
    total = {key: every @ one for key, one in by_person.items()}
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {
            "inverse_propensity": total["weighted"] / total["looks"],
            "self_normalised": total["weighted"] / total["weight"],
            "doubly_robust": total["robust"] / total["looks"],
        }
    return {
        key: Estimate(float(one[0]), *(float(end) for end in np.nanquantile(one[1:], (0.025, 0.975)))) for key, one in found.items()
    }


def _modelled(seen: Sequence[Seen], wanted: Sequence[str], done: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the share of a kind among other people says of the card that was wanted, and of the one that was shown."""
    kinds = [{card.rule: card.kind for card in one.choice.cards} for one in seen]
    shown = [names[one.choice.top] for names, one in zip(kinds, seen, strict=True)]
    fold = np.array([zlib.crc32(one.person.encode()) % FOLDS for one in seen])
    expected, of_shown = np.zeros(len(seen)), np.zeros(len(seen))
    for number in range(FOLDS):
        counts: dict[str, list[float]] = {}
        for at in np.flatnonzero(fold != number).tolist():
            pair = counts.setdefault(shown[at], [1.0, 2.0])
            pair[0] += done[at]
            pair[1] += 1
        share = {kind: one / of for kind, (one, of) in counts.items()}
        for at in np.flatnonzero(fold == number).tolist():
            expected[at] = share.get(kinds[at][wanted[at]], 0.5)
            of_shown[at] = share.get(shown[at], 0.5)
    return expected, of_shown
