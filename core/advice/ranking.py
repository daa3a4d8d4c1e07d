"""This is the place where cards of the same severity get their order, from which kinds of advice helped this person: the Beta(1, 1) after "done" and
"not for me".

By its mean; or, where trying out is turned on, by one draw of it for each card, a day and a person (Thompson 1933): the same on every rerun of that day.
No card passes a graver one, urgent ones stay as the table has them, and nothing is hidden. What is "later" counts for neither side.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.advice.terms import Outcome, Severity

_HELPED, _NOT = "done", "not_for_me"
_GRID = 1000
Counts = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A card as the order sees it: its rule, its kind, how often that kind was done and refused by this person, and how likely it was to come first."""

    rule: str
    kind: str
    helped: int
    refused: int
    chance: float


@dataclass(frozen=True, slots=True)
class Choice:
    """One severity on one look: the cards in the table's order, and which came first."""

    severity: int
    cards: tuple[Candidate, ...]
    top: str


def counted(answers: Iterable[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """By kind: (done, not for me), of (kind, what was said) pairs."""
    found: dict[str, tuple[int, int]] = {}
    for kind, said in answers:
        done, refused = found.get(kind, (0, 0))
        found[kind] = done + (said == _HELPED), refused + (said == _NOT)
    return found


def usefulness(answers: Iterable[tuple[str, str]]) -> dict[str, float]:
    """By kind: (1 + done) / (2 + done + not for me). The same answers in any order give the same numbers."""
    return {kind: _mean(*counts) for kind, counts in counted(answers).items()}


def ordered(cards: Sequence[Outcome], kinds: Mapping[str, str], counts: Counts, coin: str = "") -> list[Outcome]:
    """The cards as they are shown; those given stand in the table's order. `coin` names the person and the day where trying out is on."""

    def weight(one: Outcome) -> tuple[int, float]:
        if one.severity is Severity.URGENT:
            return -one.severity, 0.0
        done, refused = counts.get(kinds[one.rule], (0, 0))
        return -one.severity, -(_drawn(coin, one.rule, done, refused) if coin else _mean(done, refused))

    return sorted(cards, key=weight)


def choices(shown: Sequence[Outcome], kinds: Mapping[str, str], counts: Counts, *, tried: bool) -> tuple[Choice, ...]:
    """What was chosen on this look, for each severity below urgent of which there are at least two cards; `kinds` is in the table's order."""
    place = {rule: at for at, rule in enumerate(kinds)}
    made = []
    for severity in sorted({one.severity for one in shown if one.severity is not Severity.URGENT}, reverse=True):
        group = [one.rule for one in shown if one.severity == severity]
        if len(group) < 2:
            continue
        inside = sorted(group, key=lambda rule: place[rule])
        pairs = [counts.get(kinds[rule], (0, 0)) for rule in inside]
        chances = first_chances(pairs) if tried else [float(rule == group[0]) for rule in inside]
        cards = tuple(
            Candidate(rule, kinds[rule], *pair, chance) for rule, pair, chance in zip(inside, pairs, chances, strict=True)
        )
        made.append(Choice(int(severity), cards, group[0]))
    return tuple(made)


def first_chances(pairs: Sequence[tuple[int, int]]) -> list[float]:
    """How likely each of independent draws of Beta(1 + done, 1 + refused) is the largest: the integral of its density times the others' distribution
    functions, on a fine grid. They add up to one."""
    at = (np.arange(_GRID) + 0.5) / _GRID
    done, refused = np.array(pairs, dtype=float).T
    logs = done[:, None] * np.log(at) + refused[:, None] * np.log1p(-at)
    density = np.exp(logs - logs.max(axis=1, keepdims=True))
    density /= density.sum(axis=1, keepdims=True)
    below = np.cumsum(density, axis=1) - density / 2
    ones = np.ones((1, _GRID))
    before, after = np.cumprod(np.vstack([ones, below[:-1]]), axis=0), np.cumprod(np.vstack([ones, below[:0:-1]]), axis=0)[::-1]
    found = (density * before * after).sum(axis=1)
    return [float(one) for one in found / found.sum()]


def _mean(done: int, refused: int) -> float:
    return (1 + done) / (2 + done + refused)


def _drawn(coin: str, rule: str, done: int, refused: int) -> float:
    return random.Random(f"{coin}|{rule}").betavariate(1 + done, 1 + refused)  # noqa: S311 - it must be the same again
