"""This is the place where what devices themselves claim is gathered for Today: findings of the heart, pressures measured without a cuff.

Neither is ours: the first are told as the vendor's, the second are shown as not validated, and nothing is judged by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, timedelta

from core.care.lately_desk import SHOWN_FOR, Desk
from core.care.lately_views import LatelyTile, VendorFinding
from core.care.views import Fact
from core.domain.records import SourceMark
from core.domain.samples import UNVALIDATED
from core.domain.signals import SIGNALS
from core.trends.columns import instant
from core.trends.days import settle

TELLING: Mapping[str, frozenset[str]] = {
    "rhythm_flag": frozenset({"irregular", "high_rate", "low_rate"}),
    "ecg": frozenset({"atrial_fibrillation", "high_rate", "low_rate"}),
}
"""What a vendor's software says that somebody should look at."""
FINDINGS_FOR = timedelta(days=30)
_PRESSURE = ("sbp", "dbp")


def cuffless(desk: Desk, there: set[str]) -> tuple[LatelyTile, ...]:
    """The newest blood pressure that was measured without a cuff: shown as such, and held against nothing."""
    if not there & set(_PRESSURE):
        return ()
    found = desk.ports.store.strands(
        desk.person_id, _PRESSURE, desk.now - SHOWN_FOR, desk.now + timedelta(days=1), desk.grant.event("lately")
    )
    halves: dict[str, list[tuple[int, float, SourceMark]]] = {half: [] for half in _PRESSURE}
    for one in (one for one in found if not desk.leaves_out(one.stream)):
        columns = one.columns.take(one.columns.usable & ((one.columns.quality & UNVALIDATED) != 0))
        settled = settle(columns, desk.zone)
        halves[one.stream.signal] += [
            (int(at), float(value), desk.mark(one.stream)) for at, value in zip(settled.start, settled.value, strict=True)
        ]
    lower = {at: value for at, value, _ in halves["dbp"]}
    pairs = sorted((at, value, lower[at], mark) for at, value, mark in halves["sbp"] if at in lower)
    if not pairs or instant(pairs[-1][0]) > desk.now + timedelta(days=1):
        return ()
    at, upper, low, mark = pairs[-1]
    spark = tuple((one[0] / 1e9, one[1]) for one in pairs[-30:])
    day = instant(at).astimezone(desk.zone or UTC).date()
    return (
        LatelyTile(
            "blood_pressure", "signal.blood_pressure", SIGNALS["sbp"].unit, 0, round(upper), day, "unjudged", Fact("caution.cuffless"),
            spark, None, (mark,), ("caution.cuffless",), round(low),
        ),
    )  # fmt: skip


def findings(desk: Desk, there: set[str]) -> tuple[VendorFinding, ...]:
    """What devices themselves said of the heart lately, the newest first."""
    asked = [signal for signal in TELLING if signal in there]
    if not asked:
        return ()
    found: dict[str, list[tuple[int, str]]] = {}
    strands = desk.ports.store.strands(
        desk.person_id, asked, desk.now - FINDINGS_FOR, desk.now + timedelta(days=1), desk.grant.event("lately")
    )
    for one in strands:
        if desk.leaves_out(one.stream):
            continue
        states = SIGNALS[one.stream.signal].states
        settled = settle(one.columns.take(one.columns.usable), desk.zone)
        for at, value in zip(settled.start.tolist(), settled.value.tolist(), strict=True):
            state = states[int(value)] if 0 <= int(value) < len(states) else ""
            if state in TELLING[one.stream.signal]:
                found.setdefault(f"finding.{one.stream.signal}.{state}", []).append((at, desk.mark(one.stream).label))
    made = [VendorFinding(code, instant(max(told)[0]).isoformat(), len(told), max(told)[1]) for code, told in found.items()]
    return tuple(sorted(made, key=lambda one: one.when, reverse=True))
