"""This is the place where the answers about each ten seconds of a pulse recording become one answer about the recording.

A check of ten seconds is wrong now and then; of a long recording one such piece would make every other one look irregular. So the pieces vote, and where
they don't agree the recording says nothing and goes to the team: neither an alarm nor an all-clear rests on a minority.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import fmean, median

from core.domain.checks import CheckKind, CheckResult, Declined, Finding, Quality

LEAST_SHARE = 0.5
"""Our choice: at least half of the pieces that answered have to say "irregular", and at least half of all pieces have to answer."""


def joined(results: Sequence[CheckResult]) -> CheckResult:
    """One result of a recording: "possible_irregular" where at least half of the pieces that answered say so; "no_irregularity_seen" where none does and
    at least half of all answered; else declined: as "model_unavailable" where a piece is still to be asked about, as "uncertain", or for the reason that most
    pieces have where none answered. The pulse is the median. ValueError without pieces."""
    if not results:
        raise ValueError("a recording has at least one piece")
    if len(results) == 1:
        return results[0]
    found = [one.answer for one in results if isinstance(one.answer, Finding)]
    irregular = [one for one in found if one.decision == "possible_irregular"]
    answer, leaning = _answered(results, found, irregular)
    pulses = [one.pulse for one in results if one.pulse is not None]
    distances = [one.distance for one in results if one.distance is not None]
    model = next((one.model for one in results if one.model is not None), None)
    return CheckResult(
        CheckKind.RHYTHM,
        _quality(results, answer),
        answer,
        median(distances) if distances else None,
        model,
        leaning,
        median(pulses) if pulses else None,
    )


def loudest(results: Sequence[CheckResult]) -> int:
    """Which piece shows best what the joined answer rests on: the first that speaks most for an irregular rhythm."""
    return max(range(len(results)), key=lambda at: (_speaks(results[at]), -at))


def _answered(
    results: Sequence[CheckResult], found: list[Finding], irregular: list[Finding]
) -> tuple[Finding | Declined, Finding | None]:
    declined = [one.answer for one in results if isinstance(one.answer, Declined)]
    if found and len(irregular) >= LEAST_SHARE * len(found):
        return _mean(irregular, "possible_irregular"), None
    unasked = next((one for one in declined if one.why == "model_unavailable"), None)
    if unasked is not None:  # some pieces are still to be asked about: that comes before whatever is wrong with the others
        return unasked, None
    if not found:
        return _commonest(declined), None
    if not irregular and len(found) >= LEAST_SHARE * len(results):
        return _mean(found, "no_irregularity_seen"), None
    return Declined("uncertain"), _mean(irregular, "possible_irregular") if irregular else _mean(found, "no_irregularity_seen")


def _mean(found: list[Finding], decision: str) -> Finding:
    """The mean of the probabilities of those that decided."""
    known = [one.probability for one in found if one.probability is not None]
    codes = dict.fromkeys(code for one in found for code, _ in one.classes)
    classes = tuple((code, fmean(dict(one.classes).get(code, 0.0) for one in found)) for code in codes)
    return Finding(decision, fmean(known) if known else None, classes)


def _commonest(answers: list[Declined]) -> Declined:
    why, _ = Counter(one.why for one in answers).most_common(1)[0]
    return Declined(why, tuple(dict.fromkeys(reason for one in answers if one.why == why for reason in one.reasons)))


def _quality(results: Sequence[CheckResult], answer: Finding | Declined) -> Quality:
    """The means of what was measured; the reasons only where the recording says nothing because of them."""
    names = dict.fromkeys(name for one in results for name in one.quality.measures)
    measures = {name: fmean(one.quality.measures[name] for one in results if name in one.quality.measures) for name in names}
    poor = isinstance(answer, Declined) and answer.why == "poor_quality"
    return Quality(
        answer.reasons if poor and isinstance(answer, Declined) else (),
        {**measures, "pieces": float(len(results)), "pieces_used": float(sum(one.quality.ok for one in results))},
    )


def _speaks(result: CheckResult) -> float:
    found = result.answer if isinstance(result.answer, Finding) else result.leaning
    if found is None:
        return -1.0
    return (found.probability or 0.0) + (found.decision == "possible_irregular")
