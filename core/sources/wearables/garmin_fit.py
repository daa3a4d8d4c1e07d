"""This is the place where .fit files are read: workouts, all-day monitoring, scales, cuffs and nights, of Garmin and whoever writes FIT.

Times are true instants (seconds since 1989-12-31T00:00Z). The local offset is what "activity", "monitoring_info" or
"timestamp_correlation" say (their local_timestamp against timestamp, a quarter of an hour exact); where none says so it is UTC_ONLY. A
time below 0x10000000 counts from when the device was switched on and is refused ("time_unclear"). timestamp_16 and timestamp_min_8
are the low bits of the time, counted on from the monitoring message before. Distances of a workout are differences of
a running sum; its totals (kcal, steps of walks and runs, metres where no record has them) are given with the grain "1h", so that
all-day monitoring of the same watch, which is finer, counts where both are. Daily values belong to the local day.
A sleep stage lasts until the next is told, the last until the night's end where an event says so.
Tested on 29 real files (workouts, monitoring, weight, broken ones); nights, pressure, saturation and HRV from the profile alone.
"""

from __future__ import annotations

from fitdecode import FitDataMessage

from core.domain.samples import Parsed, Tally
from core.sources.wearables.fit_frames import Messages
from core.sources.wearables.fit_parts import HEADERS, MAGIC, MOST_BYTES, Damage, Part, parts
from core.sources.wearables.fit_reading import Reading
from core.sources.wearables.form import Format, Member

_FIRST = b"\x40\x00\x00\x00\x00"
"""How nearly every file begins after its header: the definition of a file_id."""


def recognises(head: bytes, name: str) -> bool:
    if len(head) < 12 or head[0] not in HEADERS:
        return False
    return head[8:12] == MAGIC or (name.lower().endswith(".fit") and head[head[0] :].startswith(_FIRST))


def read(member: Member) -> Parsed:
    data = bytearray()
    for piece in member.chunks():
        data += piece
        if len(data) > MOST_BYTES:
            yield Tally(member.name, "fit", "refused", "too_large")
            return
    for part in parts(data) if data else (Damage("cut_short"),):
        if isinstance(part, Damage):
            yield Tally(member.name, "fit", "refused", part.why)
        else:
            yield from _part(member.name, data, part)


def _part(path: str, data: bytearray, part: Part) -> Parsed:
    reading, faults = Reading(path), {part.fault: 1} if part.fault else {}
    for one in Messages(memoryview(data), part.start, part.end, part.until, bool(part.fault)):
        if isinstance(one, FitDataMessage):
            reading.take(one)
            yield from reading.ready()
        else:
            faults[one.why] = 1 if one.why == "cut_short" else faults.get(one.why, 0) + 1
    for why, count in faults.items():
        yield Tally(path, "fit", "refused", why, count)
    yield from reading.rest()


FORMAT = Format("garmin_fit", recognises, read)
