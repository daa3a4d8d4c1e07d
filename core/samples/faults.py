"""This is the place where a life with devices is made in which things go wrong, together with what truly went wrong on each day.

Devices record, mishaps befall them (core/samples/mishaps.py), and what is left is synced day by day, as a hub of a phone, an uploader
of a glucose sensor and an app with monthly exports do. The true label of a day follows from what became of each sample that would
have been recorded: nothing here knows how anybody explains it afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np

from core.domain.plausible import marked
from core.domain.samples import FLOATING, UTC_ONLY, Samples, SyncEvent
from core.samples.delivery import Delivery, delivered
from core.samples.mishaps import CLOCK, DEAF, ODD, OFF, Mishap, mishaps
from core.samples.wearing import DAY, HOUR, Recording, recordings, to_utc

ZONES = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Shanghai", "America/St_Johns", "Pacific/Auckland", "UTC",
)  # fmt: skip
GRACE = 0.2
"""So much of a day may be lost before it is no whole day."""
_NIGHTS = ("sleep_stage", "hrv_rmssd")
_LOST_TO = {OFF: "not_worn", DEAF: "returned_none"}


@dataclass(frozen=True, eq=False, slots=True)
class FaultyStream:
    """What came of one signal of one device, marked as an import marks it, and for each day the state it truly has ("" for the day
    that isn't over where nothing came yet)."""

    source: str
    samples: Samples
    labels: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class FaultyLife:
    """`days` days from `first` in a zone, the last of which is going on; its streams and what its sources left as events."""

    zone: str
    first: date
    days: int
    now_ns: int
    streams: tuple[FaultyStream, ...]
    events: tuple[SyncEvent, ...]
    mishaps: tuple[tuple[str, Mishap], ...]


def faulty_life(seed: int, days: int = 150) -> FaultyLife:
    """The same seed gives the same life."""
    rng = np.random.default_rng(seed)
    zone_name = ZONES[int(rng.integers(len(ZONES)))]
    first = int(rng.integers(18_600, 19_900))
    zone = ZoneInfo(zone_name)
    now_local = (first + days - 1) * DAY + 10 * HOUR
    now_ns = int(to_utc(zone, np.array([now_local]))[0][0])
    clock = int(rng.choice([0, UTC_ONLY, FLOATING]))
    recorded = [_until(one, now_local) for one in recordings(rng, first, days)]
    streams: list[FaultyStream] = []
    events: list[SyncEvent] = []
    happened: list[tuple[str, Mishap]] = []
    reached: dict[tuple[str, str], tuple[Recording, np.ndarray]] = {}
    for source in ("hub", "sensor", "app"):
        mine = [one for one in recorded if one.source == source]
        wrong = mishaps(rng, source, first, days)
        happened += [(source, one) for one in wrong]
        kept = [_recorded(one, wrong) for one in mine]
        came = delivered(rng, Delivery(source, zone, clock, (first, days), now_ns), wrong, kept)
        events += came.events
        for one, (columns, _), fate in zip(mine, came.streams, came.fates, strict=True):
            reached[one.device, one.signal] = (one, fate)
            sound = marked(Samples(one.signal, columns, one.device), now_ns)
            streams.append(FaultyStream(source, sound, _labels(one, fate, (first, days), reached)))
    events.sort(key=lambda one: one.at_ns)
    return FaultyLife(
        zone_name,
        date.fromordinal(date(1970, 1, 1).toordinal() + first),
        days,
        now_ns,
        tuple(streams),
        tuple(events),
        tuple(happened),
    )


def _until(one: Recording, now_local: int) -> Recording:
    past = one.local_end <= now_local
    return Recording(one.source, one.device, one.signal, one.local[past], one.local_end[past], one.value[past])


def _recorded(one: Recording, wrong: tuple[Mishap, ...]) -> tuple[Recording, np.ndarray]:
    """What the device itself made of it: values and dates as they were written, and the fate of each sample so far ("" sound). A watch that
    lies in a drawer and writes zeros goes on doing so."""
    local, end, value = one.local.copy(), one.local_end.copy(), one.value.copy()
    fate = np.full(len(local), "", dtype=object)
    zeros = one.signal == "steps" and bool((one.value == 0).any())
    for mishap in wrong:
        if not mishap.hits(one.device, one.signal):
            continue
        meanwhile = (one.local >= mishap.first) & (one.local < mishap.last)
        if mishap.cause == ODD:
            value[meanwhile] = np.where(value[meanwhile] > 0, value[meanwhile] * 1000 + 300_000, 300_000)
            fate[meanwhile] = "out_of_range"
        elif mishap.cause == CLOCK:
            local[meanwhile] += 900 * DAY
            end[meanwhile] += 900 * DAY
            fate[meanwhile] = "out_of_range"
        elif mishap.cause in _LOST_TO:
            fate[meanwhile] = _LOST_TO[mishap.cause] + ("|zero" if zeros and mishap.cause == OFF else "")
            value[meanwhile] = 0.0 if zeros else value[meanwhile]
    return Recording(one.source, one.device, one.signal, local, end, value), fate


def _labels(
    one: Recording, fate: np.ndarray, span: tuple[int, int], reached: dict[tuple[str, str], tuple[Recording, np.ndarray]]
) -> tuple[str, ...]:
    """The true state of each day, from what became of its samples."""
    first, days = span
    day = (one.local + (6 * HOUR if one.signal in _NIGHTS else 0)) // DAY - first
    covered = _covered(one, reached) if one.device == "Phone" else np.zeros(len(day), dtype=bool)
    return tuple(_label(fate[day == at], covered[day == at], today=at == days - 1) for at in range(days))


def _label(fate: np.ndarray, covered: np.ndarray, *, today: bool) -> str:
    came = fate == ""
    if today:
        return "partly" if came.any() and not covered[came].mean() > 0.5 else ""
    if not len(fate):
        return ""
    lost = [str(one).partition("|")[0] for one in fate[~came]]
    if not came.any():
        return max(set(lost), key=lost.count)
    if covered[came].mean() > 0.5:
        return "duplicate_discarded"
    if lost.count("out_of_range") > came.sum():
        return "out_of_range"
    return "partly" if len(lost) > GRACE * len(fate) else "received"


def _covered(one: Recording, reached: dict[tuple[str, str], tuple[Recording, np.ndarray]]) -> np.ndarray:
    """Which samples of the phone the watch tells of as well: where it was worn, and its steps came."""
    watch, fate = reached["Watch", "steps"]
    at = np.clip(np.searchsorted(watch.local, one.local, side="right") - 1, 0, len(watch.local) - 1)
    inside = one.local < watch.local_end[at]
    return inside & (fate[at] == "")
