"""This is the place where checks of a photo or a signal are defined: what a model may say, when it says nothing, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class CheckKind(StrEnum):
    """What can be checked. The value is the key of the model, of its folder in models/artifacts and of its words (`check_kind.<kind>`)."""

    SKIN = "skin"
    WOUND = "wound"
    RHYTHM = "rhythm"


PHOTO_KINDS = (CheckKind.SKIN, CheckKind.WOUND)

SKIN_CLASSES = ("ACK", "BCC", "MEL", "NEV", "SCC", "SEK")
"""Actinic keratosis, basal cell carcinoma, melanoma, naevus, squamous cell carcinoma, seborrhoeic keratosis (PAD-UFES-20, Pacheco 2020), in the
order of the model's output. Words: skin_class.<code in lower case>; shown to clinicians only."""
SKIN_SOON = frozenset({"BCC", "MEL", "SCC", "ACK"})
"""The classes that are "show it to a clinician soon": the cancers, and actinic keratosis, which can become one."""
RHYTHM_CLASSES = ("sinus", "pvc", "pac", "vt", "svt", "af")
"""In the order of the model's output (Liu, J Am Heart Assoc 2022;11:e023555). Words: rhythm_class.<code>; shown to clinicians only."""

DECISIONS: Mapping[CheckKind, tuple[str, ...]] = MappingProxyType({
    CheckKind.SKIN: ("show_soon", "keep_watching"),
    CheckKind.WOUND: ("measured",),
    CheckKind.RHYTHM: ("possible_irregular", "no_irregularity_seen"),
})  # fmt: skip
"""What a check may say besides nothing (words: check_says.<decision>). It is a hint for the team, never a diagnosis."""

QUALITY_REASONS = (
    "too_dark", "too_bright", "low_contrast", "blurred", "glare", "too_far", "too_near", "low_resolution", "not_skin", "no_wound_seen", "screenshot",
    "signal_flat", "signal_clipped", "signal_noisy", "signal_too_short", "no_pulse_seen",
)  # fmt: skip
"""Why a photo or a signal is not good enough, the gravest first. Words: quality.<reason> says what is wrong, quality_do.<reason> what to do about it."""

DECLINES = (
    "poor_quality",  # the quality gate refused: its reasons say why
    "out_of_distribution",  # the picture is not of the kind the model knows
    "uncertain",  # inside the abstain band, or the views of the same picture disagree
    "not_reassured",  # the model would say "keep watching", but not to somebody it was never tested on (skin types V-VI)
    "model_unavailable",  # no runner answered: the picture is kept and queued
    "switched_off",  # a research model that no administrator has switched on
)
"""Why a check says nothing (words: check_declined.<why>)."""


@dataclass(frozen=True, slots=True)
class ModelRef:
    """Which model answered: its key, version, the SHA-256 of the file that ran, and the runner ("edge" or "server <host>")."""

    name: str
    version: str
    digest: str
    runner: str


@dataclass(frozen=True, slots=True)
class Quality:
    """What the gate found: `reasons` of QUALITY_REASONS (empty: good enough), `measures` the numbers behind them (unit in the key's comment at its row)."""

    reasons: tuple[str, ...] = ()
    measures: Mapping[str, float] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Area:
    """The size of a wound: its share of the picture (0 to 1), and cm2 only where a marker of known size was found (`marker` says which)."""

    share: float
    cm2: float | None = None
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a model says: `decision` of DECISIONS, the calibrated `probability` of what it is about (a spot to show soon, AF; None: a measurement),
    `classes` with their probabilities in the model's order, for clinicians."""

    decision: str
    probability: float | None = None
    classes: tuple[tuple[str, float], ...] = ()
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class Declined:
    """No answer, and why: `why` of DECLINES; `reasons` the gate's."""

    why: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One answer about one photo or signal. `distance`: how far it is from what the model knows, as a multiple of the limit (above 1: declined; None: not
    measured). A declined result may still carry `leaning` (what the model would have said), for the report card alone and never shown to a patient.
    `model` None: no model was asked."""

    kind: CheckKind
    quality: Quality
    answer: Finding | Declined
    distance: float | None = None
    model: ModelRef | None = None
    leaning: Finding | None = None
    pulse: float | None = None


class CheckState(StrEnum):
    """Where a check stands. CHECK_MOVES is the table of what may follow what."""

    WAITING_MODEL = "waiting_model"  # kept, but no model could answer yet: asked again by the worker, and the team sees it meanwhile
    WAITING_REVIEW = "waiting_review"
    CONFIRMED = "confirmed"  # a clinician agrees with what the check says
    OVERRULED = "overruled"  # a clinician says otherwise, with a reason
    RETAKE_ASKED = "retake_asked"  # the person was asked for another photo
    RETAKEN = "retaken"  # another photo came
    WITHDRAWN = "withdrawn"  # the person took it back before anybody decided


CHECK_MOVES: Mapping[CheckState, frozenset[CheckState]] = MappingProxyType({
    CheckState.WAITING_MODEL: frozenset({
        CheckState.WAITING_REVIEW, CheckState.CONFIRMED, CheckState.OVERRULED, CheckState.RETAKE_ASKED, CheckState.WITHDRAWN,
    }),
    CheckState.WAITING_REVIEW: frozenset({CheckState.CONFIRMED, CheckState.OVERRULED, CheckState.RETAKE_ASKED, CheckState.WITHDRAWN}),
    CheckState.RETAKE_ASKED: frozenset({CheckState.RETAKEN, CheckState.CONFIRMED, CheckState.OVERRULED, CheckState.WITHDRAWN}),
    CheckState.CONFIRMED: frozenset({CheckState.OVERRULED}),
    CheckState.OVERRULED: frozenset({CheckState.CONFIRMED, CheckState.OVERRULED}),
    CheckState.RETAKEN: frozenset(),
    CheckState.WITHDRAWN: frozenset(),
})  # fmt: skip
"""From each state, the states that may follow. A decision may be revised (the one before stays in the history); nothing closes by itself."""
CHECKS_OPEN = frozenset({CheckState.WAITING_MODEL, CheckState.WAITING_REVIEW})
"""What a coordinator has to look at."""


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a check: who, when, to which state. `label` is what the clinician says it is (a class code of the kind, "other", or "" not said),
    `reason` a code of OVERRULE_REASONS or RETAKE_REASONS, `text` the clinician's words to the person."""

    state: CheckState
    at: datetime
    by: str
    role: str
    label: str = ""
    reason: str = ""
    text: str = ""


OVERRULE_REASONS = ("more_serious", "less_serious", "other_condition", "wrong_place", "picture_unusable", "model_wrong")
RETAKE_REASONS = ("too_dark", "blurred", "too_far", "too_near", "glare", "wrong_place", "marker_missing", "something_else")
"""Words: overrule.<reason>, retake.<reason>."""

BODY_PLACES = (
    "face", "scalp", "ear", "nose", "lip", "neck", "chest", "abdomen", "back", "arm", "forearm", "hand", "thigh", "leg", "foot",
)  # fmt: skip
"""The regions of the body map (words: body.<place>); those of PAD-UFES-20 and the leg."""
SYMPTOMS = ("itch", "grew", "hurt", "changed", "bleed", "elevation")
"""What a person is asked about a spot (words: symptom.<code>); the items of PAD-UFES-20."""


COINS = ("eur_1", "usd_quarter", "cny_1_1999", "cny_1_2019")
"""The coins by which a wound can be measured where the person says which one lies beside it (words: coin.<code>); their sizes are in
models/image_check/coin.py."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One spot or wound that is photographed again and again. `x`, `y` in 0..1 of the drawing, `view` "front" or "back"; `place` of BODY_PLACES."""

    spot_id: str
    person_id: str
    kind: CheckKind
    place: str
    view: str
    x: float
    y: float
    label: str = ""
    created_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SkinFacts:
    """What the person says of the spot and of themselves, None where they didn't: completed years, `place` of BODY_PLACES, `skin_type` 1 to 6
    (Fitzpatrick), `symptoms` (True, False; missing: not answered)."""

    age: int | None = None
    place: str = ""
    skin_type: int | None = None
    symptoms: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptCheck:
    """A check in the store. `digest` is the SHA-256 of what was kept (the cleaned photo as JPEG, the signal as NPZ); `steps` its history, the oldest first;
    `taken_at` when the photo was made (None unknown); `answers` the id of the check this one is the retake of; `seen_at` when the person saw the decision;
    `coin` of COINS beside a wound ("" none): a model that could not be asked at once is asked with it later."""

    check_id: str
    person_id: str
    kind: CheckKind
    state: CheckState
    submitted_at: datetime
    submitted_by: str
    digest: str
    result: CheckResult
    spot_id: str = ""
    facts: SkinFacts | None = None
    note: str = ""
    taken_at: datetime | None = None
    answers: str = ""
    overlay: str = ""  # "" none, "heat" (where the model looked) or "mask" (what it takes for the wound): kept as a second picture
    steps: tuple[Step, ...] = ()
    seen_at: datetime | None = None
    coin: str = ""
