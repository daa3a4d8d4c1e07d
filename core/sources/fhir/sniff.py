"""This is the place where a file's first bytes say what it is; its name is never asked."""

from __future__ import annotations

import re

ZIP, GZIP, JSON = "zip", "gzip", "json"
READABLE = (ZIP, GZIP, JSON)

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"PK\x07\x08", ZIP),
    (b"\x1f\x8b", GZIP),
    (b"BZh", "archive_not_supported"),
    (b"\xfd7zXZ\x00", "archive_not_supported"),
    (b"(\xb5/\xfd", "archive_not_supported"),
    (b"7z\xbc\xaf\x27\x1c", "archive_not_supported"),
    (b"Rar!\x1a\x07", "archive_not_supported"),
    (b"%PDF", "pdf_not_a_record"),
    (b"\x89PNG\r\n\x1a\n", "image_not_a_record"),
    (b"\xff\xd8\xff", "image_not_a_record"),
    (b"GIF87a", "image_not_a_record"),
    (b"GIF89a", "image_not_a_record"),
    (b"II*\x00", "image_not_a_record"),
    (b"MM\x00*", "image_not_a_record"),
)
_SPACE = b" \t\r\n\x1e"
_C_CDA = re.compile(rb"<(?:\w+:)?ClinicalDocument[\s>/]|urn:hl7-org:v3")
_FHIR_XML = re.compile(rb"http://hl7\.org/fhir[\"'\s>]")
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)

REFUSALS = (
    "empty", "archive_not_supported", "pdf_not_a_record", "image_not_a_record", "ccda_not_yet", "fhir_xml_not_supported",
    "html_not_a_record", "xml_not_supported", "binary_not_a_record", "not_fhir_file",
)  # fmt: skip
"""Every code `form_of` answers for a file that holds no records we can read (`error.<code>` in the catalogues)."""


def form_of(head: bytes) -> str:
    """ZIP, GZIP or JSON (also lines of JSON), or the code of the refusal. `head` is the first few thousand bytes, already
    turned into UTF-8 where the file had a byte order mark."""
    for magic, form in _MAGIC:
        if head.startswith(magic):
            return form
    if _picture(head):
        return "image_not_a_record"
    start = head.lstrip(_SPACE)
    if not start:
        return "empty"
    if start[:1] in b"{[":
        return JSON
    if start[:1] == b"<":
        return _markup(start)
    if b"\x00" in head:
        return "binary_not_a_record"
    return JSON if _a_line_of_json(head) else "not_fhir_file"


def _picture(head: bytes) -> bool:
    """WebP, HEIC and films, DICOM, bitmaps: known by bytes further in."""
    return (
        (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or head[4:8] == b"ftyp"
        or head[128:132] == b"DICM"
        or (head[:2] == b"BM" and head[6:10] == bytes(4))
    )


def _markup(start: bytes) -> str:
    if _C_CDA.search(start):
        return "ccda_not_yet"
    if _HTML.match(start):
        return "html_not_a_record"
    return "fhir_xml_not_supported" if _FHIR_XML.search(start) else "xml_not_supported"


def _a_line_of_json(head: bytes) -> bool:
    """Whether a later line looks like a record: lines of JSON may have a broken first one."""
    return any(line.lstrip(_SPACE).startswith(b'{"') and b'"resourceType"' in line for line in head.split(b"\n")[1:65])
