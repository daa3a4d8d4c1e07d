"""This is the place where it is counted how a model does in this house: how often clinicians agree with it, for whom, and whether its photos have changed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from core.care.check_views import Agreement, Drift
from core.care.lines import age_at
from core.domain.checks import CheckState, Declined, Finding, KeptCheck
from core.panel.shares import wilson
from core.trends.drift import share_index, stability_index

LEAST_SHOWN = 5
"""Decided checks below which a subgroup is not shown: a count of one or two would tell about somebody in particular, and says nothing about the model."""
WINDOW = 200
"""Checks on either side of the comparison, at most."""
_MEASURES: Mapping[str, str] = MappingProxyType({"brightness": "light", "sharpness": "sharpness"})
"""What of the photos is compared, and its name among the measures of the quality gate."""
_BANDS = ((0, 39), (40, 59), (60, 79), (80, 125))
T = TypeVar("T")
_SEXES = ("female", "male")


@dataclass(frozen=True, slots=True)
class About:
    """What a subgroup is told by, besides what came with the photo: the birth date as recorded, and the recorded sex."""

    birth_date: str = ""
    gender: str = ""


def agreement_of(checks: Iterable[KeptCheck], about: Mapping[str, About]) -> tuple[Agreement, ...]:
    """Of the checks in which the model said something and a clinician confirmed or overruled it: of all, by what the model said, and by subgroup.
    Several checks of one person count each, so the intervals are a little too narrow where somebody sent many."""
    decided = [
        one
        for one in checks
        if isinstance(one.result.answer, Finding) and one.state in (CheckState.CONFIRMED, CheckState.OVERRULED)
    ]
    counts: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    for check in decided:
        for of in ("all", *_groups(check, about.get(check.person_id, About()))):
            counts[of] += 1
            agreed[of] += check.state is CheckState.CONFIRMED
    shown = [of for of in sorted(counts) if of != "all" and counts[of] >= LEAST_SHOWN]
    return tuple(_agreement(of, counts[of], agreed[of]) for of in ("all", *shown))


def declined_of(checks: Iterable[KeptCheck]) -> Mapping[str, int]:
    """How often the check said nothing, by why."""
    found = Counter(one.result.answer.why for one in checks if isinstance(one.result.answer, Declined))
    return MappingProxyType(dict(found.most_common()))


def drift_of(checks: Sequence[KeptCheck]) -> tuple[Drift, ...]:
    """The first checks against the latest, at most WINDOW of each and none in both. What a model put out is compared within its newest version alone:
    another version is another scale."""
    ordered = sorted(checks, key=lambda one: (one.submitted_at, one.check_id))
    version = next((one.result.model.version for one in reversed(ordered) if one.result.model), "")
    same = [one for one in ordered if one.result.model and one.result.model.version == version]
    numbers = [
        _compared("score", same, _score), _compared("distance", same, lambda one: one.result.distance),
        *(_compared(said, ordered, _measure(name)) for said, name in _MEASURES.items() if any(name in one.result.quality.measures for one in ordered)),
    ]  # fmt: skip
    first, latest = _windows(ordered)
    shares = [(sum(isinstance(one.result.answer, Declined) for one in side), len(side)) for side in (first, latest)]
    return (*numbers, Drift("declined", len(first), len(latest), share_index(shares[0], shares[1])))


def _agreement(of: str, decided: int, agreed: int) -> Agreement:
    if not decided:
        return Agreement(of, 0, 0, None, None, None)
    return Agreement(of, decided, agreed, agreed / decided, *wilson(agreed, decided))


def _groups(check: KeptCheck, about: About) -> Iterable[str]:
    answer, facts = check.result.answer, check.facts
    if isinstance(answer, Finding):
        yield f"says.{answer.decision}"
    if facts is not None and facts.skin_type:
        yield f"skin_type.{facts.skin_type}"
    if facts is not None and facts.place:
        yield f"place.{facts.place}"
    age = facts.age if facts is not None and facts.age is not None else age_at(about.birth_date, "", check.submitted_at)[0]
    yield from (f"age.{low}_{high}" for low, high in _BANDS if age is not None and low <= age <= high)
    if about.gender in _SEXES:
        yield f"sex.{about.gender}"


def _score(check: KeptCheck) -> float | None:
    found = check.result.answer if isinstance(check.result.answer, Finding) else check.result.leaning
    return found.probability if found is not None else None


def _measure(name: str) -> Callable[[KeptCheck], float | None]:
    return lambda check: check.result.quality.measures.get(name)


def _compared(measure: str, checks: Sequence[KeptCheck], value: Callable[[KeptCheck], float | None]) -> Drift:
    known = [found for found in map(value, checks) if found is not None and math.isfinite(found)]
    first, latest = _windows(known)
    return Drift(measure, len(first), len(latest), stability_index(np.array(first, dtype=float), np.array(latest, dtype=float)))


def _windows(ordered: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
    size = min(WINDOW, len(ordered) // 2)
    return ordered[:size], ordered[len(ordered) - size :]
