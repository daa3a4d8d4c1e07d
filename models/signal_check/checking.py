"""This is the place where a pulse signal is checked: the gate first, then the model, and an answer or a reason for each ten seconds, and for the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from core.domain.check_media import Checked, CleanSignal
from core.domain.checks import QUALITY_REASONS, CheckKind, CheckResult, Declined, Finding, Quality
from core.errors import ModelUnavailable
from models.runner import Answered, Runner
from models.signal_check.deciding import RhythmDecision, decide, distances, probabilities
from models.signal_check.drawing import trace
from models.signal_check.preparing import filtered, standardised
from models.signal_check.quality import gates

AT_ONCE = 256
"""Segments given to a runner at a time."""
LEAST = 3
"""Answered segments of a recording, half a minute: as long as an ECG has to be for atrial fibrillation to be diagnosed in it (Hindricks, ESC 2020)."""
SHARE = 0.5
"""Of the segments that were answered or uncertain, so many have to be possibly irregular before the recording is."""
CLEAR = 0.8
"""So many have to be without irregularity, and none possibly irregular, before nothing is seen in the recording."""


def check(signal: CleanSignal, runner: Runner, decision: RhythmDecision | None, *, draw: bool = True) -> tuple[Checked, ...]:
    """One answer for each segment, in its order. A model that cannot answer (`decision` None: its files cannot be used) is a declined result, never an error
    and never an all-clear. `draw`: whether each answer gets its picture."""
    found: list[Checked] = []
    for start in range(0, len(signal.segments), AT_ONCE):
        found += checked(signal.segments[start : start + AT_ONCE], runner, decision, draw=draw)
    return tuple(found)


def checked(segments: np.ndarray, runner: Runner, decision: RhythmDecision | None, *, draw: bool = False) -> list[Checked]:
    """(n, 1000) at 100 Hz -> one answer each."""
    band = filtered(segments)
    qualities, ready = gates(segments, band), standardised(segments, band)
    good = [row for row, quality in enumerate(qualities) if quality.ok]
    try:
        answered = runner.run(CheckKind.RHYTHM, ready[good]) if good and decision else None
    except ModelUnavailable:
        answered = None
    place = {row: at for at, row in enumerate(good)}
    found = []
    for row, quality in enumerate(qualities):
        result = _result(quality, answered, place.get(row), decision)
        cam = answered.outputs["cam"][place[row]] if answered and row in place and _is_irregular(result) else None
        found.append(Checked(result, trace(ready[row], cam) if draw else b""))
    return found


def _is_irregular(result: CheckResult) -> bool:
    return isinstance(result.answer, Finding) and result.answer.decision == "possible_irregular"


def _result(quality: Quality, answered: Answered | None, at: int | None, decision: RhythmDecision | None) -> CheckResult:
    if at is None:
        return CheckResult(CheckKind.RHYTHM, quality, Declined("poor_quality", quality.reasons))
    pulse = round(quality.measures["pulse"], 1)
    if answered is None or decision is None:
        return CheckResult(CheckKind.RHYTHM, quality, Declined("model_unavailable"), pulse=pulse)
    classes = probabilities(answered.outputs["logits"][at], decision.temperature)
    distance = float(distances(answered.outputs["embedding"][at][None], decision)[0])
    answer, leaning = decide(classes, distance, decision)
    return CheckResult(CheckKind.RHYTHM, quality, answer, distance, answered.model, leaning, pulse)


def overall(results: Sequence[CheckResult]) -> CheckResult:
    """The answer for a recording of many segments. Fewer than LEAST that the model could say anything about: poor quality, with the most frequent
    reasons. Else possibly irregular from SHARE of them on, no irregularity seen from CLEAR on where none is possibly irregular, uncertain between."""
    heard = [one for one in results if one.leaning is not None and not _is(one.answer, "out_of_distribution")]
    if len(heard) < LEAST:
        return _unheard(results)
    classes = np.mean([[p for _, p in one.leaning.classes] for one in heard if one.leaning], axis=0)
    names = [name for name, _ in heard[0].leaning.classes] if heard[0].leaning else []
    af = float(np.mean([one.leaning.probability for one in heard if one.leaning and one.leaning.probability is not None]))
    irregular = sum(_is_irregular(one) for one in heard) / len(heard)
    clear = sum(isinstance(one.answer, Finding) and not _is_irregular(one) for one in heard) / len(heard)
    named = tuple((name, float(p)) for name, p in zip(names, classes, strict=True))
    leaning = Finding("possible_irregular" if irregular >= SHARE else "no_irregularity_seen", af, named)
    says = irregular >= SHARE or (irregular == 0 and clear >= CLEAR)
    return CheckResult(
        CheckKind.RHYTHM, Quality((), {"seconds": 10.0 * len(results), "heard": float(len(heard))}), leaning if says else Declined("uncertain"),
        float(np.median([one.distance for one in heard if one.distance is not None])), heard[0].model, leaning, _pulse(heard),
    )  # fmt: skip


def _unheard(results: Sequence[CheckResult]) -> CheckResult:
    """Too little to say anything: why, for the whole."""
    whys = Counter(one.answer.why for one in results if isinstance(one.answer, Declined))
    reasons = Counter(reason for one in results for reason in one.quality.reasons)
    often = tuple(reason for reason in QUALITY_REASONS if reasons[reason] * 4 >= len(results) > 0)
    measures = {"seconds": 10.0 * len(results)}
    good = [one for one in results if one.quality.ok]
    for why in ("model_unavailable", "out_of_distribution"):
        if whys[why] and 2 * whys[why] >= len(results):
            return CheckResult(
                CheckKind.RHYTHM,
                Quality((), measures),
                Declined(why),
                model=next((one.model for one in good if one.model), None),
                pulse=_pulse(good),
            )
    quality = Quality(often or ("signal_too_short",), measures)
    return CheckResult(CheckKind.RHYTHM, quality, Declined("poor_quality", quality.reasons), pulse=_pulse(good))


def _pulse(results: Sequence[CheckResult]) -> float | None:
    found = [one.pulse for one in results if one.pulse is not None]
    return round(float(np.median(found)), 1) if found else None


def _is(answer: Finding | Declined, why: str) -> bool:
    return isinstance(answer, Declined) and answer.why == why
