"""This is the place where Nightscout's collections are read: entries of a glucose sensor; treatments and profiles are only counted.

`sgv` and `mbg` are always mg/dL, whatever a site shows. `date` is milliseconds since 1970, `utcOffset` minutes beside it (missing or 0 with a
time in Z: UTC only); without `date`, `dateString` counts, and `sysTime` after it. A whole number below 39 is the sensor's code for
an error, no reading (a fraction there is no mg/dL: quarantined); 39 is its "LOW", above 400 its "HIGH" where Dexcom is the device: the
value is that limit (Dexcom G4-G7 show 40 to 400 mg/dL). A finger prick (`mbg`) is `glucose`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.domain.samples import ABOVE, BELOW, FLOATING, UTC_ONLY, Parsed
from core.sources.wearables.clock import SECOND, moment
from core.sources.wearables.collect import Place
from core.sources.wearables.form import Format, Member
from core.sources.wearables.json_fields import (
    BAD_TIME,
    MISSING,
    NO_MEASUREMENT,
    NO_READING,
    UNKNOWN,
    Entries,
    Odd,
    When,
    above_zero,
    epoch,
    number,
    text,
)
from core.sources.wearables.json_list import listed
from core.sources.wearables.json_read import DOCUMENT, glance_at
from core.sources.wearables.json_scan import Glance

_MILLISECOND = SECOND // 1000
_LEAST, _LOW, _HIGH = 39, 40, 400
_ENTRY = re.compile(rb'"(?:sgv|mbg|cal)"')
_MARKS = (b'"eventType"', b'"defaultProfile"')
_COLLECTIONS = frozenset({"entries", "treatments", "profile", "profiles", "devicestatus", "result"})


def _is_entry(names: frozenset[str]) -> bool:
    return bool({"sgv", "mbg", "slope"} & names) and bool({"date", "dateString", "mills"} & names)


def recognises(head: bytes, name: str) -> bool:
    seen: Glance = glance_at(head)
    if not seen.root or seen.health_record:
        return False
    if (
        _is_entry(seen.names)
        or ("eventType" in seen.names and "created_at" in seen.names)
        or {"defaultProfile", "store"} <= seen.names
    ):
        return True
    if seen.root == "{" and _COLLECTIONS & seen.names:
        return (_ENTRY.search(seen.text) is not None and b'"date"' in seen.text) or any(mark in seen.text for mark in _MARKS)
    return False


def read(member: Member) -> Parsed:
    entries = Entries(member.name)
    yield from entries.closed(_read(member, entries))


def _read(member: Member, entries: Entries) -> Parsed:
    for piece in listed(member):
        if piece.why:
            entries.fault(piece)
        for number_, item in enumerate(piece.items, piece.first):
            if piece.key != DOCUMENT or (
                isinstance(item, dict) and (_is_entry(frozenset(item)) or "eventType" in item or "store" in item)
            ):
                _one(entries, item, f"{piece.key}[{number_}]", piece.key)
        yield from entries.ready()


def _one(entries: Entries, item: Any, at: str, key: str) -> None:
    if not isinstance(item, dict):
        entries.odd("entry", Odd("refused", "entry_not_an_object"), at)
        return
    kind = text(item, "type").lower() or next((name for name in ("sgv", "mbg") if name in item), "")
    if "eventType" in item or key == "treatments":
        entries.odd("treatment", NO_MEASUREMENT)
    elif {"store", "defaultProfile", "pump", "openaps", "uploader", "loop"} & set(item):
        entries.odd("profile" if "store" in item else "devicestatus", NO_MEASUREMENT)
    elif kind == "sgv":
        _sensor(entries, item, at)
    elif kind == "mbg":
        value = number(item, "mbg", written=True)
        entries.put("mbg", Place("glucose", _device(item)), _when(item), above_zero(value), 0, at)
    elif kind in ("cal", "rawbg", "etc") or "slope" in item:
        entries.odd(kind or "cal", NO_MEASUREMENT)
    else:
        entries.odd(kind or "entry", UNKNOWN)


def _device(item: Mapping[str, Any]) -> str:
    return text(item, "device") or "Nightscout"


def _sensor(entries: Entries, item: Mapping[str, Any], at: str) -> None:
    value: float | Odd = number(item, "sgv", written=True)
    quality = 0
    if item.get("sgv") is None:
        value = MISSING
    elif not isinstance(value, Odd) and value < _LEAST:
        value = NO_READING if value.is_integer() else Odd("quarantined", "unit_doubtful")
    elif not isinstance(value, Odd) and value < _LOW:
        value, quality = float(_LOW), BELOW
    elif not isinstance(value, Odd) and value > _HIGH and "dexcom" in (text(item, "device") + text(item, "app")).lower():
        value, quality = float(_HIGH), ABOVE
    entries.put("sgv", Place("cgm_glucose", _device(item)), _when(item), value, quality, at)


def _when(item: Mapping[str, Any]) -> When | Odd:
    start = next((epoch(item[name], _MILLISECOND) for name in ("date", "mills") if item.get(name) is not None), None)
    minutes = item.get("utcOffset")
    said = minutes if isinstance(minutes, int) and not isinstance(minutes, bool) and abs(minutes) <= 15 * 60 else 0
    if start is not None and said:
        return When(start, None, said)
    written = next((item[name] for name in ("dateString", "sysTime") if isinstance(item.get(name), str)), "")
    if start is not None and written.endswith("Z"):
        return When(start)
    read = moment(written)
    if start is None:
        return BAD_TIME if read is None else When(read[0], None, said if said and read[1] == UTC_ONLY else read[1])
    near = read is not None and read[1] > FLOATING and abs(read[0] - start) < 60 * SECOND
    return When(start, None, read[1] if near and read else UTC_ONLY)


FORMAT = Format("nightscout", recognises, read)
