"""This is the place where the wound check is trained: python -m models.training.wound --data DIR --out DIR"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from models.training import wound_photos

SHIPPED = Path(__file__).resolve().parents[1] / "artifacts" / "wound"
TOLERANCE = {"dice": 0.03, "dice_pooled": 0.03, "said": 0.1, "area_off_median": 0.05}
"""How far a figure of photos kept back may move: with several threads TensorFlow does not sum in the same order twice."""


def main(argv: list[str] | None = None) -> int:
    """Train, measure and write, or with --check compare with what ships. 0: written (or the same within tolerance), 1: not the same, 2: the data cannot be
    used. Stopped, the same command goes on from the last round kept in --work."""
    asked = _arguments(argv)
    try:
        photos = wound_photos.read(asked.data)
    except (wound_photos.PhotosRefused, OSError) as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    from models.training import wound_building, wound_card, wound_fit  # TensorFlow starts here

    wound_fit.steady(asked.threads)
    out = asked.work / "checked" if asked.check else asked.out
    out.mkdir(parents=True, exist_ok=True)
    decision, report = wound_building.build(photos, asked.data, out, asked.work, lambda said: print(said, flush=True))  # noqa: T201
    wound_card.write(out, decision, report)
    return _verdict(compare(report, SHIPPED)) if asked.check else 0


def compare(report: dict[str, Any], folder: Path) -> dict[str, float]:
    """By name of figure: how far it is from that of the shipped report."""
    shipped = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return {name: abs(report["test"][name]["value"] - shipped["test"][name]["value"]) for name in TOLERANCE}


def _verdict(off: dict[str, float]) -> int:
    for name, found in off.items():
        sys.stdout.write(f"{name}: off by {found:.2g} (allowed {TOLERANCE[name]:g})\n")
    return int(any(not found <= TOLERANCE[name] for name, found in off.items()))


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m models.training.wound", description="Train and measure the wound check; reproduce what ships."
    )
    parser.add_argument("--data", type=Path, required=True, help=f"the folder with {wound_photos.FOLDER} and weights/")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="where the files go (default: models/artifacts/wound)")
    parser.add_argument(
        "--work",
        type=Path,
        default=Path(".healthboard/wound"),
        help="rounds made so far and TensorBoard logs (default: .healthboard/wound)",
    )
    parser.add_argument("--threads", type=int, default=2, help="threads of TensorFlow (default: 2)")
    parser.add_argument("--check", action="store_true", help="train into --work and compare with what ships")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
