"""This is the place where one entry of a file is described, and how little of its JSON is looked at to find it."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises on bytes it can't read."""


class Element(NamedTuple):
    """One entry. `raw` is the resource's JSON; `why` is a reason code where there is none to read; `scope` numbers the
    Bundle it stood in (0: none), for references that only hold inside it."""

    path: str
    raw: bytes
    full_url: str = ""
    scope: int = 0
    why: str = ""
    outcome: str = "refused"


class BundleHead(NamedTuple):
    """What a Bundle says about itself before its entries: its number and its links."""

    scope: int
    links: object


class EntryShape(msgspec.Struct):
    fullUrl: Any = ""  # noqa: N815  (FHIR's own name)
    resource: msgspec.Raw = msgspec.Raw(b"")
    request: msgspec.Raw = msgspec.Raw(b"")


class DocumentShape(msgspec.Struct):
    resourceType: Any = None  # noqa: N815
    link: Any = None
    entry: list[EntryShape] | None = None


class HeadShape(msgspec.Struct):
    resourceType: Any = None  # noqa: N815
    link: Any = None


AS_DOCUMENT = msgspec.json.Decoder(DocumentShape)
AS_HEAD = msgspec.json.Decoder(HeadShape)
AS_ENTRY = msgspec.json.Decoder(EntryShape)
AS_LIST = msgspec.json.Decoder(list[msgspec.Raw])
