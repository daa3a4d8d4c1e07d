"""This is the place where the reference store keeps checks, spots and the switches of models: dicts, one lock, nothing clever."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from core.domain.audit import AuditEvent
from core.domain.checks import CHECK_MOVES, CheckKind, CheckState, KeptCheck, Spot
from core.errors import Conflict, NotFound


@dataclass
class CheckContents:
    checks: dict[str, KeptCheck] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    overlays: dict[str, bytes] = field(default_factory=dict)
    spots: dict[str, Spot] = field(default_factory=dict)
    switches: dict[str, bool] = field(default_factory=dict)
    number: int = 0

    def new_id(self, kind: str) -> str:
        self.number += 1
        return f"{kind}{self.number:04d}"


class MemoryChecks:
    """The part of the reference store about checks. `MemoryStore` is its person."""

    kept: Any

    def __init__(self) -> None:
        self.checked = CheckContents()
        self._checking = threading.RLock()

    def append_audit(self, event: AuditEvent) -> None: ...
    def person_exists(self, person_id: str) -> bool: ...
    def moved_on(self, person_id: str, at: datetime) -> None: ...

    def put_check(self, check: KeptCheck, content: bytes, overlay: bytes, event: AuditEvent) -> KeptCheck:
        with self._checking:
            self._of_somebody(check.person_id, event)
            for there in self.checked.checks.values():
                same = (there.person_id, there.kind, there.spot_id, there.digest) == (
                    check.person_id,
                    check.kind,
                    check.spot_id,
                    check.digest,
                )
                if same and there.state is not CheckState.WITHDRAWN:
                    return there
            made = replace(check, check_id=self.checked.new_id("check"))
            self.checked.checks[made.check_id] = made
            self.checked.contents[made.check_id], self.checked.overlays[made.check_id] = content, overlay
            self.moved_on(made.person_id, event.at)
            return made

    def checks(
        self, person_ids: Sequence[str], event: AuditEvent, *, kinds: Sequence[CheckKind] = (), states: Sequence[CheckState] = ()
    ) -> tuple[KeptCheck, ...]:
        for person_id in person_ids:
            self.append_audit(replace(event, subject_id=person_id))
        found = [one for one in self.checked.checks.values() if one.person_id in person_ids]
        found = [one for one in found if (not kinds or one.kind in kinds) and (not states or one.state in states)]
        return tuple(sorted(found, key=lambda one: (one.submitted_at, one.check_id), reverse=True))

    def check(self, person_id: str, check_id: str, event: AuditEvent) -> KeptCheck:
        self._of_somebody(person_id, event)
        found = self.checked.checks.get(check_id)
        if found is None or found.person_id != person_id:
            raise NotFound("check_not_found", check=check_id)
        return found

    def check_content(self, person_id: str, check_id: str, event: AuditEvent) -> bytes:
        return self.checked.contents[self.check(person_id, check_id, event).check_id]

    def check_overlay(self, person_id: str, check_id: str, event: AuditEvent) -> bytes:
        return self.checked.overlays[self.check(person_id, check_id, event).check_id]

    def change_check(self, check: KeptCheck, was: CheckState, event: AuditEvent, *, overlay: bytes | None = None) -> KeptCheck:
        with self._checking:
            there = self.check(check.person_id, check.check_id, event)
            if there.state is not was or (check.state is not was and check.state not in CHECK_MOVES[was]):
                raise Conflict("check_moved", check=check.check_id)
            if check.steps[: len(there.steps)] != there.steps:
                raise Conflict("check_moved", check=check.check_id)
            self.checked.checks[check.check_id] = check
            if overlay is not None:
                self.checked.overlays[check.check_id] = overlay
            self.moved_on(check.person_id, event.at)
            return check

    def checks_without_answer(self, limit: int, kinds: Sequence[CheckKind] = ()) -> tuple[tuple[str, str], ...]:
        found = [
            one
            for one in self.checked.checks.values()
            if one.state is CheckState.WAITING_MODEL and (not kinds or one.kind in kinds)
        ]
        ordered = sorted(found, key=lambda one: (one.submitted_at, one.check_id))
        return tuple((one.person_id, one.check_id) for one in ordered[:limit])

    def put_spot(self, spot: Spot, event: AuditEvent) -> Spot:
        self._of_somebody(spot.person_id, event)
        there = self.checked.spots.get(spot.spot_id)
        if spot.spot_id and (there is None or there.person_id != spot.person_id):
            raise NotFound("spot_not_found", spot=spot.spot_id)
        made = replace(spot, spot_id=spot.spot_id or self.checked.new_id("spot"))
        self.checked.spots[made.spot_id] = made
        self.moved_on(made.person_id, event.at)
        return made

    def spots(self, person_id: str, event: AuditEvent) -> tuple[Spot, ...]:
        self._of_somebody(person_id, event)
        found = [one for one in self.checked.spots.values() if one.person_id == person_id]
        return tuple(sorted(found, key=lambda one: (one.created_at is not None, one.created_at, one.spot_id)))

    def model_switches(self) -> Mapping[str, bool]:
        return dict(self.checked.switches)

    def switch_model(self, key: str, on: bool, event: AuditEvent) -> None:
        self.append_audit(event)
        self.checked.switches[key] = on

    def forget_checks(self, person_id: str) -> None:
        gone = [one.check_id for one in self.checked.checks.values() if one.person_id == person_id]
        for check_id in gone:
            del self.checked.checks[check_id], self.checked.contents[check_id], self.checked.overlays[check_id]
        self.checked.spots = {key: one for key, one in self.checked.spots.items() if one.person_id != person_id}

    def _of_somebody(self, person_id: str, event: AuditEvent) -> None:
        self.append_audit(event)
        if not self.person_exists(person_id):
            raise NotFound("person_not_found", person=person_id)
