"""This is the place where what the quality gate did is counted and written down: in numbers for report.json, and as a page for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.domain.checks import CheckKind
from models.image_check.quality import LIMITS, judged
from models.training.degrading import DEGRADATIONS, LEVELS
from models.training.measures import wilson

GOOD_PASS, POOR_REFUSED = 0.80, 0.50
"""The bars: of good photos at least so many pass while of poor ones at least so many are refused."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A picture's measures: of a person (or a family of strangers), in a half, as "good", a degradation or "stranger", at a level."""

    kind: CheckKind
    person: str
    half: str
    skin_type: int
    made: str
    level: str
    measures: Mapping[str, float]

    def plain(self) -> dict[str, Any]:
        return asdict(self) | {"kind": self.kind.value}

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Measured:
        return cls(**{**raw, "kind": CheckKind(raw["kind"])})

    @property
    def reasons(self) -> tuple[str, ...]:
        return judged(self.kind, self.measures)


def report(rows: Sequence[Measured]) -> dict[str, Any]:
    """Everything that is said about the gate, by kind and half; shares between 0 and 1 with 95 % Wilson intervals."""
    return {
        "bars": {"good_pass": GOOD_PASS, "poor_refused": POOR_REFUSED},
        "limits": [asdict(limit) for limit in LIMITS],
        "steps": {name: dict(zip(LEVELS, amounts, strict=True)) for name, (_, amounts) in DEGRADATIONS.items()},
        "kinds": {
            kind.value: {half: _half([row for row in rows if row.kind is kind and row.half == half]) for half in ("set", "report")}
            for kind in (CheckKind.SKIN, CheckKind.WOUND)
        },
    }


def _half(rows: Sequence[Measured]) -> dict[str, Any]:
    good = [row for row in rows if row.made == "good"]
    poor = [row for row in rows if row.made in DEGRADATIONS]
    strange = [row for row in rows if row.made == "stranger"]
    passed, refused = _share(good, lambda row: not row.reasons), _share(poor, lambda row: bool(row.reasons))
    return {
        "people": len({row.person for row in good}),
        "good_pass": passed,
        "good_pass_by_skin_type": {str(one): _share([row for row in good if row.skin_type == one], lambda row: not row.reasons) for one in sorted({row.skin_type for row in good}) if one},
        "poor_refused": refused,
        "by_degradation": {
            name: {level: _share([row for row in poor if row.made == name and row.level == level], lambda row: bool(row.reasons)) for level in LEVELS}
            for name in DEGRADATIONS
        },
        "reasons_of_good": _counts(good),
        "reasons_of_poor": {name: _counts([row for row in poor if row.made == name]) for name in DEGRADATIONS},
        "strangers_refused": {family: _share([row for row in strange if row.person == family], lambda row: bool(row.reasons)) for family in sorted({row.person for row in strange})},
        "bars_met": bool(good) and passed["value"] >= GOOD_PASS and refused["value"] >= POOR_REFUSED,
    }  # fmt: skip


def _share(rows: Sequence[Measured], holds: Callable[[Measured], bool]) -> dict[str, Any]:
    hits = sum(map(holds, rows))
    if not rows:
        return {"value": None, "low": None, "high": None, "of": 0}
    low, high = wilson(hits, len(rows))
    return {"value": round(hits / len(rows), 4), "low": round(low, 4), "high": round(high, 4), "of": len(rows)}


def _counts(rows: Sequence[Measured]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        for reason in row.reasons:
            found[reason] = found.get(reason, 0) + 1
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def document(found: Mapping[str, Any]) -> str:
    """The page docs/models/GATE.md."""
    lines = [*_INTRODUCTION]
    for kind, title in (("skin", "Skin spots (PAD-UFES-20)"), ("wound", "Wounds (FUSeg)")):
        tuned, told = found["kinds"][kind]["set"], found["kinds"][kind]["report"]
        lines += ["", f"## {title}", ""]
        lines += [f"Good photos that pass: **{_said(told['good_pass'])}** (bar {GOOD_PASS:.0%}); on the half the limits were set on: {_said(tuned['good_pass'])}."]
        lines += [f"Poor photos that are refused, all steps together: **{_said(told['poor_refused'])}** (bar {POOR_REFUSED:.0%}); on the other half: {_said(tuned['poor_refused'])}.", ""]
        lines += ["| made poor | mild | moderate | severe |", "|---|---|---|---|"]
        lines += [f"| {name} | " + " | ".join(_percent(one[level]) for level in LEVELS) + " |" for name, one in told["by_degradation"].items()]
        if told["good_pass_by_skin_type"]:
            lines += ["", "Good photos that pass, by skin type as recorded: " + ", ".join(f"{one}: {_said(share)}" for one, share in told["good_pass_by_skin_type"].items()) + "."]
        lines += ["", "Why good photos were refused: " + (", ".join(f"{name} {count}" for name, count in told["reasons_of_good"].items()) or "none was") + "."]
        if told["strangers_refused"]:
            lines += ["", "Pictures that are no skin, refused by the gate alone (those that pass are left to the model's own distance): " + ", ".join(f"{name} {_percent(one)}" for name, one in told["strangers_refused"].items()) + "."]
    lines += ["", "## Limits", "", "| reason | measure | | skin | wound | why there |", "|---|---|---|---|---|---|"]
    lines += [f"| {one['reason']} | {one['measure']} | {'below' if one['below'] else 'above'} | {one['skin']:g} | {one['wound']:g} | {one['why']} |" for one in found["limits"]]
    return "\n".join(lines) + "\n"


def _percent(share: Mapping[str, Any]) -> str:
    return "–" if share["value"] is None else f"{share['value']:.0%}"


def _said(share: Mapping[str, Any]) -> str:
    return "–" if share["value"] is None else f"{share['value']:.0%} ({share['low']:.0%} to {share['high']:.0%}, {share['of']} photos)"


_INTRODUCTION = (
    "# The quality gate",
    "",
    "Written by `python -m models.training.gate --data DIR --document docs/models/GATE.md`.",
    "",
    "Before a photo is checked, ten numbers are measured in it (`models/image_check/measuring.py`) and held against one table of limits",
    "(`models/image_check/quality.py`). A photo that breaks one is refused with the reason and what to do about it; no model sees it.",
    "",
    "The limits were set on one half of the people and are reported on the other. A photo is made poor in eight ways, each in three steps",
    "(`models/training/degrading.py`); the mild steps are often still good enough to be checked, and are counted as poor all the same.",
    "",
    "What is not known: the shared photos were chosen by clinicians, so the good ones are better than those people will send; no skin of types V and VI is",
    "among the photos of spots. Drawn patches of all six types pass (`tests/models/test_photo_quality.py`): that shows that no limit refuses a dark",
    "tone by itself, not how the gate does on photos of people. `too_near` is only said of a wound that fills the photo, after the model has drawn it.",
)
