"""This is the place where it is found out what can be drawn for a person: every signal with anything in the record or from a device."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from core.care.access import Action, require
from core.care.picture_views import Offer, OfferGroup, Offers
from core.care.trends import TrendShelf, choices
from core.domain.people import Actor
from core.domain.records import SourceMark
from core.domain.samples import Stream
from core.domain.signals import SIGNALS
from core.ports import Ports
from core.trends.columns import instant

PRESSURE = "blood_pressure"
GROUPS = ("heart", "activity", "sleep", "glucose", "body", "feeling", "labs", "other")
"""In the order in which they are offered."""

_MEMBERS: Mapping[str, str] = MappingProxyType(
    {
        "heart": "blood_pressure sbp dbp sbp_mean dbp_mean map hr rhr hrv_rmssd hrv_sdnn rr spo2 ecg ppg rhythm_flag lvef",
        "activity": "steps distance energy_active energy_total energy_basal active_minutes sedentary_minutes floors intensity workout vo2max worn",
        "sleep": "sleep sleep_deep sleep_light sleep_rem sleep_stage",
        "glucose": "cgm_glucose glucose glucose_fasting hba1c cgm_tir cgm_tbr1 cgm_tbr2 cgm_tar1 cgm_tar2 cgm_mean cgm_gmi cgm_cv cgm_days cgm_active",
        "body": "weight bmi body_fat lean_mass height waist head temp skin_temp skin_temp_change peak_flow fev1_fvc cycle",
        "feeling": "mood symptom pain phq9 phq2 gad7",
    }
)
_GROUP_OF = {signal: group for group, signals in _MEMBERS.items() for signal in signals.split()}
_HALVES = {"sbp", "dbp"}


def group_of(signal: str) -> str:
    """On which shelf a signal is offered."""
    row = SIGNALS.get(signal)
    return _GROUP_OF.get(signal) or ("labs" if row and row.category == "lab" else "other")


def offers(ports: Ports, actor: Actor, person_id: str, kept: TrendShelf) -> Offers:
    """Everything that can be drawn. `kept` is the person's shelf of readings (core/care/trends.py), read before."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    streams = (*ports.store.streams(person_id, grant.event("streams")), *(one.stream for one in kept.sampled))
    marks = {
        one.source_id: SourceMark(one.source_id, one.kind, one.label)
        for one in ports.store.sources(person_id, grant.event("streams"))
    }
    found: dict[str, Offer] = {}
    for choice in choices(kept):
        found[choice.signal] = Offer(choice.signal, choice.label, group_of(choice.signal), choice.count, choice.newest)
    for signal, mine in _by_signal(streams).items():
        found[signal] = _with_devices(found.get(signal), signal, mine, marks)
    grouped: dict[str, list[Offer]] = defaultdict(list)
    for signal in (PRESSURE, *SIGNALS):
        if signal in found:
            grouped[found[signal].group].append(found[signal])
    return Offers(
        kept.revision, kept.made_at, tuple(OfferGroup(group, tuple(grouped[group])) for group in GROUPS if grouped[group])
    )


def _by_signal(streams: Iterable[Stream]) -> Mapping[str, list[Stream]]:
    """The streams of each signal; the halves of a blood pressure are offered together."""
    found: dict[str, list[Stream]] = defaultdict(list)
    for stream in streams:
        if stream.samples and stream.signal in SIGNALS:
            found[PRESSURE if stream.signal in _HALVES else stream.signal].append(stream)
    return found


def _with_devices(known: Offer | None, signal: str, streams: list[Stream], marks: Mapping[str, SourceMark]) -> Offer:
    count = (known.count if known else 0) + sum(one.samples for one in streams if one.signal != "dbp")
    newest = max(instant(max(one.first, one.last)).isoformat() for one in streams)
    newest = max(newest, known.newest) if known else newest
    names = (one.device or (marks[one.source_id].label if one.source_id in marks else "") for one in streams)
    sources = tuple(dict.fromkeys(name for name in names if name))
    return Offer(signal, f"signal.{signal}", group_of(signal), count, newest, sources)
