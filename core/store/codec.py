"""This is the place where domain objects become bytes and come back; fields of a later version are passed over."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec
import orjson

from core.domain.checks import CheckKind, CheckResult, Declined, Finding, ModelRef, Quality, SkinFacts, Spot, Step
from core.domain.doses import Delivery, DoseAnswer, Feed, PlannedDose, PlannedReminder, Request
from core.domain.ledger import Ledger, LedgerLine, Outcome
from core.domain.people import Account, Panel, Preferences
from core.domain.records import Item, PersonProfile, Version
from core.domain.samples import Note, SeriesChoices, SyncEvent
from core.domain.standing import Kept, Usability
from core.errors import StoreDamaged

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Head:
    """What versions are compared by, kept apart from the item so that comparing needs little."""

    version: Version
    code: str
    retracts: bool
    usability: Usability

    def kept(self, arrival: int) -> Kept:
        return Kept(self.version, self.code, self.retracts, self.usability, arrival)


@dataclass(frozen=True, slots=True)
class Body:
    """What a record says. `kind` as it was sent; `origin_id` is the source's own "Kind/id", or "" when it has none."""

    kind: str
    item: Item | None
    problems: tuple[str, ...] = ()
    origin: str = ""
    origin_id: str = ""
    profile: PersonProfile | None = None


@dataclass(frozen=True, slots=True)
class KeptProfile:
    """Who a person is: as first given, and as the current Patient records say."""

    given: PersonProfile
    shown: PersonProfile


@dataclass(frozen=True, slots=True)
class KeptSource:
    kind: str
    label: str
    address: str = ""
    patient_ref: str = ""
    next_since: str = ""


@dataclass(frozen=True, slots=True)
class KeptImport:
    source_label: str
    file_name: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """The time a chunk of samples covers (ns as stored, both ends included)."""

    month: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class KeptStream:
    """What a stream is, and the time its samples cover."""

    signal: str
    device: str
    grain: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class KeptProgress:
    """How far a stopped import of samples has come: its id, the batches that were kept, the people in it ("" nobody)."""

    import_id: str
    batches: int
    people: tuple[str, ...]
    started_at: datetime


@dataclass(frozen=True, slots=True)
class KeptText:
    text: str


@dataclass(frozen=True, slots=True)
class KeptInDrawer:
    """What lies in one drawer of a person, and what the drawer is called."""

    key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """What a paper is called, what it belongs to, and what it says."""

    key: str
    parent: str
    body: bytes


@dataclass(frozen=True, slots=True)
class DoseBody:
    """What a dose is and what was said about it."""

    planned: PlannedDose
    answer: DoseAnswer | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class ResultBody:
    """What a check says: its answer is one of the two."""

    kind: CheckKind
    quality: Quality
    finding: Finding | None
    declined: Declined | None
    distance: float | None = None
    model: ModelRef | None = None
    leaning: Finding | None = None
    pulse: float | None = None

    @classmethod
    def of(cls, result: CheckResult) -> ResultBody:
        answer = result.answer
        finding = answer if isinstance(answer, Finding) else None
        declined = answer if isinstance(answer, Declined) else None
        return cls(result.kind, result.quality, finding, declined, result.distance, result.model, result.leaning, result.pulse)

    def result(self) -> CheckResult:
        answer = self.finding or self.declined
        if answer is None:
            raise StoreDamaged("cell_illegible", place="CheckResult")
        return CheckResult(self.kind, self.quality, answer, self.distance, self.model, self.leaning, self.pulse)


@dataclass(frozen=True, slots=True)
class CheckBody:
    """What a check is, but for what stands in the open beside it."""

    submitted_by: str
    digest: str
    result: ResultBody
    spot_id: str = ""
    facts: SkinFacts | None = None
    note: str = ""
    taken_at: datetime | None = None
    answers: str = ""
    overlay: str = ""
    steps: tuple[Step, ...] = ()
    seen_at: datetime | None = None
    coin: str = ""


_KINDS: tuple[Any, ...] = (
    Head, Body, KeptProfile, KeptSource, KeptImport, Span, KeptStream, KeptProgress, KeptText, KeptInDrawer, SeriesChoices, SyncEvent,
    Note, Account, Panel, Preferences, Ledger, DoseBody, PlannedReminder, Delivery, Request, Feed,
    CheckBody, Spot, KeptPaper,
)  # fmt: skip
_ENCODER = msgspec.msgpack.Encoder()
_DECODERS = {kind: msgspec.msgpack.Decoder(kind) for kind in _KINDS}
_LINES = msgspec.msgpack.Decoder(list[list[Any]])


def pack(thing: Any) -> bytes:
    """Any of the kinds above as MessagePack. Half a surrogate pair, which no encoding can say, becomes a question mark."""
    try:
        return _ENCODER.encode(thing)
    except UnicodeEncodeError:
        return _ENCODER.encode(_sayable(msgspec.to_builtins(thing, builtin_types=(datetime,))))


def unpack(kind: type[Kind], packed: bytes) -> Kind:
    """The thing again. Raises StoreDamaged where the bytes are none of that kind."""
    try:
        found: Kind = _DECODERS[kind].decode(packed)
    except msgspec.DecodeError as error:
        raise StoreDamaged("cell_illegible", place=kind.__name__) from error
    return found


def pack_lines(lines: Sequence[LedgerLine]) -> bytes:
    rows = [(line.path, line.kind, line.outcome.value, line.reason, line.record_id, *_many(line)) for line in lines]
    return zlib.compress(pack(rows), 1)


def _many(line: LedgerLine) -> tuple[int, ...]:
    return (line.count,) if line.count != 1 else ()


def unpack_lines(packed: bytes) -> list[LedgerLine]:
    rows = _LINES.decode(zlib.decompress(packed))
    return [LedgerLine(path, kind, Outcome(outcome), *more) for path, kind, outcome, *more in rows]


def pack_original(raw: bytes) -> bytes:
    return zlib.compress(raw, 1)


def unpack_original(packed: bytes) -> bytes:
    return zlib.decompress(packed)


def canonical(raw: bytes) -> bytes:
    """The JSON with its keys in order and no blanks: what two copies of one record have in common. Other bytes stay."""
    try:
        return orjson.dumps(orjson.loads(raw), option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return raw


def _sayable(thing: Any) -> Any:
    if isinstance(thing, str):
        return thing.encode("utf-8", "replace").decode("utf-8")
    if isinstance(thing, dict):
        return {_sayable(key): _sayable(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [_sayable(value) for value in thing]
    return thing
