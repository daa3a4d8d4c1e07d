"""This is the place where overlaps are resolved as slowly and as plainly as can be: sample by sample, minute by minute, by the written rules.

Samples are (start, end, value) in whole minutes; a device is (name, {grain: samples}); devices come in order of trust.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

Row = tuple[int, int, float]
Device = tuple[str, Mapping[str, Sequence[Row]]]
Counted = list[tuple[int, int, float, float, str]]
"""(start, end, value, share, device) of all that counts, sorted."""
Lost = Counter[tuple[str, str, str]]
"""(device, grain, reason) -> how many."""

LASTS = {"": 0, "1min": 1, "15min": 15, "1h": 60, "1d": 1440}
ORDER = tuple(LASTS)
IN_BED = 0.0


def plainly(devices: Sequence[Device], kind: str, decimals: int = 0) -> tuple[Counted, Lost]:
    """What counts, and what does not and why."""
    lost: Lost = Counter()
    told: set[Row] = set()
    mine: list[tuple[str, list[tuple[str, Row, int]]]] = []
    for name, grains in devices:
        kept = [(grain, row, until(row, rows, grain, kind)) for grain, rows in grains.items() for row in rows]
        kept = _without(kept, lambda one, kept=kept: _has_finer(one, kept), lost, (name, "summary_of_finer"))
        kept = _without(kept, lambda one: one[1] in told, lost, (name, "same_measurement"))
        told |= {row for _, row, _ in kept}
        mine.append((name, kept))
    counted = {"cumulative": _amounts, "average": _levels, "state": _states}.get(kind, _measurements)(mine, lost, decimals)
    return sorted(counted), lost


def until(row: Row, rows: Sequence[Row], grain: str, kind: str) -> int:
    """Until which minute a sample tells of the time."""
    if row[1] > row[0]:
        return row[1]
    if LASTS[grain]:
        return row[0] + LASTS[grain]
    return min([row[0] + 60, *(other[0] for other in rows if other[0] > row[0])]) if kind == "cumulative" else row[1]


def _without(kept, gone: Callable, lost: Lost, why: tuple[str, str]) -> list[tuple[str, Row, int]]:
    for one in kept:
        if gone(one):
            lost[(why[0], one[0], why[1])] += 1
    return [one for one in kept if not gone(one)]


def _has_finer(one, kept) -> bool:
    grain, (start, _, _), stop = one
    for other, (begin, end, _), _ in kept:
        if ORDER.index(other) < ORDER.index(grain) and (start <= begin < stop or max(start, begin) < min(stop, end)):
            return True
    return False


def _amounts(devices, lost: Lost, _: int) -> Counted:
    counted, taken = [], set()
    for name, kept in devices:
        fresh = set()
        for grain, (start, end, value), stop in kept:
            minutes = range(start, end)
            share = (start not in taken) * 1.0 if start == end else sum(m not in taken for m in minutes) / len(minutes)
            lost[(name, grain, "overlap" if share == 0 else "partly_overlap" if share < 1 else "")] += 1
            if share:
                counted.append((start, end, value, share, name))
            fresh.update(range(start, stop))
        taken |= fresh
    return counted


def _levels(devices, lost: Lost, _: int) -> Counted:
    counted, taken = [], set()
    for name, kept in devices:
        fresh = set()
        for grain, (start, end, value), _stop in kept:
            windows = {minute // 5 for minute in range(start, max(end, start + 1))}
            if windows & taken:
                lost[(name, grain, "overlap")] += 1
            else:
                counted.append((start, end, value, 1.0, name))
                fresh.add(start // 5)
        taken |= fresh
    return counted


def _states(devices, lost: Lost, _: int) -> Counted:
    counted, stages, anything = [], set(), set()
    for name, kept in devices:
        fresh_stages, fresh = set(), set()
        for grain, (start, end, value), _stop in kept:
            taken = anything if value == IN_BED else stages
            minutes = [m for m in range(start, end) if m not in taken]
            if start == end:
                pieces = [] if start in taken else [(start, end)]
            else:
                begins = [m for m in minutes if m - 1 not in minutes]
                pieces = [(b, next(m for m in range(b, end + 1) if m == end or m not in minutes)) for b in begins]
            counted += [(b, e, value, 1.0, name) for b, e in pieces]
            if not pieces:
                lost[(name, grain, "overlap")] += 1
            elif len(minutes) < end - start:
                lost[(name, grain, "partly_overlap")] += 1
            fresh.update(range(start, end))
            fresh_stages.update(range(start, end) if value != IN_BED else ())
        stages, anything = stages | fresh_stages, anything | fresh
    return counted


def _measurements(devices, lost: Lost, decimals: int) -> Counted:
    counted: Counted = []
    for name, kept in devices:
        fresh = []
        for grain, (start, end, value), _stop in kept:
            if any(abs(start - other[0]) <= 1 and round(value, decimals) == round(other[2], decimals) for other in counted):
                lost[(name, grain, "same_measurement")] += 1
            else:
                fresh.append((start, end, value, 1.0, name))
        counted += fresh
    return counted
