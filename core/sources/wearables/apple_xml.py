"""This is the place where the XML of an Apple Health export is read safely: in pieces, cleaned, and past what is damaged.

The parser is the standard library's expat; plain stretches go past it (apple_plain.py). A piece ends before a "<", so no tag is cut in two. Before it is parsed a piece loses
the control bytes XML forbids (real exports hold some), its bytes that are no UTF-8 become U+FFFD, and references to
forbidden characters go. An entity declaration of any kind, or a DTD from elsewhere, ends the reading at once; Apple's own DTD
declares none and may be broken. Where the text is not well formed, reading goes on at the next element that stands by itself.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import chain
from xml.parsers import expat

import numpy as np

from core.errors import FileRefused
from core.sources.wearables.apple_plain import Plain
from core.sources.wearables.apple_sink import Sink
from core.sources.wearables.form import Member

_PIECE, _ENOUGH = 1 << 18, 512
_LONGEST = 8_000_000
"""Bytes without an end of anything: longer than any element of an export."""
_DEEPEST, _MOST_NAMES = 2_000, 20_000
_CONTROL = bytes([*range(9), 11, 12, *range(14, 32)])
_FORBIDDEN_REFERENCE = re.compile(rb"&#(?:0*([0-9]{1,7})|[xX]0*([0-9a-fA-F]{1,6}));")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_ELEMENT = re.compile(
    rb"<(?:Record|Correlation|Workout|ActivitySummary|ClinicalRecord|Audiogram|VisionPrescription|Me|ExportDate)[\s/>]"
)
_AFTER_CORRELATION = re.compile(rb"</Correlation\s*>|<(?:Correlation|Workout|ActivitySummary)[\s/>]")
_SAFE = re.compile(r"^(iso8859-\d+|cp\d+|koi8-[rut]|mac-?\w+|gb2312|gbk|gb18030|big5\w*|shift_jis\w*|euc_\w+|hz|johab|tis-620)$")
_MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
          (b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"), (b"<\x00!\x00", "utf-16-le"), (b"\x00<\x00!", "utf-16-be"),
          (b"<\x00H\x00", "utf-16-le"), (b"\x00<\x00H", "utf-16-be"))  # fmt: skip
_CUT = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN, expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)  # fmt: skip
_BLANK = codecs.BOM_UTF8 + b" \t\r\n"
ENTITIES = "xml_entities"


def encoding_of(head: bytes) -> str:
    """The encoding a file's first bytes say it has. What says it in ASCII and names none we know is read as UTF-8."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    said = _DECLARED.match(head.removeprefix(codecs.BOM_UTF8))
    try:
        name = codecs.lookup(said[1].decode()).name if said else ""
    except LookupError:
        name = ""
    return name if _SAFE.match(name) else "utf-8"


def pieces(member: Member) -> Iterator[tuple[bytes, bool]]:
    """The file as clean UTF-8: (piece, whether it is the last), each piece ending before a "<". Raises
    FileRefused("entry_too_large")."""
    chunks = member.chunks(_PIECE)
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= _ENOUGH:
            break
    encoding = encoding_of(head)
    decode = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)("replace")
    carry = b""
    try:
        for chunk in chain([head], chunks):
            if decode:
                chunk = decode.decode(chunk).encode("utf-8", "replace")
            data = carry + chunk if carry else chunk.lstrip(_BLANK)
            cut = data.rfind(b"<Record ")
            cut = cut if cut > 0 else data.rfind(b"<")
            if cut > 0:
                yield _clean(data[:cut]), False
                data = data[cut:]
            carry = data
            if len(carry) > _LONGEST:
                carry = b""
                raise FileRefused("entry_too_large")
    except FileRefused:
        yield _clean(carry), False  # an archive may be damaged further on: what came out of it counts
        raise
    yield _clean(carry + (decode.decode(b"", True).encode("utf-8", "replace") if decode else b"")), True


def _clean(piece: bytes) -> bytes:
    codes = np.frombuffer(piece, np.uint8)
    if len(codes) and (codes.min() < 9 or (codes - np.uint8(11) < 21).any()):
        piece = piece.translate(None, _CONTROL)
    if not piece.isascii():
        try:
            piece.decode()
        except UnicodeDecodeError:
            piece = piece.decode("utf-8", "replace").encode()
    return _FORBIDDEN_REFERENCE.sub(_allowed, piece) if b"&#" in piece else piece


def _allowed(found: re.Match[bytes]) -> bytes:
    code = int(found[1]) if found[1] else int(found[2], 16)
    good = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return found[0] if good else b""


class Reading:
    """One reading of a file: pieces go to expat, elements to the sink, damage to its tallies."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self._start, self._plain = sink.starts(), Plain(sink)
        self._parser: expat.XMLParserType | None = None
        self._ends: list[str] = []
        self._opened, self._closed, self._fed, self._read, self._again = 0, 0, 0, 0, -1
        self._simple = True
        sink.entered = self._watch
        self._open()

    def take(self, piece: bytes, *, final: bool = False) -> None:
        """Read one piece. Raises FileRefused for what no honest file holds."""
        if not (self._may_be_plain(final) and self._plain.take(piece)):
            self._parse(piece, final)
        self._read += len(piece)

    def _may_be_plain(self, final: bool) -> bool:
        """Whether the parser stands between two children of the root, with nothing but elements since the root began."""
        return not final and self._simple and self._parser is not None and self._depth == 1

    @property
    def _depth(self) -> int:
        return self.sink.opened - self._opened - self._closed

    def _parse(self, piece: bytes, final: bool) -> None:
        at = 0
        while at <= len(piece):
            if self._parser is None:
                found = _ELEMENT.search(piece, at)
                if found is None:
                    break
                at = found.start()
                self._open(b"<HealthData>")
            parser = self._parser
            assert parser is not None
            try:
                parser.Parse(piece[at:] if at else piece, final)
            except expat.ExpatError as error:
                if final and error.code in _CUT:
                    self.sink.odd("", "refused", "cut_short")
                    break
                at = self._damaged(piece, at, parser)
                continue
            self._fed += len(piece) - at
            break
        self._within_reason()
        if self._simple and self.sink.opened:
            inside = max(piece.find(b"<HealthData"), 0)
            self._simple = piece.find(b"<!", inside) < 0 and piece.find(b"<?", inside) < 0

    def _open(self, root: bytes = b"") -> None:
        parser = expat.ParserCreate("utf-8")
        parser.ordered_attributes = True
        parser.specified_attributes = True
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._ends.append  # no Python runs where an element ends, except inside a correlation
        parser.EntityDeclHandler = _refuse
        parser.StartDoctypeDeclHandler = _doctype
        self._parser, self._fed = parser, len(root)
        self._ends.clear()
        self._opened, self._closed = self.sink.opened, 0
        if root:
            parser.Parse(root, False)

    def _watch(self) -> None:
        if self._parser is not None:
            self._parser.EndElementHandler = self._ended

    def _ended(self, name: str) -> None:
        self._ends.append(name)
        self.sink.ended(name)
        if name == "Correlation" and self._parser is not None:
            self._parser.EndElementHandler = self._ends.append

    def _damaged(self, piece: bytes, at: int, parser: expat.XMLParserType) -> int:
        """Where to look on after a place that is not well formed. One entry is lost with it."""
        wrong = min(max(parser.ErrorByteIndex - self._fed + at, at), len(piece))
        begun = self.sink.opened > 0
        if not begun and b"<!ENTITY" in piece[at:]:
            raise FileRefused(ENTITIES)
        same = self._read + wrong == self._again
        self._again = self._read + wrong
        self._parser = None
        if same:
            return wrong + 1
        if begun:
            self.sink.odd("", "refused", "entry_unreadable")
        if self.sink.inside:
            self.sink.ended("Correlation")
            after = _AFTER_CORRELATION.search(piece, wrong)
            return wrong if after is None else after.start()
        return wrong

    def _within_reason(self) -> None:
        parser = self._parser
        self._closed += len(self._ends)
        self._ends.clear()
        if self._depth > _DEEPEST:
            raise FileRefused("nested_too_deep")
        if parser is not None and len(parser.intern) > _MOST_NAMES:
            raise FileRefused("entry_too_large")
        if parser is not None and self._fed - max(parser.CurrentByteIndex, 0) > _LONGEST:
            raise FileRefused("entry_too_large")


def _refuse(*declared: object) -> None:
    raise FileRefused(ENTITIES)


def _doctype(name: str, system: str | None, public: str | None, internal: bool) -> None:
    if system or public:
        raise FileRefused(ENTITIES)
