"""This is the place where answers of vendors' interfaces that somebody saved are told apart: Fitbit, iHealth, Jawbone, Misfit, Moves,
RunKeeper and Withings, each read by its own module. A file is an answer, a list of answers, or one a line. Empty lists are no entries.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from core.domain.samples import Parsed
from core.sources.wearables import vendor_fitbit, vendor_ihealth, vendor_jawbone, vendor_small, vendor_withings
from core.sources.wearables.form import Format, Member
from core.sources.wearables.json_fields import UNKNOWN, Entries, Odd
from core.sources.wearables.json_read import documents, glance_at
from core.sources.wearables.json_scan import Glance, glance

Reader = Callable[[Entries, Mapping[str, Any], str], None]
_VENDORS: tuple[tuple[Callable[[Glance], bool], Reader], ...] = (
    (vendor_ihealth.knows, vendor_ihealth.read),
    (vendor_withings.knows, vendor_withings.read),
    (vendor_jawbone.knows, vendor_jawbone.read),
    (vendor_fitbit.knows, vendor_fitbit.read),
    (vendor_small.knows_misfit, vendor_small.read_misfit),
    (vendor_small.knows_moves, vendor_small.read_moves),
    (vendor_small.knows_runkeeper, vendor_small.read_runkeeper),
)


def _reader(seen: Glance) -> Reader | None:
    if seen.health_record:
        return None
    return next((read for knows, read in _VENDORS if knows(seen)), None)


def recognises(head: bytes, name: str) -> bool:
    return _reader(glance_at(head)) is not None


def read(member: Member) -> Parsed:
    entries = Entries(member.name)
    yield from entries.closed(_read(member, entries))


def _read(member: Member, entries: Entries) -> Parsed:
    for piece in documents(member):
        if piece.why:
            entries.fault(piece)
        for document in piece.items:
            several = isinstance(document, list)
            for number, page in enumerate(document if several else [document]):
                _page(entries, page, f"[{number}]." if several else "", several)
                yield from entries.ready()


def _page(entries: Entries, page: Any, at: str, several: bool) -> None:
    if not isinstance(page, dict):
        entries.odd("page", Odd("refused", "entry_not_an_object"), at)
        return
    written = json.dumps(page).encode()
    reader = _reader(glance(b"[" + written + b"]" if several else written)) or (_reader(glance(written)) if several else None)
    if reader is None:
        entries.odd("page", UNKNOWN, at)
    else:
        reader(entries, page, at)


FORMAT = Format("vendor_api", recognises, read)
