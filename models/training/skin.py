"""This is the place where the skin-spot model is trained: python -m models.training.skin --data DIR [--out DIR] [--check]"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

SHIPPED = Path(__file__).resolve().parents[1] / "artifacts" / "skin"
CACHE = Path(__file__).resolve().parents[2] / ".healthboard" / "training" / "skin"
FIGURES = 0.02
"""How far an AUROC or a share of the report may move when the model is trained again."""
SCORES = 0.02
"""... and a probability of the frozen set."""


def main(argv: list[str] | None = None) -> int:
    """Train, measure and write into --out; with --check train and compare with what is there. 0: written, or the same within tolerance, 1: not the same,
    2: the data or the weights cannot be used."""
    asked = _arguments(argv)
    from threadpoolctl import threadpool_limits

    from models.training import backbone, photos  # TensorFlow starts here
    from models.training.network import steady

    steady()
    threadpool_limits(1)  # small matrices: more threads only wait for one another, and one always sums in the same order
    try:
        data = photos.read(asked.data, asked.reviewed)
        from models.training.skin_shipping import ship, trained

        built = trained(data, asked.data, asked.cache, dermoscopy(asked.data))
    except (photos.DataRefused, backbone.WeightsRefused) as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    for key in ("cross_validation", "nested", "test"):
        sys.stdout.write(f"{key}: AUROC {built.report[key]['auroc']}\n")
    if asked.check:
        return compare(built.report, asked.out or SHIPPED)
    ship(built, asked.out)
    sys.stdout.write(f"written to {asked.out.name}/\n")
    return 0


def compare(found: dict, folder: Path) -> int:
    """Hold figures and the frozen set against report.json of a folder."""
    try:
        shipped = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        sys.stderr.write(f"nothing to compare with in {folder.name}/\n")
        return 1
    off = {
        f"{part} {name}": (abs(shipped[part][name]["value"] - found[part][name]["value"]), FIGURES)
        for part in ("cross_validation", "test") for name in ("auroc", "sensitivity", "specificity")
    }  # fmt: skip
    off["frozen set"] = (float(np.abs(np.subtract(shipped["probe"], found["probe"])).max()), SCORES)
    for name, (by, allowed) in off.items():
        sys.stdout.write(f"{name}: off by {by:.2g} (allowed {allowed:g})\n")
    same = all(by <= allowed for by, allowed in off.values())
    sys.stdout.write("the same as the shipped files\n" if same else "not the same\n")
    return 0 if same else 1


def dermoscopy(data: Path) -> list[Path]:
    """Dermoscopy pictures to see that they are declined (HAM10000, CC BY-NC: looked at, never learned from); none where they are not there."""
    return sorted((data / "images" / "ham10000-384x288" / "images").glob("*.jpg"))


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.training.skin", description="Train and measure the skin-spot model.")
    parser.add_argument("--data", type=Path, required=True, help="the folder with images/pad-ufes-20 and weights")
    parser.add_argument(
        "--out", type=Path, help="where the files go; with --check where they are (default then: models/artifacts/skin)"
    )
    parser.add_argument(
        "--cache",
        type=Path,
        default=CACHE,
        help="where features and logs are kept between runs (default: .healthboard/training/skin)",
    )
    parser.add_argument("--reviewed", type=Path, help="a folder with labels.csv and images/ of checks that clinicians decided")
    parser.add_argument("--check", action="store_true", help="compare with the files there and write nothing but the cache")
    asked = parser.parse_args(argv)
    if asked.out is None and not asked.check:
        parser.error("--out is needed: the Keras file stands there too, and does not ship")
    return asked


if __name__ == "__main__":
    sys.exit(main())
