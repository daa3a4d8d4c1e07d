"""This is the place where the export of Apple's Health app is read: export.xml, from whatever name it has in the phone's language.

Clock: every date names its offset, which is kept; a record that names its zone (HKTimeZone) has the offset of that zone, its instant
stays. A sample runs from startDate to endDate; its device is the source's name. What becomes what stands in apple_types.py.
"""

from __future__ import annotations

import re

from core.domain.samples import Parsed, Tally
from core.errors import FileRefused
from core.sources.wearables.apple_sink import Sink
from core.sources.wearables.apple_xml import Reading, encoding_of, pieces
from core.sources.wearables.form import Format, Member

KEY = "apple_health"
_ROOT = re.compile(r"<!DOCTYPE\s+HealthData\b|<HealthData[\s>/]")


def recognises(head: bytes, name: str) -> bool:
    """Whether the root element, or the document type, is HealthData."""
    return _ROOT.search(text_of(head)) is not None


def text_of(head: bytes) -> str:
    """The first bytes of an XML file as text, in whatever encoding they say."""
    return head.decode(encoding_of(head), "replace")


def read(member: Member) -> Parsed:
    """Every record once. A declared entity ends it at once with "xml_entities"; damage costs the entry it is in."""
    sink = Sink(member.name)
    reading = Reading(sink)
    try:
        for piece, last in pieces(member):
            reading.take(piece, final=last)
            yield from sink.ready()
    except FileRefused as refused:
        yield from sink.rest()
        if refused.code not in OURS:
            raise
        yield Tally(member.name, KEY, "refused", refused.code)
        return
    yield from sink.rest()


OURS = frozenset({"xml_entities", "entry_too_large", "nested_too_deep"})
"""Reasons of this reader itself; others are the stream's own (a limit, a damaged archive)."""

FORMAT = Format(KEY, recognises, read)
