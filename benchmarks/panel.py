"""This is the place where the figures of a panel are measured: how long they take for how many people, whether groups that are there are found again, whether groups
that aren't there are called stable, how often chance is named a gap, whether weeks lie within their interval, and how far counts that leave lie from the true ones.

    python -m benchmarks.panel [--people 10000] [--seed 7] [--json]

The people are made up: three kinds with levels of their own, a part of whose values was never measured; and people who differ by degrees only.
"""

from __future__ import annotations

import argparse
import json
import sys
from time import perf_counter
from typing import Any

import numpy as np

from core.panel.capacity import Hours, expected, plan
from core.panel.cohorts import cohorts, rand_index
from core.panel.noise import noised, within
from core.panel.shares import counted, gaps
from core.panel.terms import OUTSIDE, Row

KINDS = ((74, 152, 6.1, 28, 0.2, 0.9), (61, 134, 8.4, 33, 0.95, 0.5), (38, 118, 5.3, 23, 0.02, 0.03))
"""Age, upper pressure, HbA1c, body mass index; the share with diabetes and with high blood pressure (made up)."""
SPREAD = (6, 9, 0.5, 2.5)
KNOWN, PANELS, WEEKS = 0.8, 20, 200


def people(count: int, seed: int, *, kinds: bool = True) -> tuple[list[Row], np.ndarray]:
    """Made-up people and which kind each is of; without kinds everybody lies somewhere between the first and the last."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(len(KINDS), size=count)
    rows = []
    for at in range(count):
        share = rng.random()
        level = (
            KINDS[kind[at]]
            if kinds
            else tuple(share * one + (1 - share) * other for one, other in zip(KINDS[0], KINDS[2], strict=True))
        )
        age, *numbers = (rng.normal(one, spread) for one, spread in zip(level[:4], SPREAD, strict=True))
        known = {key: float(value) for key, value in zip(("sbp", "hba1c", "bmi"), numbers, strict=True) if rng.random() < KNOWN}
        told = {
            key: ("yes" if rng.random() < chance else "no") if rng.random() < KNOWN else "unknown"
            for key, chance in (("diabetes", level[4]), ("hypertension", level[5]))
        }
        state = "unknown" if "sbp" not in known else "above" if known["sbp"] >= 135 else "in_target"
        rows.append(Row(f"p{at:06d}", int(max(18, age)), ("female", "male")[rng.integers(2)], ("us", "europe")[rng.integers(2)], "en", told, state, numbers=known))  # fmt: skip
    return rows, kind


def timed(rows: list[Row]) -> dict[str, float]:
    """Seconds for each kind of figure."""
    found = {}
    for name, make in (("tables", counted), ("gaps", gaps), ("groups", cohorts)):
        begun = perf_counter()
        make(rows)
        found[name] = perf_counter() - begun
    return found


def recovered(count: int, seed: int) -> dict[str, Any]:
    """How well three kinds are found, and how they are called."""
    rows, kind = people(count, seed)
    found = cohorts(rows)
    group = {one: cohort.number - 1 for cohort in found.groups for one in cohort.people}
    both = [(group[row.person_id], int(kind[at])) for at, row in enumerate(rows) if row.person_id in group]
    agreement = rand_index(*(np.array(side) for side in zip(*both, strict=True))) if both else 0.0
    return {
        "groups": [(one.size, round(one.jaccard, 3), one.says) for one in found.groups],
        "left_out": found.left_out,
        "agreement_with_truth": agreement,
    }


def by_degrees(seed: int) -> dict[str, int]:
    """Of panels without kinds: in how many no groups are named, or only ones that are not stable."""
    found = [cohorts(people(300, seed + at, kinds=False)[0]) for at in range(PANELS)]
    named = sum(any(one.says == "stable" for one in each.groups) for each in found)
    return {"panels": PANELS, "no_groups": sum(each.why == "no_groups" for each in found), "some_called_stable": named}


def chance_gaps(seed: int) -> dict[str, int]:
    """Of panels in which no group differs: how many comparisons there are, and in how many panels any is named a gap."""
    found = [gaps(people(400, seed + at)[0]) for at in range(PANELS)]
    same = [
        [one for one in each if one.dimension in ("sex", "region") and one.outcome == "pressure" and one.says != "too_few"]
        for each in found
    ]
    return {
        "panels": PANELS,
        "comparisons": sum(map(len, same)),
        "panels_with_a_false_gap": sum(any(one.says != "no_difference" for one in each) for each in same),
    }


def coverage(seed: int) -> dict[str, float]:
    """The share of weeks within their 90 % interval, with days that swing by chance alone and with days that swing three times as much."""
    rng, rates = np.random.default_rng(seed), np.resize([12, 9, 9, 8, 7, 1, 0.5], 56)
    found = {}
    for swing in (1.0, 3.0):

        def drawn(of: np.ndarray, swing: float = swing) -> np.ndarray:
            return rng.poisson(of) if swing == 1 else rng.negative_binomial(of / (swing - 1), 1 / swing)

        inside = 0
        for _ in range(WEEKS):
            one = expected("review", drawn(rates).tolist(), 0)
            inside += one.low <= int(drawn(rates[:7]).sum()) <= one.high
        found[f"swing_{swing:g}"] = inside / WEEKS
    return found


def outside(rows: list[Row]) -> dict[str, dict[str, float]]:
    """How far counts with noise lie from the true ones, by what a release spends: the mean, and what is promised for 95 of 100."""
    true = counted(rows)
    found = {}
    for epsilon in (0.5, 1.0, 2.0):
        each = epsilon / len(OUTSIDE)
        off = [
            abs(one - other)
            for table in OUTSIDE
            for one, other in zip(noised(tuple(true[table].values()), each), true[table].values(), strict=True)
        ]
        found[f"{epsilon:g}"] = {
            "mean_off": float(np.mean(off)),
            "within_95": within(each),
            "share_within": float(np.mean([one <= within(each) for one in off])),
        }
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    small, _ = people(max(1, given.people // 4), given.seed)
    rows, _ = people(given.people, given.seed)
    timed(small[:200])  # what is loaded once
    before, after = timed(small), timed(rows)
    begun = perf_counter()
    plan([expected("review", [7] * 56, 0)], {"review": 20}, Hours((6.0,) * 7), 0)
    found: dict[str, Any] = {
        "people": given.people, "seed": given.seed, "seconds": after | {"plan": perf_counter() - begun},
        "growth_for_four_times_the_people": {name: after[name] / max(before[name], 1e-9) for name in after},
        "three_kinds": recovered(given.people, given.seed), "by_degrees": by_degrees(given.seed), "chance": chance_gaps(given.seed),
        "weeks_within_90": coverage(given.seed), "outside_by_epsilon": outside(rows),
    }  # fmt: skip
    if given.json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return 0
    for name, value in found.items():
        print(f"{name}: {json.dumps(value)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
