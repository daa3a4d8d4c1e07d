"""This is the place where the pages are timed beside a bare Streamlit page: cold start, reruns, and many people at once.

    python -m benchmarks.pages [--sessions 100] [--rounds 4] [--think 5] [--reruns 60]

benchmarks/README.md says how to read the table. Everything stays on this machine; the whole run takes about four minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from websockets.exceptions import WebSocketException

from benchmarks.servers import Server, bare, ours
from benchmarks.visitors import BrokenPage, Visitor, sign_in

PAGES = ("today", "records", "trends")
PATIENTS = ("demo_0", "demo_1")
FAULTS = (OSError, TimeoutError, WebSocketException, BrokenPage, AssertionError)
"""What makes a visit count as failed."""


@dataclass
class Measured:
    """What one server did: seconds, and MB of memory."""

    first_answer: float = 0.0
    first_page: float = 0.0
    alone: dict[str, list[float]] = field(default_factory=dict)
    loads: list[float] = field(default_factory=list)
    crowd: list[float] = field(default_factory=list)
    failed: int = 0
    memory_alone: float = 0.0
    memory_crowd: float = 0.0


@dataclass(frozen=True)
class Plan:
    """How many sessions, reruns of each, seconds between them, and reruns of a lone visitor."""

    sessions: int
    rounds: int
    think: float
    reruns: int


async def measure(server: Server, plan: Plan, pages: Sequence[str], buttons: Sequence[str]) -> Measured:
    """Everything about one server that has just started. `pages` and `buttons` are empty for a bare page."""
    measured = Measured(first_answer=server.answered)
    cookies: list[str] = []
    if buttons:
        for button in buttons:
            cookies.append(await sign_in(server.address, button))
    else:
        cookies.append("")
    visitor = Visitor(server.address, cookies[0])
    first = await visitor.arrive(pages[0] if pages else "")
    measured.first_page = server.answered + first.seconds
    for page in pages or ("",):
        await visitor.go(page)
        measured.alone[page] = [(await visitor.again()).seconds for _ in range(plan.reruns)]
    await visitor.leave()
    measured.memory_alone = server.memory_mb()
    await _crowd(server, plan, pages, cookies, measured)
    measured.memory_crowd = server.memory_mb()
    return measured


async def _crowd(server: Server, plan: Plan, pages: Sequence[str], cookies: Sequence[str], measured: Measured) -> None:
    """Many sessions at once: they arrive one after another within four think times; once all are there, each thinks and
    reruns its page, round after round."""
    chance = random.Random(20261121)
    here = asyncio.Barrier(plan.sessions)

    async def one(number: int) -> None:
        visitor = Visitor(server.address, cookies[number % len(cookies)])
        await asyncio.sleep(4 * plan.think * number / plan.sessions)
        try:
            measured.loads.append((await visitor.arrive(pages[number % len(pages)] if pages else "")).seconds)
        except FAULTS:
            measured.failed += 1
        await here.wait()
        await asyncio.sleep(plan.think * chance.random())
        try:
            for _ in range(plan.rounds):
                measured.crowd.append((await visitor.again()).seconds)
                await asyncio.sleep(plan.think * chance.uniform(0.8, 1.2))
        except FAULTS:
            measured.failed += 1
        finally:
            await visitor.leave()

    await asyncio.gather(*(one(number) for number in range(plan.sessions)))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))] if ordered else float("nan")


def table(results: Sequence[tuple[str, Measured]], plan: Plan) -> str:
    """The table: a row for each thing measured, a column for each server, and ours as a multiple of the bare pages."""
    rows = [("cold start to first answer, s", [m.first_answer for _, m in results])]
    rows.append(("cold start to first page, s", [m.first_page for _, m in results]))
    for page in PAGES:
        runs = [m.alone.get(page) or m.alone[""] for _, m in results]
        rows.append((f"rerun of {page}, p50 ms", [statistics.median(run) * 1000 for run in runs]))
        rows.append((f"rerun of {page}, p95 ms", [percentile(run, 0.95) * 1000 for run in runs]))
    crowd = f"{plan.sessions} sessions, {plan.think:g} s think"
    rows.append((f"{crowd}: first load p50 ms", [percentile(m.loads, 0.5) * 1000 for _, m in results]))
    rows.append((f"{crowd}: first load p95 ms", [percentile(m.loads, 0.95) * 1000 for _, m in results]))
    rows.append((f"{crowd}: rerun p50 ms", [percentile(m.crowd, 0.5) * 1000 for _, m in results]))
    rows.append((f"{crowd}: rerun p95 ms", [percentile(m.crowd, 0.95) * 1000 for _, m in results]))
    rows.append((f"{crowd}: failed", [float(m.failed) for _, m in results]))
    rows.append(("memory after one visitor, MB", [m.memory_alone for _, m in results]))
    rows.append((f"memory with {plan.sessions} sessions, MB", [m.memory_crowd for _, m in results]))
    names = [name for name, _ in results]
    lines = ["| " + " | ".join(["", *names, *(f"x {name}" for name in names[1:])]) + " |", "|---" * (2 * len(names)) + "|"]
    for what, values in rows:
        ratios = [f"{values[0] / other:.2f}" if other else "" for other in values[1:]]
        lines.append("| " + " | ".join([what, *(f"{value:.{2 if value < 10 else 0}f}" for value in values), *ratios]) + " |")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 0 when every goal is met, 1 when one is missed."""
    parser = argparse.ArgumentParser(description="Time the pages beside a bare Streamlit page.")
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--think", type=float, default=5.0)
    parser.add_argument("--reruns", type=int, default=60)
    plan = Plan(**vars(parser.parse_args(argv)))
    results: list[tuple[str, Measured]] = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with ours(home / "data"):
            pass  # the first start makes the demo people; what is timed is every later one
        with ours(home / "data") as server:
            results.append(("Healthboard", asyncio.run(measure(server, plan, PAGES, PATIENTS))))
        with bare(home / "tuned", "bare, same settings", tuned=True) as server:
            results.append((server.name, asyncio.run(measure(server, plan, (), ()))))
        with bare(home / "plain", "bare, Streamlit's defaults", tuned=False) as server:
            results.append((server.name, asyncio.run(measure(server, plan, (), ()))))
    print(table(results, plan))
    missed = goals_missed(results[0][1], results[1][1])
    print("\n" + ("Every goal is met." if not missed else "Missed: " + "; ".join(missed)))
    return 1 if missed else 0


def goals_missed(mine: Measured, other: Measured) -> list[str]:
    """Which goals are missed beside a bare page with the same settings."""
    slowest = max(statistics.median(mine.alone[page]) for page in PAGES)
    goals = (
        ("cold start within 2x", mine.first_page <= 2 * other.first_page),
        ("rerun within 3x", slowest <= 3 * statistics.median(other.alone[""])),
        ("sessions under 500 ms p95", percentile(mine.crowd, 0.95) < 0.5 and not mine.failed),
        ("sessions under 700 MB", mine.memory_crowd < 700),
    )
    return [name for name, met in goals if not met]


if __name__ == "__main__":
    raise SystemExit(main())
