"""This is the place where the speed of the equations is measured: PREVENT for a million people beside a plain loop, person by person.

    python -m benchmarks.risk [--people 1000000] [--sample 20000] [--json]

The plain loop is `tests/risk/plain_prevent.py`: the same ten outcomes, written as printed, with Python's own numbers. It is timed on a sample and scaled, and
must give the same answers. Ours includes what the loop leaves out: every limit, every rule, every reason.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

import numpy as np

from core.risk.equation import evaluate
from core.risk.prevent import EQUATIONS
from tests.memory import peak_megabytes
from tests.risk.plain_prevent import risks

GOAL = 100.0
SEED = 20240110


def columns(people: int) -> dict[str, np.ndarray]:
    """People for whom the base model has all ten answers, at random within its limits."""
    random, found = np.random.default_rng(SEED), {}
    for item in EQUATIONS[0].inputs:
        if not item.required:
            found[item.key] = np.zeros(people)
        elif item.kind == "number":
            assert item.low is not None and item.high is not None
            found[item.key] = random.uniform(item.low, item.high, people)
        else:
            found[item.key] = random.integers(0, 2, people).astype(float)
    found["age"] = random.integers(30, 60, people).astype(float)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    given_columns = columns(given.people)
    before, ours = peak_megabytes(), []
    for _ in range(3):
        began = time.perf_counter()
        made = evaluate(EQUATIONS[0], given_columns)
        ours.append(time.perf_counter() - began)
    grown = peak_megabytes() - before
    sample = min(given.sample, given.people)
    rows = [{key: float(column[row]) for key, column in given_columns.items()} for row in range(sample)]
    began = time.perf_counter()
    plain = [risks(row) for row in rows]
    loop = (time.perf_counter() - began) / sample * given.people
    worst = max(abs(float(made.values[key][row]) - value) for row, found in enumerate(plain) for key, value in found.items())
    told = {
        "people": given.people, "ours_s": round(min(ours), 3), "loop_s": round(loop, 1), "ratio": round(loop / min(ours), 1),
        "grown_mb": grown, "worst_difference": worst,
    }  # fmt: skip
    if given.json:
        print(json.dumps(told))
    else:
        print(f"PREVENT, ten outcomes, {given.people:,} people: {told['ours_s']} s, {grown} MB more than the columns given")
        print(f"plain loop: {told['loop_s']} s (timed on {sample:,}, scaled): {told['ratio']}x; largest difference {worst:.1e}")
    met = loop / min(ours) >= GOAL and worst < 1e-12
    print(f"goal, {GOAL:.0f}x and the same answers: {'met' if met else 'MISSED'}", file=sys.stderr)
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
