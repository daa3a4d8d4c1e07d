"""This is the place where what a device's own software said of the heart is listed: the vendor's findings, never ours."""

from __future__ import annotations

from collections import Counter

from core.care.access import Action, require
from core.care.counting import Reader
from core.care.picture_views import PictureQuery
from core.care.pictures import sight_of
from core.care.special_views import Finding, FindingsView
from core.care.trends import TrendShelf
from core.domain.people import Actor
from core.domain.signals import SIGNALS
from core.errors import BadInput
from core.ports import Ports
from core.trends.columns import instant

SIGNALS_WITH_FINDINGS = ("rhythm_flag", "ecg", "ppg")


def view(ports: Ports, actor: Actor, person_id: str, kept: TrendShelf, query: PictureQuery) -> FindingsView:
    """All findings of the (one) signal of a query in its stretch of time. Raises BadInput for a signal that has none."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    signal = query.signals[0] if query.signals else ""
    if signal not in SIGNALS_WITH_FINDINGS:
        raise BadInput("unknown_signal", place="signal", need=" ".join(SIGNALS_WITH_FINDINGS))
    reader = Reader(ports, grant, person_id)
    sight = sight_of(reader, query, kept)
    states = SIGNALS[signal].states
    found = []
    for stream, settled in reader.strands(sight, (signal,), (sight.start, sight.end)):
        usable = settled.take(settled.usable)
        for start, end, value in zip(usable.start.tolist(), usable.end.tolist(), usable.value.tolist(), strict=True):
            if sight.start <= instant(start) <= sight.end and 0 <= int(value) < len(states):
                seconds = round((end - start) / 1e9)
                found.append(Finding(instant(start).isoformat(), signal, states[int(value)], sight.key(stream), seconds))
    found.sort(key=lambda one: one.when, reverse=True)
    counts = Counter(one.state for one in found)
    return FindingsView(signal, tuple(found), tuple((state, counts[state]) for state in states if counts[state]))
