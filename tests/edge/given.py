"""A server double for kiosks: it keeps what it is sent in a folder, as a real one does across its own crashes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from core.errors import HealthboardError, SourceUnavailable
from core.kiosk.sealing import fresh_keys, opened
from core.kiosk.terms import Clinic, Collected, Heartbeat, Proof, SealedVisit, VisitReceipt, Welcomed

PRIVATE, PUBLIC = fresh_keys()
CLINIC = Clinic("Green Lane", PUBLIC)


@dataclass
class Double:
    """`away`: nobody answers. `wrong`: what is raised. `answer`: the state it gives in place of its own."""

    folder: Path
    away: bool = False
    wrong: HealthboardError | None = None
    answer: str = ""
    beats: list[Heartbeat] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    asked: int = 0

    def hello(self, beat: Heartbeat) -> Clinic:
        self._answers()
        self.beats.append(beat)
        return CLINIC

    def identify(self, proof: Proof, language: str) -> Welcomed:
        self._answers()
        return Welcomed("ticket", "v-1", "M••••")

    def send(self, visit: SealedVisit) -> VisitReceipt:
        self.asked += 1
        self._answers()
        place = self.folder / visit.visit_id
        if self.answer:
            return VisitReceipt(visit.visit_id, self.answer)
        state = "kept_before" if place.exists() else "kept"
        if state == "kept":
            half = place.with_suffix(".half")
            half.write_bytes(visit.body + int(visit.sealed_at.timestamp()).to_bytes(8, "big"))
            half.rename(place)
        return VisitReceipt(visit.visit_id, state, link="https://example.org/t")

    def call_desk(self, why: str, ticket: str = "") -> None:
        self._answers()
        self.calls.append((why, ticket))

    def kept(self) -> dict[str, Collected]:
        """What it has, opened."""
        from datetime import UTC, datetime

        found = {}
        for place in self.folder.iterdir():
            if place.suffix != ".half":
                whole = place.read_bytes()
                at = datetime.fromtimestamp(int.from_bytes(whole[-8:], "big"), UTC)
                found[place.name] = opened(PRIVATE, SealedVisit(place.name, at, whole[:-8]))
        return found

    def _answers(self) -> None:
        if self.wrong is not None:
            raise self.wrong
        if self.away:
            raise SourceUnavailable("server_timeout")
