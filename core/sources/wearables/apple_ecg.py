"""This is the place where the ECG recordings of an Apple Health export are read (electrocardiograms/*.csv).

A few lines of "label,value" in the phone's language, then one voltage a line. The labels differ by language, so values are known by
their shape: the first date with a time is when it was recorded (its offset is kept), a number with hertz the rate. A file is one
entry: its stretch of time, with what Apple's software said of it (`ECG_FINDINGS`; words we don't know are "unclassified").
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.domain.samples import Columns, Parsed, Samples, Tally
from core.domain.signals_table import ECG_FINDINGS
from core.sources.wearables.apple_times import instants
from core.sources.wearables.clock import SECOND
from core.sources.wearables.collect import LEAST_NS, MOST_NS
from core.sources.wearables.form import Format, Member

KEY = "apple_ecg"
_HEADER_LINES, _LONGEST_LINE = 40, 100_000
_HERTZ = re.compile(
    r"^\s*(\d{1,6}(?:[.,]\d+)?)\s*(?:hertz\w*|hz|herts\w*|herc\w*|赫兹|赫茲|赫|ヘルツ|헤르츠|герц\w*|هرتز|הרץ|เฮิรตซ์)\s*$",
    re.IGNORECASE,
)
_MICROVOLT = re.compile(r"^\s*(?:[µμu]V|微伏)\s*$")
_VOLTAGE = re.compile(r"^[-−+]?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?$", re.IGNORECASE)
_LONGEST_VOLTAGE = 60
_WATCH = re.compile(r"^(?:apple )?watch", re.IGNORECASE)
_WORDS: tuple[tuple[str, str], ...] = (
    ("sinus_rhythm", ("sinus rhythm|sinusrhythm|sinusrytm|sinusritme|rythme sinusal|ritmo sinus|sinusový rytmus|rytm zatokowy|sinüs ritmi|"
                     "синусовый ритм|窦性心律|竇性心律|洞調律|동리듬|동성 리듬")),
    ("high_rate", "no afib|no signs of a"),
    ("atrial_fibrillation", ("atrial fib|afib|vorhofflimmern|fibrillation a|fibrilación a|fibrillazione a|fibrilação a|fibrilhação a|"
                            "boezemfibril|atriumfibril|förmaksflimmer|atrieflimmer|atrieflimren|eteisvärinä|fibrilace síní|migotanie|"
                            "фибрилляция|мерцательная|房颤|心房颤动|房顫|心房顫動|心房細動|심방세동|심방 세동")),
    ("high_rate", ("high heart|heart rate over|hohe herz|cardiaque élevée|cardiaca alta|cardíaca alta|cardiaca elevata|cardíaca elevada|"
                  "hoge hartslag|hög puls|高心率|心率过高|心率過高|心率高|心率超过|心率超過|高心拍|심박수 높음|높은 심박수")),
    ("low_rate", ("low heart|heart rate under|niedrige herz|cardiaque basse|cardiaque faible|cardiaca baja|cardíaca baixa|cardiaca bassa|"
                 "lage hartslag|låg puls|低心率|心率过低|心率過低|心率低|低心拍|심박수 낮음|낮은 심박수")),
    ("inconclusive", ("inconclusive|poor recording|poor reading|nicht eindeutig|uneindeutig|nicht schlüssig|kein eindeutig|schlechte aufz|"
                     "non concluant|indéterminé|no concluyente|non conclusiv|inconcludente|inconclusivo|não conclusivo|geen uitsluitsel|"
                     "inconclusief|onduidelijk|ofullständig|inkonklusiv|не удалось|неоднозначн|不确定|無法判定|无法判定|无法判断|未能确定|"
                     "没有定论|沒有定論|不確定|结果不明|記録不良|记录不佳|记录质量|記錄不佳|紀錄不佳|判定不能|判定不可|판독 불가|판정 불가|결정 불가")),
)  # fmt: skip
"""Apple's words for its findings, in the languages we know them in; tried in this order within a value."""


@dataclass(slots=True)
class Header:
    """What the lines before the first voltage say."""

    recorded: str = ""
    rate: float = 0.0
    finding: str = "unclassified"
    device: str = ""
    unit: bool = False


def recognises(head: bytes, name: str) -> bool:
    """A time, and a rate in hertz or a unit of microvolts, within a few lines before bare numbers."""
    lines = _decoded([head]) if head else iter(())
    found, _ = _header(lines)
    return bool(found.recorded) and (found.rate > 0 or found.unit)


def read(member: Member) -> Parsed:
    """One entry: the recording, or why it is none."""
    lines = _decoded(member.chunks())
    found, count = _header(lines)
    for line in lines:
        count += 1 if line.strip() else 0
    yield _entry(member, found, count)


def _entry(member: Member, found: Header, count: int) -> Samples | Tally:
    when = instants([found.recorded]) if found.recorded else None
    if when is None or not when.known[0]:
        return Tally(member.name, "ecg", "refused", "time_invalid")
    if not count:
        return Tally(member.name, "ecg", "refused", "value_missing")
    if not 0 < found.rate <= 100_000:
        return Tally(member.name, "ecg", "quarantined", "sample_rate_missing")
    start = int(when.ns[0])
    end = start + round(count / found.rate * SECOND)
    if not LEAST_NS <= start <= end <= MOST_NS:
        return Tally(member.name, "ecg", "refused", "time_out_of_reach")
    columns = Columns.of([start], [float(ECG_FINDINGS.index(found.finding))], [end], 0, when.offset)
    return Samples("ecg", columns, found.device, "", "", member.name)


def _header(lines: Iterator[str]) -> tuple[Header, int]:
    """The header, and how many voltages were read on the way (the first ends it)."""
    found = Header()
    for number, line in enumerate(lines):
        if _is_voltage(line):
            return found, 1
        if number >= _HEADER_LINES:
            break
        _take(found, line)
    return found, 0


def _is_voltage(line: str) -> bool:
    """A bare number, perhaps quoted."""
    text = line.strip(' \t\r\n"') if len(line) <= _LONGEST_LINE else ""
    return len(text) <= _LONGEST_VOLTAGE and bool(_VOLTAGE.match(text))


def _take(found: Header, line: str) -> None:
    row = next(csv.reader([line.replace("\x00", "")]), []) if len(line) <= 2000 else []
    value = ",".join(row[1:]).strip()
    if not value:
        return
    rate = _HERTZ.match(value)
    if rate:
        found.rate = found.rate or float(rate[1].replace(",", "."))
    elif _MICROVOLT.match(value):
        found.unit = True
    elif not found.recorded:
        found.recorded = value if ":" in value and bool(instants([value]).known[0]) else ""
    elif found.finding == "unclassified":
        found.finding = finding_of(value)
    if not found.device and _WATCH.match(value):
        found.device = "Apple Watch"


def finding_of(said: str) -> str:
    """The finding (of ECG_FINDINGS) that the vendor's words stand for."""
    words = " ".join(said.casefold().split())
    return next((finding for finding, known in _WORDS if any(word in words for word in known.split("|"))), "unclassified")


def _decoded(chunks: Iterable[bytes]) -> Iterator[str]:
    """The lines of the file; UTF-16 by its mark, else UTF-8. A line without end is cut."""
    decode: codecs.IncrementalDecoder | None = None
    rest = ""
    for chunk in chunks:
        if decode is None:
            wide = chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            decode = codecs.getincrementaldecoder("utf-16" if wide else "utf-8-sig")("replace")
        *whole, rest = (rest + decode.decode(chunk)).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        yield from whole
        rest = rest[:_LONGEST_LINE]
    if rest:
        yield rest


FORMAT = Format(KEY, recognises, read)
