"""This is the place where it is counted what a whole check says of pictures it should say nothing about, and how many real photos it declines.

    python -m models.training.outsiders [--data DIR] [--each 20] [--document FILE]

The frozen pictures that are no skin (models/training/strangers.py) go through the gate, the model and the decision of each kind that ships: not one may get
a finding. With --data, so do the shared photos: of the kind the model knows (how many are declined, and why), dermoscopy, and rooms without anybody. No
TensorFlow; only numbers are written.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from tqdm import tqdm

from core.domain.check_media import CleanPhoto
from core.domain.checks import PHOTO_KINDS, CheckKind, Declined
from models.cards import ARTIFACTS
from models.decisions import Decisions
from models.image_check.checking import check_photo
from models.runner import Runner
from models.runners import EdgeRunner
from models.training.strangers import Stranger, frozen

GROUPS = {
    "photos it knows": {CheckKind.SKIN: "pad-ufes-20/images", CheckKind.WOUND: "fuseg-256/train/images"},
    "dermoscopy": dict.fromkeys(PHOTO_KINDS, "ham10000-384x288/images"),
    "rooms without anybody": dict.fromkeys(PHOTO_KINDS, "azh-wound/BG"),
}
"""Folders of shared/data/images that are asked about as well. The model has learned from most of the photos it knows: what it declines of people it
never saw stands in its own report."""


def said(kind: CheckKind, pixels: np.ndarray, runner: Runner, decisions: Decisions) -> str:
    """What a check says of a picture: a decision of DECISIONS, or why it says nothing."""
    answer = check_photo(kind, CleanPhoto(b"", "", pixels), None, runner, decisions).result.answer
    return answer.why if isinstance(answer, Declined) else answer.decision


def counted(
    kind: CheckKind, pictures: Iterable[tuple[str, np.ndarray]], runner: Runner, decisions: Decisions
) -> dict[str, dict[str, int]]:
    """{family: {what is said: how often}} of (family, picture)."""
    found: dict[str, Counter[str]] = {}
    for family, pixels in pictures:
        found.setdefault(family, Counter())[said(kind, pixels, runner, decisions)] += 1
    return {family: dict(counts.most_common()) for family, counts in found.items()}


def report(kinds: Iterable[CheckKind], strangers: list[Stranger], data: Path | None, every: int) -> dict[str, Any]:
    """Everything that is said, by kind. `findings`: how many pictures that are no skin got one."""
    runner, decisions = EdgeRunner(ARTIFACTS), Decisions(ARTIFACTS)
    found: dict[str, Any] = {}
    for kind in kinds:
        by_family = counted(
            kind,
            tqdm([(one.family, one.pixels) for one in strangers], desc=f"{kind.value}: strangers", file=sys.stderr),
            runner,
            decisions,
        )
        real = (
            {}
            if data is None
            else counted(
                kind, tqdm(list(_real(kind, data, every)), desc=f"{kind.value}: photos", file=sys.stderr), runner, decisions
            )
        )
        findings = sum(count for counts in by_family.values() for what, count in counts.items() if what not in _NOTHING)
        found[kind.value] = {"strangers": len(strangers), "findings": findings, "by_family": by_family, "photos": real}
    return found


_NOTHING = frozenset({"poor_quality", "out_of_distribution", "uncertain", "not_reassured"})


def _real(kind: CheckKind, data: Path, every: int) -> Iterator[tuple[str, np.ndarray]]:
    for group, folders in GROUPS.items():
        for path in sorted((data / "images" / folders[kind]).iterdir())[::every]:
            with Image.open(path) as opened:
                yield group, np.asarray(opened.convert("RGB"))


def document(found: dict[str, Any]) -> str:
    """The page for people."""
    lines = list(_INTRODUCTION)
    for kind, told in found.items():
        lines += ["", f"## {kind}", "", f"Findings on {told['strangers']} pictures that are no skin: **{told['findings']}**.", ""]
        columns = sorted({what for counts in [*told["by_family"].values(), *told["photos"].values()] for what in counts})
        lines += ["| pictures | " + " | ".join(columns) + " |", "|---|" + "---|" * len(columns)]
        for family, counts in [*told["by_family"].items(), *((f"*{name}*", one) for name, one in told["photos"].items())]:
            lines.append(f"| {family} | " + " | ".join(str(counts.get(what, 0) or "") for what in columns) + " |")
    return "\n".join(lines) + "\n"


_INTRODUCTION = (
    "# Pictures a check says nothing about",
    "",
    "Written by `python -m models.training.outsiders --data DIR --document docs/models/OUTSIDERS.md`.",
    "",
    "Each picture goes through the gate (`poor_quality`), the model's own distance (`out_of_distribution`) and its abstain band (`uncertain`). The pictures",
    "that are no skin are drawn by `models/training/strangers.py`; half of their families were never seen by whoever set a limit.",
    "In italics: shared photos. The model has learned from most of those it knows; what it declines of people it never saw stands in its own report.",
)


def main(argv: list[str] | None = None) -> int:
    """Count and write; 1 where a picture that is no skin got a finding."""
    parser = argparse.ArgumentParser(
        prog="python -m models.training.outsiders", description="Count what a check says of pictures it should say nothing about."
    )
    parser.add_argument("--data", type=Path, help="the folder with images/: then shared photos are asked about too")
    parser.add_argument("--each", type=int, default=20, help="pictures of each family (default: 20)")
    parser.add_argument("--every", type=int, default=1, help="of the shared photos each N-th (default: all)")
    parser.add_argument(
        "--out", type=Path, default=ARTIFACTS / "gate", help="where outsiders.json goes (default: models/artifacts/gate)"
    )
    parser.add_argument("--document", type=Path, help="where the same is written for people")
    given = parser.parse_args(argv)
    kinds = [kind for kind in PHOTO_KINDS if (ARTIFACTS / kind.value / "card.json").exists()]
    found = report(kinds, list(frozen(given.each)), given.data, given.every)
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "outsiders.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    text = document(found)
    if given.document:
        given.document.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 1 if any(one["findings"] for one in found.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
