"""This is the place where the rhythm model is trained: python -m models.training.rhythm --data DIR --out DIR"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from models.training import pulses as people
from models.training.pulses import AF, Pulses

SHIPPED = Path(__file__).resolve().parents[1] / "artifacts" / "rhythm"
PROBABILITY, FIGURE = 0.05, 0.02
"""How far a probability of the frozen set and a figure of the report may be from what ships: float32 sums differ between processors."""
TRIED_ON = 300
"""Kept-back segments on which disturbances are tried."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The people it learns from and the people kept back, and what was found in reading them."""

    learnt: Pulses
    kept: Pulses
    seen: dict[str, object]


def main(argv: list[str] | None = None) -> int:
    """Train, measure and write, or with --check compare with what ships. 0: written (or the same within tolerance), 1: not the same, 2: the data cannot
    be used. Stopped, the same command goes on: finished folds are in --work."""
    asked = _arguments(argv)
    try:
        pulses, seen = people.read(asked.data)
    except people.DataRefused as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    learnt, kept = people.shared_out(pulses)
    parts = Parts(pulses.of(np.isin(pulses.person, learnt)), pulses.of(np.isin(pulses.person, kept)), seen)
    from models.training.rhythm_building import build  # TensorFlow starts here

    out = asked.work / "checked" if asked.check else asked.out
    logs = asked.work / "logs" if find_spec("tensorboard") else None
    report = build(parts, out, asked.work / "cache", logs, only=tuple(filter(None, asked.tried.split(","))))
    _say(report)
    return _verdict(compare(out, SHIPPED)) if asked.check else 0


def compare(folder: Path, shipped: Path) -> dict[str, tuple[float, float]]:
    """By name: (the largest difference from what ships, what is allowed)."""
    here, there = (json.loads((one / "report.json").read_text(encoding="utf-8")) for one in (folder, shipped))
    with np.load(folder / "parity.npz") as new, np.load(shipped / "parity.npz") as old:
        af = [_af(one["logits"]) for one in (new, old)]
    names = ("auroc", "sensitivity", "ectopic_called_af")
    off = {
        f"test.{name}": (abs(here["test"]["figures"][name]["value"] - there["test"]["figures"][name]["value"]), FIGURE)
        for name in names
    }
    return {"probability": (float(np.abs(af[0] - af[1]).max()), PROBABILITY), **off}


def _af(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: np.ndarray = raised[:, AF] / raised.sum(axis=1)
    return found


def _verdict(off: dict[str, tuple[float, float]]) -> int:
    for name, (found, allowed) in off.items():
        sys.stdout.write(f"{name}: off by {found:.2g} (allowed {allowed:g})\n")
    return int(any(not found <= allowed for found, allowed in off.values()))


def _say(report: dict[str, Any]) -> None:
    for part in ("unseen", "test"):
        told = report[part]["figures"]
        said = ", ".join(
            f"{name} {told[name]['value']} ({told[name]['low']} to {told[name]['high']})"
            for name in ("auroc", "sensitivity", "ectopic_called_af")
        )
        sys.stdout.write(f"{part}: {said}\n")


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m models.training.rhythm", description="Train and measure the rhythm check; reproduce what ships."
    )
    parser.add_argument("--data", type=Path, required=True, help=f"the folder with {people.FILE}")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="where the files go (default: models/artifacts/rhythm)")
    parser.add_argument(
        "--work",
        type=Path,
        default=Path(".healthboard/rhythm"),
        help="finished folds and TensorBoard logs (default: .healthboard/rhythm)",
    )
    parser.add_argument("--check", action="store_true", help="train into --work and compare with what ships")
    parser.add_argument(
        "--tried", default="", metavar="NAMES", help="the networks that are compared, such as cnn,gru (default: all; cnn ships)"
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
