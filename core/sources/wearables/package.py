"""This is the place where an upload of device files becomes a package: each file by its own format, batch by batch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.domain.samples import Samples, Tally
from core.errors import FileRefused
from core.ports import PackagePerson, Progress, Upload
from core.sources.wearables.form import HEAD_BYTES, Format, Member
from core.sources.wearables.limits import Limits
from core.sources.wearables.opening import Closed, Spent, files, opened, size_of
from core.sources.wearables.registry import NAMES, NOTHING_ALONE, SEVERAL_PEOPLE, formats

_PIECE = 1 << 20


@dataclass(slots=True)
class WearablePackage:
    """Satisfies `core.ports.SamplePackage`. Read as often as one likes; nothing is kept between two readings."""

    uploads: tuple[Upload, ...]
    formats: tuple[str, ...]
    limits: Limits = field(default_factory=Limits)

    def people(self) -> tuple[PackagePerson, ...]:
        """Device files hold no Patient."""
        return ()

    @property
    def source_name(self) -> str:
        """What the maker is called, "" where the format is nobody's in particular."""
        return next((NAMES[key] for key in self.formats if key in NAMES), "")

    @property
    def digest(self) -> str:
        whole = hashlib.sha256()
        for upload in self.uploads:
            with opened(upload) as raw:
                while piece := raw.read(_PIECE):
                    whole.update(piece)
        return whole.hexdigest()

    def subjects(self) -> tuple[str, ...]:
        """The names by which the files say whose each entry is, each once; ("",) where none says so."""
        if not SEVERAL_PEOPLE & set(self.formats):
            return ("",)
        found = dict.fromkeys(batch.subject for batch in self.batches() if isinstance(batch, Samples))
        return tuple(found) or ("",)

    def batches(self, progress: Progress | None = None) -> Iterator[Samples | Tally]:
        spent = Spent(self.limits)
        for upload in self.uploads:
            with opened(upload) as raw:
                total = size_of(raw)
                furthest = 0
                for one in files(upload, raw, spent):
                    for batch in _read(one):
                        yield batch
                        if progress:
                            furthest = max(furthest, min(raw.tell(), total))
                            progress(furthest, total)
        if progress:
            progress(1, 1)


def recognised(uploads: Sequence[Upload], limits: Limits | None = None) -> WearablePackage | None:
    """The package, where at least one file of these is of a format we know; else None. Never raises on content."""
    limits = limits or Limits()
    keys: dict[str, None] = {}
    for upload in uploads:
        try:
            with opened(upload) as raw:
                for one in files(upload, raw, Spent(limits)):
                    found = _format_of(one) if isinstance(one, Member) else None
                    if found is not None:
                        keys[found.key] = None
        except FileRefused:
            continue  # whoever reads it after us says why
    return WearablePackage(tuple(uploads), tuple(keys), limits) if set(keys) - NOTHING_ALONE else None


def _format_of(member: Member) -> Format | None:
    head = _head(member)
    return next((one for one in formats() if one.recognises(head, member.name)), None)


def _head(member: Member) -> bytes:
    try:
        with member.open() as stream:
            return stream.read(HEAD_BYTES)
    except FileRefused:
        return b""


def _read(one: Member | Closed) -> Iterator[Samples | Tally]:
    if isinstance(one, Closed):
        yield Tally(one.name, "", "refused" if one.followed else "not_followed", one.why)
        return
    found = _format_of(one)
    if found is None:
        yield _passed_over(one)
        return
    try:
        yield from found.read(one)
    except FileRefused as error:
        yield Tally(one.name, found.key, "refused", error.code)


def _passed_over(member: Member) -> Tally:
    try:
        with member.open() as stream:
            head = stream.read(HEAD_BYTES)
    except FileRefused as error:
        return Tally(member.name, "", "refused", error.code)
    if b'"resourceType"' in head:
        return Tally(member.name, "", "not_followed", "record_inside_export")
    return Tally(member.name, "", "not_followed", "not_a_measurement_file")
