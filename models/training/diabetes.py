"""This is the place where the comparison with people told that they have diabetes is trained: python -m models.training.diabetes --data DIR"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from models.training import survey
from models.training.reporting import TOLERANCE, Plain, report

SHIPPED = Path(__file__).resolve().parents[1] / "artifacts" / "diabetes"
FIGURES = 0.01
"""How far a figure of the report (an AUROC, a share) may move."""


def main(argv: list[str] | None = None) -> int:
    """Train on the table in --data and compare with what is shipped; write it where nothing is there yet, or with --replace. 0: the same within
    tolerance (or written), 1: not the same, 2: the data cannot be used."""
    asked = _arguments(argv)
    try:
        table = survey.read(survey.find(asked.data), any_data=asked.any_data)
    except (survey.DataRefused, OSError) as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    from models.training.building import build  # TensorFlow starts here
    from models.training.card import written

    built = build(table)
    found = report(built)
    _say(found)
    differences = compare(found, asked.out)
    if asked.check or (differences is not None and not asked.replace):
        return _verdict(differences, asked.out)
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, content in written(built, found).items():
        (asked.out / name).write_bytes(content)
    sys.stdout.write(f"written to {asked.out.name}/\n")
    return 0


def compare(found: Plain, folder: Path) -> dict[str, float] | None:
    """The largest difference from the shipped report: probabilities of each file, and figures of the model. None where nothing is shipped."""
    path = folder / "report.json"
    if not path.is_file():
        return None
    shipped = json.loads(path.read_text(encoding="utf-8"))
    here = json.loads(json.dumps(found))
    off = {}
    for name, old in shipped["probe"]["probabilities"].items():
        off[name] = float(np.abs(np.subtract(here["probe"]["probabilities"][name], old)).max())
    pairs = [
        (old["value"], here["test"][way]["model"][name]["value"])
        for way, parts in shipped["test"].items() for name, old in parts["model"].items()
    ]  # fmt: skip
    off["figures"] = max(abs(old - new) for old, new in pairs)
    off["choice"] = float(here["choice"]["chosen"] != shipped["choice"]["chosen"] or here["cut"] != shipped["cut"])
    return off


def _verdict(differences: dict[str, float] | None, folder: Path) -> int:
    if differences is None:
        sys.stderr.write(f"nothing to compare with in {folder.name}/\n")
        return 1
    allowed = {"figures": FIGURES, "choice": 0.0}
    beyond = [name for name, off in differences.items() if not off <= allowed.get(name, TOLERANCE)]
    for name, off in differences.items():
        sys.stdout.write(f"{name}: off by {off:.2g} (allowed {allowed.get(name, TOLERANCE):g})\n")
    sys.stdout.write("not the same: " + ", ".join(beyond) + "\n" if beyond else "the same as the shipped files, which stay as they are\n")
    return 1 if beyond else 0


def _say(found: Plain) -> None:
    """The figures that matter, in a few lines."""
    plain = json.loads(json.dumps(found))
    for one in plain["choice"]["candidates"]:
        behind = one["auroc_behind_best"]
        sys.stdout.write(f"{one['name']:20} AUROC {one['auroc']['value']:.3f}, behind the best {behind['value']:.4f} [{behind['low']:.4f}, {behind['high']:.4f}]\n")
    sys.stdout.write(f"chosen: {plain['choice']['chosen']}, cut {plain['cut']['value']}\n")
    for way, parts in plain["test"].items():
        said = ", ".join(f"{n} {parts['model'][n]['value']:.3f}" for n in ("auroc", "calibration_slope", "sensitivity", "specificity"))
        sys.stdout.write(f"kept back, {way}: {said}\n")
    sys.stdout.write(f"may be shown: {plain['shown']}\n")


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.training.diabetes", description="Train and evaluate the comparison; reproduce what ships.")
    parser.add_argument("--data", type=Path, required=True, help="the folder with nhanes_2009_10.csv")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="where the files are, or go (default: models/artifacts/diabetes)")
    parser.add_argument("--check", action="store_true", help="compare with the files there and write nothing")
    parser.add_argument("--replace", action="store_true", help="write over the files there")
    parser.add_argument("--any-data", action="store_true", help="take another table than the one the shipped files were made from")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
