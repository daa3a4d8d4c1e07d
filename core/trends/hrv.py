"""This is the place where the times between heart beats become measures of heart rate variability (HRV).

RMSSD, SDNN (n - 1), pNN50, SD1 and SD2 as in the Task Force (Eur Heart J 1996;17:354) and the published software
(Aura hrv-analysis, whose 1000-beat example is reproduced to its printed digits); sample entropy: Richman and Moorman 2000, m = 2,
r = 0.2 SD.

Artefacts: an interval below 300 or above 2000 ms, or more than 20 % away from the one before, is left out (Malik and Kamath).
What is left out leaves a hole: no difference is taken across it. Nothing is interpolated. At least 80 % must be left.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

import numpy as np

from core.trends.judgement import Declined, short_of
from core.trends.published import FROM_MEMORY, OUR_CHOICE, VERIFIED, Published

_AURA = "Aura-healthcare/hrv-analysis, tests and artefact rules (Malik, Kamath)"
SHORTEST = Published("rr_shortest", 300, "ms", VERIFIED, _AURA)
LONGEST = Published("rr_longest", 2000, "ms", VERIFIED, _AURA)
JUMP = Published("rr_jump", 20, "%", VERIFIED, _AURA)
LEAST_VALID = Published("rr_valid", 80, "%", VERIFIED, _AURA)
LEAST_BEATS = Published("rr_beats", 60, "{beats}", OUR_CHOICE, "About a minute, the shortest recording that watches make.")
SHORT_TERM = Published(
    "rr_short_term", 300, "s", FROM_MEMORY, "Task Force, Eur Heart J 1996;17:354: five minutes for SDNN to compare."
)
RESTS_ON = (SHORTEST, LONGEST, JUMP, LEAST_VALID, LEAST_BEATS, SHORT_TERM)

_LONGEST_FOR_ENTROPY = 5000


@dataclass(frozen=True, slots=True)
class Variability:
    """HRV of one recording. `rmssd`, `sdnn`, `sd1`, `sd2` and `mean_rr` in ms, `pnn50` and `valid` (intervals kept) in percent, `beats`
    kept intervals, `seconds` their length. `five_minutes`: long enough that SDNN and SD2 may be compared with others'. SD2 comes
    from SDNN and SD1 and is NaN where beats differ more from their neighbours than overall (long and short in turn)."""

    rmssd: float
    sdnn: float
    pnn50: float
    sd1: float
    sd2: float
    mean_rr: float
    beats: int
    valid: float
    seconds: float
    five_minutes: bool
    rests_on: tuple[Published, ...] = RESTS_ON


def kept(rr: np.ndarray) -> np.ndarray:
    """Which intervals (ms, in the order of the beats) are no artefact. The first has none before it to be compared with."""
    inside = np.isfinite(rr) & (rr >= SHORTEST.value) & (rr <= LONGEST.value)
    with np.errstate(invalid="ignore", divide="ignore"):
        jump = np.abs(np.diff(rr)) > JUMP.value / 100 * rr[:-1]
    return inside & ~np.append(np.zeros(min(len(rr), 1), dtype=bool), jump)


def variability(rr: np.ndarray) -> Variability | Declined:
    """HRV of the intervals of one uninterrupted recording (float64 ms, in order). Declines with enough_beats (have, need, more) on
    fewer than 60 good intervals, and with too_many_artefacts (have, need in percent) where less than 80 % are good."""
    rr = np.asarray(rr, dtype=np.float64)
    good = kept(rr)
    if good.sum() < LEAST_BEATS.value:
        return short_of("enough_beats", int(good.sum()), int(LEAST_BEATS.value))
    valid = 100.0 * float(good.mean())
    if valid < LEAST_VALID.value:
        return Declined("too_many_artefacts", {"have": floor(valid), "need": int(LEAST_VALID.value)})
    intervals, differences = rr[good], np.diff(rr)[good[:-1] & good[1:]]
    if len(differences) < LEAST_BEATS.value / 2:
        return Declined(
            "too_many_artefacts", {"have": floor(100 * len(differences) / (len(rr) - 1)), "need": int(LEAST_VALID.value)}
        )
    return measured(intervals, differences, valid)


def measured(intervals: np.ndarray, differences: np.ndarray, valid: float = 100.0) -> Variability:
    """The measures of normal intervals and of the differences between neighbours (float64 ms, at least two of each)."""
    sdnn, spread = float(intervals.std(ddof=1)), float(differences.var(ddof=1))
    long_axis = 2 * sdnn**2 - spread / 2
    seconds = float(intervals.sum()) / 1000
    return Variability(
        rmssd=float(np.sqrt(np.mean(differences**2))),
        sdnn=sdnn,
        pnn50=float(100 * np.mean(np.abs(differences) > 50)),
        sd1=float(np.sqrt(spread / 2)),
        sd2=float(np.sqrt(long_axis)) if long_axis >= 0 else float("nan"),
        mean_rr=float(intervals.mean()),
        beats=len(intervals),
        valid=valid,
        seconds=seconds,
        five_minutes=seconds >= SHORT_TERM.value,
    )


def sample_entropy(intervals: np.ndarray, length: int = 2, tolerance: float = 0.2) -> float | Declined:
    """Sample entropy of intervals (float64 ms): how seldom patterns of `length` that match within `tolerance` SD (n - 1) match one
    beat further. Declines with enough_beats, with too_many_beats (more than 5000: it takes time with their square), and with
    no_pattern where nothing matches."""
    if len(intervals) < LEAST_BEATS.value:
        return short_of("enough_beats", len(intervals), int(LEAST_BEATS.value))
    if len(intervals) > _LONGEST_FOR_ENTROPY:
        return Declined("too_many_beats", {"have": len(intervals), "need": _LONGEST_FOR_ENTROPY})
    within = tolerance * float(np.std(intervals, ddof=1))
    longer = np.lib.stride_tricks.sliding_window_view(intervals, length + 1)
    short_matches = long_matches = 0
    for at in range(len(longer) - 1):
        distance = np.abs(longer[at + 1 :] - longer[at])
        short = distance[:, :length].max(axis=1) < within
        short_matches += int(short.sum())
        long_matches += int((short & (distance[:, length] < within)).sum())
    if not long_matches:
        return Declined("no_pattern", {"have": short_matches})
    return float(-np.log(long_matches / short_matches))
