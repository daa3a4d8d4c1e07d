"""This is the place where lines of JSON (NDJSON) are told from one long document, and read one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

_SPACE = b" \t\r\n\x1e"
_MARK = b"\xef\xbb\xbf"
_LOOKED_AT = 1 << 22
_LINES = 64


def are_lines(head: bytes) -> bool:
    """Whether these first bytes of a file are one JSON object a line. A few bad lines, even the first, don't hide that."""
    lines = _first_lines(head)
    if len(lines) < 2:
        return False
    if _stands_alone(lines[0]):
        return True
    alone = sum(1 for line in lines[1:] if b'"resourceType"' in line and _stands_alone(line))
    opens = lines[0][-1:] in b"{[,"
    return alone > 0 and (not opens or alone * 2 >= len(lines))


def _first_lines(head: bytes) -> list[bytes]:
    """Up to 64 lines that aren't blank; the last one looked at may be cut short."""
    found: list[bytes] = []
    start = 0
    while start < len(head) and len(found) < _LINES and (start < _LOOKED_AT or not found):
        end = head.find(b"\n", start)
        end = len(head) if end < 0 else end
        line = head[start:end].strip(_SPACE).removeprefix(_MARK)
        if line:
            found.append(line)
        start = end + 1
    return found


def _stands_alone(line: bytes) -> bool:
    if line[:1] != b"{" or line[-1:] != b"}":
        return False
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def numbered_lines(chunks: Iterable[bytes], longest: int) -> Iterator[tuple[int, bytes | None]]:
    """(line number from 1, line) of every line that isn't blank; None in place of a line past `longest` bytes."""
    number, rest, skipping = 0, b"", False
    for chunk in chunks:
        lines = (rest + chunk).split(b"\n") if rest else chunk.split(b"\n")
        rest = lines.pop()
        for line in lines:
            number += 1
            if skipping or len(line) > longest:
                skipping = False
                yield number, None
                continue
            line = line.strip(_SPACE).removeprefix(_MARK)
            if line:
                yield number, line
        if len(rest) > longest:
            rest, skipping = b"", True
    last = rest.strip(_SPACE).removeprefix(_MARK)
    if skipping or len(last) > longest:
        yield number + 1, None
    elif last:
        yield number + 1, last
