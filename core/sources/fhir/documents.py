"""This is the place where a file's bytes become entries: one resource each, as the bytes it was sent as.

A document (a Bundle, a resource, an array) is read in one piece where it is short and streamed where it is long; lines of
JSON are read line by line. A document that isn't well-formed JSON is refused whole (FileRefused); a bad line loses itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import msgspec
import orjson

from core.errors import FileRefused
from core.sources.fhir.elements import (
    AS_DOCUMENT,
    AS_ENTRY,
    AS_HEAD,
    AS_LIST,
    UNREADABLE,
    BundleHead,
    DocumentShape,
    Element,
    EntryShape,
)  # fmt: skip
from core.sources.fhir.json_faults import fault_in
from core.sources.fhir.limits import Limits
from core.sources.fhir.lines import are_lines, numbered_lines
from core.sources.fhir.members import CHUNK
from core.sources.fhir.splitter import Piece, Splitter

_FIRST_KEY = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"(\w{1,64})"')


@dataclass(slots=True)
class DocumentReader:
    """Reads the documents of one pass over a package; Bundles are numbered in the order in which they come."""

    limits: Limits
    scopes: int = 0

    def read(self, chunks: Iterator[bytes]) -> Iterator[Element | BundleHead]:
        """Every entry of one file. Raises FileRefused where the file as a whole isn't JSON."""
        taken, more = self._first(chunks)
        if more is None:
            yield from self._short(b"".join(taken))
        elif are_lines(b"".join(taken)):
            yield from self._lines(chain(taken, more))
        else:
            yield from self._long(taken, more)

    def _first(self, chunks: Iterator[bytes]) -> tuple[list[bytes], Iterator[bytes] | None]:
        """The bytes up to the limit for reading in one piece, and an iterator over the rest where there is more."""
        taken: list[bytes] = []
        size = 0
        for chunk in chunks:
            taken.append(chunk)
            size += len(chunk)
            if size > self.limits.whole_bytes:
                return taken, chunks
        return taken, None

    def _short(self, data: bytes) -> Iterator[Element | BundleHead]:
        found = self._well_formed(data, "", 0)
        if found is None:
            found = self._lines(iter((data,))) if are_lines(data) else iter(self._hard_case(data, "", 0))
        yield from found

    def _long(self, taken: list[bytes], more: Iterator[bytes]) -> Iterator[Element | BundleHead]:
        first = _FIRST_KEY.match(b"".join(taken[:2]))
        if first and first[1] != b"Bundle":
            whole = bytearray()
            for chunk in chain(taken, more):
                whole += chunk
                if len(whole) > self.limits.entry_bytes:
                    raise FileRefused("entry_too_large", limit=self.limits.entry_bytes)
            yield from self._document(bytes(whole), "", 0)
        else:
            yield from self._streamed(chain(taken, more), "", 0)

    def _lines(self, chunks: Iterator[bytes]) -> Iterator[Element | BundleHead]:
        for number, line in numbered_lines(chunks, self.limits.entry_bytes):
            path = f"line {number}"
            if line is None:
                yield Element(path, b"", why="entry_too_large")
                continue
            try:
                found = self._document(line, path, 0)
            except FileRefused as error:
                found = iter((Element(path, b"", why=error.code),))
            yield from found

    def _document(self, data: bytes, path: str, depth: int) -> Iterator[Element | BundleHead]:
        """The entries of JSON in memory; all of them or FileRefused, before the first is given out."""
        found = self._well_formed(data, path, depth)
        return iter(self._hard_case(data, path, depth)) if found is None else found

    def _well_formed(self, data: bytes, path: str, depth: int) -> Iterator[Element | BundleHead] | None:
        """The entries of JSON that is as it should be; None where it isn't."""
        try:
            if data.lstrip()[:1] == b"[":
                return self._array(AS_LIST.decode(data), path, depth)
            document = AS_DOCUMENT.decode(data)
        except UNREADABLE:
            return None
        if document.resourceType != "Bundle":
            return iter((self._one(data, path or "resource", "", 0),))
        return self._bundle(document, path, depth)

    def _hard_case(self, data: bytes, path: str, depth: int) -> list[Element | BundleHead]:
        """JSON that isn't shaped as expected, isn't well-formed, or holds something that can't be kept."""
        try:
            kind = AS_HEAD.decode(data).resourceType
        except UNREADABLE:
            first = _FIRST_KEY.match(data)
            kind = first[1].decode() if first else None
        if data.lstrip()[:1] != b"[" and kind != "Bundle":
            fault = fault_in(data)
            if fault.breaks:
                raise FileRefused(fault.code, place=fault.place, need="well-formed JSON")
            return [Element(path or "resource", data, why="" if fault.code == "entry_unreadable" else fault.code)]
        try:
            pieces = (data[at : at + CHUNK] for at in range(0, len(data), CHUNK))
            return list(self._streamed(pieces, path, depth))
        except FileRefused as error:
            fault = fault_in(data)
            if fault.breaks:
                raise FileRefused(fault.code, place=fault.place, need="well-formed JSON") from error
            raise

    def _array(self, items: list[msgspec.Raw], path: str, depth: int) -> Iterator[Element | BundleHead]:
        for number, item in enumerate(items):
            yield from self._record(bytes(item), f"{path}[{number}]", "", 0, depth)

    def _bundle(self, document: DocumentShape, path: str, depth: int) -> Iterator[Element | BundleHead]:
        self.scopes += 1
        scope = self.scopes
        yield BundleHead(scope, document.link)
        prefix = f"{path}." if path else ""
        small = min(self.limits.entry_nodes, self.limits.entry_bytes)
        for number, entry in enumerate(document.entry or ()):
            raw, url = bytes(entry.resource), entry.fullUrl
            if raw[:1] == b"{" and len(raw) <= small and type(url) is str and b'"Bundle"' not in raw:  # nearly all, so soonest
                yield Element(f"{prefix}entry[{number}]", raw, url, scope)
            else:
                yield from self._entry(entry, f"{prefix}entry[{number}]", scope, depth)

    def _entry(self, entry: EntryShape, path: str, scope: int, depth: int) -> Iterator[Element | BundleHead]:
        raw = bytes(entry.resource)
        if not raw or raw == b"null":
            deleted = b'"DELETE"' in bytes(entry.request)
            yield Element(path, b"", why="deleted_at_source" if deleted else "entry_without_resource", outcome="not_followed")
            return
        full_url = entry.fullUrl if isinstance(entry.fullUrl, str) else ""
        yield from self._record(raw, path, full_url, scope, depth)

    def _record(self, raw: bytes, path: str, full_url: str, scope: int, depth: int) -> Iterator[Element | BundleHead]:
        """One resource; a Bundle is opened, as deep as the limits say."""
        if b'"Bundle"' not in raw or _kind(raw) != "Bundle":
            yield self._one(raw, path, full_url, scope)
            return
        if depth + 1 >= self.limits.nested:
            yield Element(path, b"", why="nested_too_deep")
            return
        empty = True
        for found in self._document(raw, f"{path}.resource" if scope else path, depth + 1):
            empty = empty and not isinstance(found, Element)
            yield found
        if empty:
            yield Element(path, b"", why="bundle_without_entries", outcome="not_followed")

    def _one(self, raw: bytes, path: str, full_url: str, scope: int) -> Element:
        if raw[:1] != b"{" and raw.lstrip()[:1] != b"{":
            return Element(path, b"", why="resource_not_an_object")
        if len(raw) > self.limits.entry_bytes or (len(raw) > self.limits.entry_nodes and _nodes(raw) > self.limits.entry_nodes):
            return Element(path, b"", why="entry_too_large")
        return Element(path, raw, full_url, scope)

    def _streamed(self, chunks: Iterator[bytes], path: str, depth: int) -> Iterator[Element | BundleHead]:
        """The entries of a Bundle or the resources of an array, one at a time."""
        self.scopes += 1
        scope, number = self.scopes, 0
        splitter = Splitter(self.limits.entry_bytes)
        prefix = f"{path}." if path else ""
        for piece in splitter.pieces(chunks):
            bundled = splitter.root == b"{"
            if bundled and not number:  # links that come after the entries come too late to count
                yield BundleHead(scope, _links_before(bytes(splitter.skeleton)))
            if piece.what == "skeleton":
                yield from _leftover(piece.data, f"{prefix}entry")
                continue
            for where, raw in self._in_piece(piece):
                at = f"{prefix}entry[{number}]" if bundled else f"{path}[{number}]"
                number += 1
                if where:
                    yield Element(at, b"", why=where)
                else:
                    yield from self._from_piece(raw, at, scope if bundled else 0, depth)

    def _in_piece(self, piece: Piece) -> Iterator[tuple[str, bytes]]:
        """(reason code or "", JSON) of each element in a piece."""
        if piece.what == "too_large":
            yield "entry_too_large", b""
        elif piece.what == "element":
            yield "", piece.data
        else:
            try:
                for raw in AS_LIST.decode(b"[" + piece.data + b"]"):
                    yield "", bytes(raw)
            except UNREADABLE as error:
                raise FileRefused("not_json", place=f"byte {piece.at}", need="well-formed JSON") from error

    def _from_piece(self, raw: bytes, path: str, scope: int, depth: int) -> Iterator[Element | BundleHead]:
        try:
            entry = AS_ENTRY.decode(raw)
        except UNREADABLE:
            fault = fault_in(raw)
            if fault.breaks:
                raise FileRefused(fault.code, place=f"{path} {fault.place}", need="well-formed JSON") from None
            code = fault.code if raw[:1] == b"{" else "resource_not_an_object" if not scope else "entry_not_an_object"
            yield Element(path, b"", why=code)
            return
        if scope:
            yield from self._entry(entry, path, scope, depth)
        else:
            yield from self._record(raw, path, "", 0, depth)


def _kind(raw: bytes) -> object:
    try:
        return AS_HEAD.decode(raw).resourceType
    except UNREADABLE:
        return None


def _nodes(raw: bytes) -> int:
    return raw.count(b",") + raw.count(b"{") + raw.count(b"[")


def _links_before(skeleton: bytes) -> object:
    """The links of a Bundle as far as it was read when its first entry began."""
    try:
        return AS_HEAD.decode(skeleton + b"]}").link
    except UNREADABLE:
        return None


def _leftover(skeleton: bytes, path: str) -> Iterator[Element]:
    """Checks the document without its entries; refuses one that isn't a Bundle or an array after all."""
    try:
        found = orjson.loads(skeleton)
    except orjson.JSONDecodeError as error:
        fault = fault_in(skeleton)
        raise FileRefused(
            fault.code if fault.breaks else "document_unreadable", place=fault.place, need="well-formed JSON"
        ) from error
    if isinstance(found, list):
        return
    if not isinstance(found, dict) or found.get("resourceType") != "Bundle":
        raise FileRefused("not_fhir", place="resourceType", need="a Bundle around entries")
    if found.get("entry"):
        yield Element(path, b"", why="entry_not_a_list")
