"""This is the place where sealed visits wait on disk until the server has given a receipt for each.

One file per visit, in a folder of its own: `<number><random>.visit`. It is written under another name (`.part`), forced to the disk and renamed, so that a file of that
name is a whole one: what a power cut leaves of the others is thrown away at the next start, and nobody was told that it was kept. A digest at the end finds a file that was
damaged since; such files and those the server refused are put apart in `refused/`, never sent again by themselves and never thrown away, and the kiosk tells how many.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

from core.errors import SourceUnavailable
from core.kiosk import wire
from core.kiosk.sending import Waiting
from core.kiosk.terms import SealedVisit

MAGIC = b"HBKV1\x00"
ENDING, HALF, APART = ".visit", ".part", "refused"
MOST_BYTES = 256 * 1024 * 1024
"""What may lie in the outbox in all, refused ones counted."""
LEFT_FREE = 64 * 1024 * 1024
"""What stays free on the disk."""
_HEAD = struct.Struct(">6sBQQ")
"""Magic, length of the visit's id, when it was sealed (seconds since 1970), length of the body."""
_DIGEST = 32


class Outbox:
    """A folder of sealed visits. Several threads may use one; several processes may use one folder."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self.folder, self.most_bytes = folder, most_bytes
        self._lock = RLock()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / APART).mkdir(exist_ok=True, mode=0o700)
        with self._lock, self._shared():
            for half in folder.glob(f"*{HALF}"):
                half.unlink(missing_ok=True)

    def put(self, visit: SealedVisit) -> Path:
        """Keep a visit: once this returns it outlives a power cut. One that is there already is not written again. Raises SourceUnavailable("outbox_full")."""
        with self._lock, self._shared():
            found = self._named(visit.visit_id)
            if found is not None:
                return found
            whole = _packed(visit)
            self._room_for(len(whole))
            place = self.folder / f"{self._number():012d}{secrets.token_hex(8)}{ENDING}"
            half = place.with_suffix(HALF)
            try:
                _write_through(half, whole)
                half.rename(place)
                _force(self.folder)
            except OSError:
                with suppress(OSError):
                    half.unlink(missing_ok=True)
                raise SourceUnavailable("outbox_full") from None
            return place

    def oldest_first(self) -> Iterator[tuple[Path, SealedVisit]]:
        """What waits, in the order in which it was kept; a damaged file is put apart on the way."""
        for place in self._places():
            visit = self._opened(place)
            if visit is not None:
                yield place, visit

    def remove(self, place: Path) -> None:
        """There is a receipt."""
        with self._lock, suppress(FileNotFoundError):
            place.unlink()
            _force(self.folder)

    def set_apart(self, place: Path) -> None:
        """The server doesn't want it, or it is damaged: kept, and not sent again by itself."""
        with self._lock, suppress(FileNotFoundError):
            place.rename(self.folder / APART / place.name)
            _force(self.folder / APART)
            _force(self.folder)

    def again(self) -> int:
        """Put what was refused back into the queue (a server may have been wrong); how many."""
        back = sorted((self.folder / APART).glob(f"*{ENDING}"))
        with self._lock:
            for place in back:
                place.rename(self.folder / place.name)
            _force(self.folder)
        return len(back)

    def waiting(self) -> Waiting:
        """What lies here now."""
        places = self._places()
        oldest = next((at for place in places if (at := _sealed_at(place)) is not None), None)
        apart = list((self.folder / APART).glob(f"*{ENDING}"))
        return Waiting(len(places), oldest, len(apart), sum(_size(place) for place in (*places, *apart)))

    def has_room(self) -> bool:
        """Whether the largest visit would still fit."""
        try:
            self._room_for(wire.MOST_SEALED)
        except SourceUnavailable:
            return False
        return True

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether this process (and thread) has the outbox for itself to send from; yields False where another has it."""
        with (self.folder / ".sending").open("ab") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    @contextmanager
    def _shared(self) -> Iterator[None]:
        """Two processes never number or sweep at one time."""
        with (self.folder / ".writing").open("ab") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield

    def _places(self) -> list[Path]:
        return sorted(self.folder.glob(f"*{ENDING}"))

    def _number(self) -> int:
        """The next one: the order is that of keeping, whatever the clock does."""
        known = [
            int(place.name[:12])
            for place in (*self._places(), *(self.folder / APART).glob(f"*{ENDING}"))
            if place.name[:12].isdigit()
        ]
        return max(known, default=0) + 1

    def _named(self, visit_id: str) -> Path | None:
        return next((place for place in self._places() if _visit_id(place) == visit_id), None)

    def _room_for(self, size: int) -> None:
        free = os.statvfs(self.folder)
        if self.waiting().size + size > self.most_bytes or free.f_bavail * free.f_frsize < size + LEFT_FREE:
            raise SourceUnavailable("outbox_full")

    def _opened(self, place: Path) -> SealedVisit | None:
        try:
            visit = _unpacked(place.read_bytes())
        except FileNotFoundError:
            return None
        if visit is None:
            self.set_apart(place)
        return visit


def _packed(visit: SealedVisit) -> bytes:
    name = visit.visit_id.encode()
    head = _HEAD.pack(MAGIC, len(name), int(visit.sealed_at.timestamp()), len(visit.body)) + name
    return head + visit.body + hashlib.sha256(head + visit.body).digest()


def _unpacked(whole: bytes) -> SealedVisit | None:
    """The visit, None where the file isn't what was written."""
    if len(whole) < _HEAD.size + _DIGEST or hashlib.sha256(whole[:-_DIGEST]).digest() != whole[-_DIGEST:]:
        return None
    magic, named, sealed, length = _HEAD.unpack_from(whole)
    start = _HEAD.size + named
    if magic != MAGIC or start + length + _DIGEST != len(whole):
        return None
    return SealedVisit(
        whole[_HEAD.size : start].decode("ascii", "replace"), datetime.fromtimestamp(sealed, UTC), whole[start : start + length]
    )


def _head(place: Path) -> tuple[str, datetime] | None:
    try:
        with place.open("rb") as file:
            magic, named, sealed, _length = _HEAD.unpack(file.read(_HEAD.size))
            return (file.read(named).decode("ascii", "replace"), datetime.fromtimestamp(sealed, UTC)) if magic == MAGIC else None
    except (OSError, struct.error, OverflowError, ValueError):
        return None


def _visit_id(place: Path) -> str:
    head = _head(place)
    return head[0] if head else ""


def _sealed_at(place: Path) -> datetime | None:
    head = _head(place)
    return head[1] if head else None


def _size(place: Path) -> int:
    try:
        return place.stat().st_size
    except OSError:
        return 0


def _write_through(place: Path, whole: bytes) -> None:
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(whole)
        file.flush()
        os.fsync(file.fileno())


def _force(folder: Path) -> None:
    """A new name outlives a power cut only once its folder is written too."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
