"""This is the place where devices get an order: whose samples count where two tell of the same time.

First the devices that the person named, in their order; then what is worn on the body, what is carried, and all others; then the device with
the finer grain, then the one with more samples in the store. A last tie is broken by name, so that the order in which
streams are handed in changes nothing. The names are an engineering choice; the person's own order overrules them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.domain.samples import GRAINS, Stream

WORN, CARRIED, OTHER = range(3)
_WORN = (
    r"watch|\bring\b|oura|\bband\b|smartband|bracelet|strap|fitbit|charge \d|versa|inspire|ionic|luxe|garmin|forerunner|f[eē]nix|v[ií]vo"
    r"|venu|instinct|whoop|polar|vantage|suunto|coros|amazfit|galaxy fit|gear (?:s|fit)|sm-r\d|scanwatch|steel hr|withings (?:move|pulse)"
    r"|ultrahuman|dexcom|libre|手表|手錶|手環|手环|戒指|指环|腕表|臂带|心率带"
)
_CARRIED = (
    r"phone|pixel|android|handy|sm-[agnsf]\d|galaxy (?:s|a|z|note)\b|galaxy [saz]\d|moto\b|oneplus|redmi|nexus|xperia|手机|手機"
)
NAMES = ((WORN, _WORN), (CARRIED, _CARRIED))
"""Pattern of a device's name -> how it is carried; the first that fits decides."""
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in NAMES)

Rank = tuple[int, int, int, int, str, str]


def carried(device: str) -> int:
    """WORN, CARRIED or OTHER by the name of a device."""
    return next((kind for kind, pattern in _PATTERNS if pattern.search(device)), OTHER)


def grain_of(stream: Stream) -> int:
    """How coarse the samples of a stream are: the index in GRAINS."""
    return GRAINS.index(stream.grain) if stream.grain in GRAINS else len(GRAINS)


def rank(stream: Stream, order: Sequence[str] = ()) -> Rank:
    """Where a stream stands among those of its signal; the lowest comes first. `order`: the devices the person put first (a device without a
    name goes by the id of its source)."""
    name = stream.device or stream.source_id
    chosen = list(order).index(name) if name in order else len(order)
    return chosen, carried(stream.device), grain_of(stream), -stream.samples, stream.device, stream.source_id


def device_ranks(streams: Sequence[Stream], order: Sequence[str] = ()) -> list[int]:
    """For each stream the rank of its device, 0 the highest. The streams of one device of one source (its grains) share a rank: that of
    the finest grain and all samples together."""
    groups: dict[tuple[str, str], list[Stream]] = {}
    for stream in streams:
        groups.setdefault((stream.source_id, stream.device), []).append(stream)
    ranks = {}
    for key, mine in groups.items():
        chosen, kind, _, _, device, source_id = rank(mine[0], order)
        ranks[key] = (chosen, kind, min(grain_of(one) for one in mine), -sum(one.samples for one in mine), device, source_id)
    place = {key: at for at, key in enumerate(sorted(ranks, key=lambda key: ranks[key]))}
    return [place[(stream.source_id, stream.device)] for stream in streams]
