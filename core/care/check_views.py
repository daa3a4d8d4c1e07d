"""This is the place where it is defined what the screens of photo and signal checks are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.domain.check_card import CheckCard
from core.domain.checks import CheckKind, KeptCheck, Quality, Spot


@dataclass(frozen=True, slots=True)
class Looked:
    """A photo (or a signal) that was looked at and not kept: cleaned, and how good it is. `content` is what to send; `digest` that of what would
    be kept then."""

    kind: CheckKind
    content: bytes
    digest: str
    quality: Quality
    width: int = 0
    height: int = 0
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KindOffered:
    """A kind of check as it is offered: `available` false with `why` "switched_off" or "model_unavailable" (a photo can be sent to the team all the same)."""

    kind: CheckKind
    available: bool
    research: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class SpotLine:
    """A spot with its checks, the newest first, and how its area goes: (when, cm2 or share, unit "cm2" or "share"), the oldest first; only points that may
    be compared are joined (all in cm2, or all as a share). `healing` percent of change a week (negative: smaller), None where too few."""

    spot: Spot
    checks: tuple[KeptCheck, ...]
    areas: tuple[tuple[datetime, float], ...] = ()
    unit: str = ""
    healing: float | None = None


@dataclass(frozen=True, slots=True)
class ChecksView:
    """The person's own page: what is offered, the spots, signals without a spot, what the team answered and they haven't seen."""

    offered: tuple[KindOffered, ...]
    spots: tuple[SpotLine, ...]
    loose: tuple[KeptCheck, ...]
    unseen: tuple[KeptCheck, ...]
    may_send: bool
    has_team: bool


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One check in the coordinator's queue: whose, how many whole hours it waits (one that asked for another photo: since then), and why it stands
    where it does ("show_soon", "waiting_model", "declined", "retake_late", "routine": the order of the queue)."""

    check: KeptCheck
    person_name: str
    hours: int
    rank: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One check opened for review, with the history of the same spot."""

    line: ReviewLine
    spot: SpotLine | None
    card: CheckCard | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far clinicians agreed with a model: counts by (what the check said, what the clinician said), and the share with its Wilson interval (None: nobody
    decided yet). `of`: "all" or a subgroup ("skin_type.2", "place.face", "age.60_79", "sex.female"), or "says.<decision>": those of which the check said so."""

    of: str
    decided: int
    agreed: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Drift:
    """How a number has moved between the first and the latest checks of a model: `measure` ("score", "distance", "brightness", "sharpness", "declined"),
    the population stability index (Siddiqi 2006: under 0.1 stable, above 0.25 moved; None: under 30 on either side)."""

    measure: str
    first: int
    latest: int
    index: float | None


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A model as administrators and coordinators see it: its card, whether it is on, and its live report card."""

    kind: CheckKind
    card: CheckCard | None
    why: str
    on: bool
    may_switch: bool
    checks: int
    declined: Mapping[str, int]
    agreement: tuple[Agreement, ...] = ()
    drift: tuple[Drift, ...] = ()
