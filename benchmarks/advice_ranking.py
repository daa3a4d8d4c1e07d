"""This is the place where the order of advice is measured on made-up people of whom it is known what they would do: whether an order can be judged from
looks that another order chose, and whether the order that ships does better than the table's own.

    python -m benchmarks.advice_ranking [--people 200] [--days 30] [--cohorts 40] [--seed 7] [--json]

Each person has a share for each kind of advice (a Beta about the kind's own, made up): with that chance the card that comes first is done. The logged order
is drawn (`core.advice.ranking`, trying out on); what the same looks would have come to under another order is known exactly, since the shares are known.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from core.advice.offpolicy import ORDERS, Judged, Order, Seen, judged
from core.advice.ranking import Candidate, Choice, choices, ordered
from core.advice.terms import Outcome, Severity

LEVELS = {"screening": 0.10, "vaccine": 0.18, "lifestyle": 0.30, "talk": 0.22}
"""By kind: the middle of people's shares (made up), in the table's order: what is done least comes first."""
SPREAD = 6.0
"""How alike people are: the size of the Beta about the middle (made up)."""
CARDS = tuple((f"{kind}_{at}", kind) for kind in LEVELS for at in range(2))
KINDS = dict(CARDS)
_STATES = 0.35
"""How often a person answers with "not for me" what they don't do."""


def cohort(
    people: int, days: int, rng: np.random.Generator, order: Order | None = None
) -> tuple[list[Seen], list[dict[str, float]]]:
    """Looks, each with the shares of whoever looked. `order` None: drawn, with chances; else always that one."""
    seen, truth = [], []
    for number in range(people):
        shares = {kind: float(rng.beta(level * SPREAD, (1 - level) * SPREAD)) for kind, level in LEVELS.items()}
        counts: dict[str, tuple[int, int]] = {}
        for day in range(days):
            offered = [rule for rule, _ in CARDS if rng.random() < 0.7]
            if len(offered) < 2:
                continue
            choice = _choice(offered, counts, f"{number}|{day}|{rng.integers(1 << 30)}", order)
            kind = KINDS[choice.top]
            done = bool(rng.random() < shares[kind])
            seen.append(Seen(f"p{number:05d}", choice, done))
            truth.append(shares)
            helped, refused = counts.get(kind, (0, 0))
            counts[kind] = helped + done, refused + (not done and rng.random() < _STATES)
    return seen, truth


def _choice(offered: Sequence[str], counts: dict[str, tuple[int, int]], coin: str, order: Order | None) -> Choice:
    cards = [Outcome(rule, "card", Severity.WORTH_DOING) for rule in offered]
    if order is None:
        (made,) = choices(ordered(cards, KINDS, counts, coin), KINDS, counts, tried=True)
        return made
    candidates = tuple(Candidate(rule, KINDS[rule], *counts.get(KINDS[rule], (0, 0)), 0.0) for rule in offered)
    made = Choice(int(Severity.WORTH_DOING), candidates, candidates[0].rule)
    return replace(made, top=order(made))


def known(seen: Sequence[Seen], truth: Sequence[dict[str, float]], order: Order) -> float:
    """What the same looks would have come to under this order."""
    return float(np.mean([shares[KINDS[order(one.choice)]] for one, shares in zip(seen, truth, strict=True)]))


def coverage(people: int, days: int, cohorts: int, seed: int) -> dict[str, Any]:
    """How often the 95 % interval holds the truth, and how far off the estimate is, for each order and each estimator."""
    hits: dict[str, dict[str, list[bool]]] = {name: {} for name in ORDERS}
    off: dict[str, dict[str, list[float]]] = {name: {} for name in ORDERS}
    declined = dict.fromkeys(ORDERS, 0)
    for number in range(cohorts):
        seen, truth = cohort(people, days, np.random.default_rng((seed, number)))
        for name, order in ORDERS.items():
            found, real = judged(name, seen, order), known(seen, truth, order)
            declined[name] += bool(found.why)
            for key, one in found.estimates.items():
                hits[name].setdefault(key, []).append(one.low <= real <= one.high)
                off[name].setdefault(key, []).append(one.value - real)
    return {
        name: {
            "declined": declined[name],
            "estimators": {
                key: {"covered": float(np.mean(ok)), "bias": float(np.mean(off[name][key])), "rmse": float(np.sqrt(np.mean(np.square(off[name][key]))))}
                for key, ok in hits[name].items()
            },
        }
        for name in ORDERS
    }  # fmt: skip


def played(people: int, days: int, cohorts: int, seed: int) -> dict[str, Any]:
    """What each order really comes to, when it is the one that is shown; and the one that ships less the table's, person by person."""
    rates: dict[str, list[float]] = {name: [] for name in (*ORDERS, "drawn")}
    for number in range(cohorts):
        for name in rates:
            seen, truth = cohort(people, days, np.random.default_rng((seed, number, 1)), ORDERS.get(name))
            rates[name].append(float(np.mean([shares[KINDS[one.choice.top]] for one, shares in zip(seen, truth, strict=True)])))
    apart = np.subtract(rates["mean"], rates["table"])
    room = 1.96 * float(apart.std(ddof=1)) / len(apart) ** 0.5
    middle = float(apart.mean())
    return {
        "shares": {name: float(np.mean(one)) for name, one in rates.items()},
        "mean_less_table": [middle, middle - room, middle + room],
    }


def small(seed: int) -> list[Judged]:
    """The same questions of twenty people, and of people whose order was never drawn: nothing may be said of the other order."""
    few, _ = cohort(20, 10, np.random.default_rng(seed))
    fixed, _ = cohort(200, 20, np.random.default_rng(seed), ORDERS["mean"])
    told = [
        replace(
            one,
            choice=replace(
                one.choice, cards=tuple(replace(card, chance=float(card.rule == one.choice.top)) for card in one.choice.cards)
            ),
        )
        for one in fixed
    ]
    return [
        judged("few people, table", few, ORDERS["table"]),
        judged("never drawn, table", told, ORDERS["table"]),
        judged("never drawn, mean", told, ORDERS["mean"]),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--cohorts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    size = (given.people, given.days, given.cohorts, given.seed)
    refused = small(given.seed)
    result = {
        "size": size[:3], "coverage": coverage(*size), "played": played(*size),
        "refused": [{"asked": one.order, "why": one.why, "effective": one.effective} for one in refused],
    }  # fmt: skip
    missed = _missed(result)
    sys.stdout.write(json.dumps(result | {"missed": missed}, indent=2) + "\n" if given.json else _said(result, missed))
    return 1 if missed else 0


def _missed(result: dict[str, Any]) -> list[str]:
    """Goals: intervals hold the truth in at least 90 % of cohorts; the order that ships isn't worse; where too little is known nothing is said."""
    missed = [
        f"{name}, {key}: {one['covered']:.0%} covered"
        for name, found in result["coverage"].items()
        for key, one in found["estimators"].items()
        if one["covered"] < 0.9
    ]
    missed += [f"{name}: nothing could be said" for name, found in result["coverage"].items() if not found["estimators"]]
    if result["played"]["mean_less_table"][1] < 0:
        missed.append("the order that ships may be worse than the table's")
    if [one["why"] for one in result["refused"]] != ["few_people", "never_shown", ""]:
        missed.append("something was said where too little is known, or nothing where enough is")
    return missed


def _said(result: dict[str, Any], missed: list[str]) -> str:
    people, days, cohorts = result["size"]
    lines = [
        f"{cohorts} cohorts of {people} people, {days} days; order drawn",
        "order   estimator            covered     bias     rmse",
    ]
    for name, found in result["coverage"].items():
        lines += [
            f"{name:7} {key:20} {one['covered']:7.1%} {one['bias']:+8.4f} {one['rmse']:8.4f}"
            for key, one in found["estimators"].items()
        ]
        if found["declined"]:
            lines.append(f"{name:7} nothing said in {found['declined']} cohorts")
    shares = ", ".join(f"{name} {share:.4f}" for name, share in result["played"]["shares"].items())
    middle, low, high = result["played"]["mean_less_table"]
    lines += [
        f"share of first cards done when shown: {shares}",
        f"order that ships less the table's: {middle:+.4f} (95 % {low:+.4f} to {high:+.4f})",
    ]
    lines += [f"{one['asked']}: {one['why'] or 'said'} (effective sample {one['effective']:.0f})" for one in result["refused"]]
    return "\n".join([*lines, "missed: " + "; ".join(missed) if missed else "all goals met"]) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
