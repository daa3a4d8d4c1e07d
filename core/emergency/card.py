"""This is the place where the emergency card becomes plain text that fits a QR code, with what had no room counted in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

MOST_BYTES = 900
"""What a telephone's camera still reads from a screen or a sheet: a version 24 code with medium error correction holds 911 bytes (ISO/IEC 18004, table 7)."""
_LONGEST, _SHORTEST = 60, 12


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with its entries. `rank`: the higher, the earlier it gives way; 0 is cut last."""

    key: str
    title: str
    entries: tuple[str, ...]
    rank: int = 1


@dataclass(frozen=True, slots=True)
class Payload:
    """The text, and how many entries of which section had no room or were shortened."""

    text: str
    cut: tuple[tuple[str, int], ...] = ()


def payload(title: str, sections: Sequence[Section], more: Callable[[int], str], most: int = MOST_BYTES) -> Payload:
    """The card as text of at most that many bytes of UTF-8. Entries go from the end of the section that matters least; then all are shortened."""
    kept = [replace(one, entries=tuple(map(_flat, one.entries))) for one in sections]
    whole = {one.key: len(one.entries) for one in kept}
    left_out: dict[str, int] = {}
    while _size(title, kept, left_out, more) > most:
        at = _gives_way(kept)
        if at is None:
            break
        left_out[kept[at].key] = left_out.get(kept[at].key, 0) + 1
        kept[at] = replace(kept[at], entries=kept[at].entries[:-1])
    shortened: set[tuple[str, int]] = set()
    for length in range(_LONGEST, _SHORTEST - 1, -8):
        if _size(title, kept, left_out, more) <= most:
            break
        for at, one in enumerate(kept):
            shortened |= {(one.key, n) for n, entry in enumerate(one.entries) if len(entry) > length}
            kept[at] = replace(one, entries=tuple(_cut(entry, length) for entry in one.entries))
    text = _text(title, kept, left_out, more)
    if len(text.encode()) > most:
        text = text.encode()[: most - 3].decode(errors="ignore") + "…"
        shortened |= {(one.key, 0) for one in kept}
    short = {key: sum(1 for name, _ in shortened if name == key) for key in whole}
    counts = {key: min(left_out.get(key, 0) + short[key], max(whole[key], 1)) for key in whole}
    return Payload(text, tuple((key, n) for key, n in counts.items() if n))


def _gives_way(kept: Sequence[Section]) -> int | None:
    """Which section loses an entry: of those that matter least the one with most left; each keeps one."""
    able = [(one.rank, len(one.entries), at) for at, one in enumerate(kept) if len(one.entries) > 1]
    return max(able)[2] if able else None


def _size(title: str, kept: Sequence[Section], left_out: dict[str, int], more: Callable[[int], str]) -> int:
    return len(_text(title, kept, left_out, more).encode())


def _text(title: str, kept: Sequence[Section], left_out: dict[str, int], more: Callable[[int], str]) -> str:
    lines = [title]
    for one in kept:
        entries = [*one.entries, more(left_out[one.key])] if left_out.get(one.key) else list(one.entries)
        lines.append(f"{one.title}: {'; '.join(entries)}")
    return "\n".join(lines)


def _flat(text: str) -> str:
    """On one line, and nothing in it that is no character of a text."""
    clean = text.encode("utf-8", errors="ignore").decode()
    return " ".join("".join(char if char.isprintable() else " " for char in clean).split())


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
