"""This is the place where what clinicians said of photos leaves the house as labels for training: by whoever holds the key, without names, each line in the trail."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from core.care import photo_use
from core.care.access import Action, require
from core.care.check_lines import last_decision
from core.care.lines import age_at
from core.domain.checks import SKIN_CLASSES, CheckKind, CheckState, Finding, KeptCheck, SkinFacts
from core.domain.people import Actor
from core.domain.records import PersonProfile
from core.errors import StoreDamaged
from core.ports import Ports

KINDS: Mapping[CheckKind, tuple[str, ...]] = MappingProxyType({CheckKind.SKIN: SKIN_CLASSES})
"""What can be exported, with its labels. A wound has no label but a mask, and a clinician draws none; a recording is made of pieces that nobody labelled."""
LEFT_OUT = ("not_allowed", "undecided", "taken_back", "unusable", "no_label", "other_label", "damaged")
"""Why a photo is not in the export: first of all, that the person did not allow it (core/care/photo_use.py)."""
_UNUSABLE = frozenset({"wrong_place", "picture_unusable"})


@dataclass(frozen=True, slots=True)
class Labelled:
    """A photo with what a clinician said it is. `name` and `person` are made for this export and lead back to nobody; `overruled`: it is not what the check
    had said; `said` what that was ("" nothing)."""

    name: str
    person: str
    spot: str
    label: str
    facts: SkinFacts
    sex: str
    overruled: bool
    said: str


@dataclass(frozen=True, slots=True)
class Exported:
    """How an export went: how many photos of how many people, how many of each label, and how many were left out, by why."""

    photos: int
    people: int
    labels: Mapping[str, int]
    left_out: Mapping[str, int]


def export(ports: Ports, actor: Actor, kind: CheckKind, keep: Callable[[Labelled, bytes], None]) -> Exported:
    """Hand every photo that a clinician decided with a label, of people who allowed it, to `keep`, one at a time. Ages are as they were said, or as recorded at that time."""
    grant = require(ports, actor, Action.EXPORT_LABELS)
    salt = secrets.token_bytes(32)
    people = {one.person_id: one.profile for one in ports.store.people(None, grant.event("labels"))}
    labels: Counter[str] = Counter()
    left_out = dict.fromkeys(LEFT_OUT, 0)
    exported: set[str] = set()
    for person_id, profile in people.items():
        mine = require(ports, actor, Action.EXPORT_LABELS, person_id)
        may = photo_use.of(ports.store, person_id, mine).allowed
        for check in ports.store.checks((person_id,), mine.event("labels"), kinds=(kind,)):
            why = _left_out(check, KINDS[kind]) if may else "not_allowed"
            if why:
                left_out[why] += 1
                continue
            try:
                content = ports.store.check_content(person_id, check.check_id, mine.event(check.check_id))
            except StoreDamaged:
                left_out["damaged"] += 1
                continue
            found = _labelled(check, profile, salt)
            keep(found, content)
            labels[found.label] += 1
            exported.add(person_id)
    return Exported(labels.total(), len(exported), MappingProxyType(dict(sorted(labels.items()))), MappingProxyType(left_out))


def _left_out(check: KeptCheck, labels: tuple[str, ...]) -> str:
    """Why a check is no label; "" where it is one."""
    if check.state in (CheckState.WITHDRAWN, CheckState.RETAKEN):
        return "taken_back"
    step = last_decision(check)
    if step is None or check.state not in (CheckState.CONFIRMED, CheckState.OVERRULED):
        return "undecided"
    if step.reason in _UNUSABLE:
        return "unusable"
    if not step.label:
        return "no_label"
    return "" if step.label in labels else "other_label"


def _labelled(check: KeptCheck, profile: PersonProfile, salt: bytes) -> Labelled:
    step, answer = last_decision(check), check.result.answer
    facts = check.facts or SkinFacts()
    age = facts.age if facts.age is not None else age_at(profile.birth_date, "", check.submitted_at)[0]
    return Labelled(
        _alias(salt, "check", check.check_id), _alias(salt, "person", check.person_id), _alias(salt, "spot", check.spot_id) if check.spot_id else "",
        step.label if step else "", replace(facts, age=age), profile.gender, check.state is CheckState.OVERRULED,
        answer.decision if isinstance(answer, Finding) else "",
    )  # fmt: skip


def _alias(salt: bytes, what: str, name: str) -> str:
    """The same within one export, another in the next; nobody without the salt, which is thrown away, finds the way back."""
    return hmac.digest(salt, f"{what} {name}".encode(), hashlib.sha256).hex()[:16]
