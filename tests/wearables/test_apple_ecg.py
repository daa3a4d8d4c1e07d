"""Reading the ECG files of an Apple Health export: one entry a file, in whatever language the phone spoke."""

from __future__ import annotations

import io
import random
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.samples import Samples, Tally
from core.domain.signals_table import ECG_FINDINGS
from core.sources.wearables.apple_ecg import FORMAT, finding_of
from core.sources.wearables.apple_health import FORMAT as EXPORT
from core.sources.wearables.form import HEAD_BYTES, Member

LABELS = {
    "en": (
        "Name",
        "Date of Birth",
        "Recorded Date",
        "Classification",
        "Symptoms",
        "Software Version",
        "Device",
        "Sample Rate",
        "Lead",
        "Unit",
    ),
    "de": (
        "Name",
        "Geburtstag",
        "Aufzeichnungsdatum",
        "Klassifizierung",
        "Symptome",
        "Softwareversion",
        "Gerät",
        "Messrate",
        "Ableitung",
        "Einheit",
    ),
    "zh": ("姓名", "出生日期", "记录日期", "分类", "症状", "软件版本", "设备", "采样速率", "导联", "单位"),
}


def recording(
    language: str = "en",
    said: str = "Sinus Rhythm",
    rate: str = "512 hertz",
    voltages: int = 15_360,
    mark: str = ".",
    when: str = "2023-03-26 09:10:11 +0100",
) -> str:
    values = ("Casey, Example", "Jan 1, 1980", when, said, "Dizziness", "1.90", "Watch6,2", rate, "Lead I", "µV")
    rows = [
        f'{label},"{value}"' if "," in value else f"{label},{value}" for label, value in zip(LABELS[language], values, strict=True)
    ]
    shape = [f"{(n * 37 % 400) - 200}{mark}{n % 1000:03d}" for n in range(voltages)]
    return "\n".join([*rows[:8], "", "", *rows[8:], "", *shape]) + "\n"


def parsed(content: str | bytes) -> list[Samples | Tally]:
    raw = content.encode() if isinstance(content, str) else content
    return list(FORMAT.read(Member("apple_health_export/electrocardiograms/ecg_2023-03-26.csv", len(raw), lambda: io.BytesIO(raw))))


@pytest.mark.parametrize(
    ("language", "said", "rate", "mark", "finding"),
    [
        ("en", "Sinus Rhythm", "512 hertz", ".", "sinus_rhythm"),
        ("en", "Atrial Fibrillation", "512.0 Hz", ".", "atrial_fibrillation"),
        ("en", "Heart Rate Over 120", "512 hertz", ".", "high_rate"),
        ("en", "Heart Rate Under 50", "512 hertz", ".", "low_rate"),
        ("en", "Poor Recording", "512 hertz", ".", "inconclusive"),
        ("en", "Unrecognized", "512 hertz", ".", "unclassified"),
        ("de", "Vorhofflimmern", "512 Hertz", ",", "atrial_fibrillation"),
        ("zh", "窦性心律", "512 赫兹", ".", "sinus_rhythm"),
        ("zh", "房颤", "512赫兹", ".", "atrial_fibrillation"),
    ],
)
def test_a_recording_is_one_entry_in_any_language(language: str, said: str, rate: str, mark: str, finding: str) -> None:
    content = recording(language, said, rate, mark=mark)
    assert FORMAT.recognises(content.encode()[:HEAD_BYTES], "a.csv")
    (found,) = parsed(content)
    assert isinstance(found, Samples)
    at = int(datetime.strptime("2023-03-26 09:10:11 +0100", "%Y-%m-%d %H:%M:%S %z").timestamp()) * 10**9
    assert (found.signal, found.device) == ("ecg", "Apple Watch")
    assert (found.columns.start.tolist(), found.columns.end.tolist(), found.columns.offset.tolist()) == (
        [at],
        [at + 30 * 10**9],
        [60],
    )
    assert ECG_FINDINGS[int(found.columns.value[0])] == finding


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings_are_read(encoding: str) -> None:
    content = recording().replace("\n", "\r\n").encode(encoding)
    assert FORMAT.recognises(content[:HEAD_BYTES], "")
    assert isinstance(parsed(content)[0], Samples)


@pytest.mark.parametrize(
    ("content", "outcome", "why"),
    [
        (recording(rate=""), "quarantined", "sample_rate_missing"),
        (recording(rate="0 hertz"), "quarantined", "sample_rate_missing"),
        (recording(voltages=0), "refused", "value_missing"),
        (recording(when="2023-02-30 10:00:00 +0100"), "refused", "time_invalid"),
        ("", "refused", "time_invalid"),
        (recording(when="2999-01-01 10:00:00 +0100"), "refused", "time_out_of_reach"),
    ],
)
def test_what_is_missing_is_said(content: str, outcome: str, why: str) -> None:
    (found,) = parsed(content)
    assert isinstance(found, Tally)
    assert (found.outcome, found.why, found.count) == (outcome, why, 1)


def test_a_voltage_that_cannot_be_read_keeps_its_place_in_time() -> None:
    lines = recording(voltages=512).split("\n")
    lines[100] = "###"
    (found,) = parsed("\n".join(lines))
    assert isinstance(found, Samples)
    assert int(found.columns.end[0] - found.columns.start[0]) == 10**9


def test_other_tables_are_not_taken_for_a_recording() -> None:
    for other in (
        "Time,Heart rate\n2023-01-01 10:00:00,60\n",
        "a,b\n1,2\n",
        "",
        "Recorded Date,2023-03-26 09:10:11 +0100\n1\n2\n",
        "<HealthData/>",
    ):
        assert not FORMAT.recognises(other.encode(), "electrocardiograms/ecg.csv")
    assert not EXPORT.recognises(recording().encode()[:HEAD_BYTES], "export.xml")


def test_words_for_an_irregular_rhythm_are_not_read_out_of_a_denial() -> None:
    assert finding_of("High Heart Rate — No AFib Detected") == "high_rate"
    assert finding_of("") == "unclassified"


def test_no_damage_raises_and_a_file_stays_one_entry() -> None:
    content = recording(voltages=300).encode()
    for seed in range(400):
        chance, changed = random.Random(seed), bytearray(content)
        for _ in range(chance.randrange(1, 30)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        made = bytes(changed[: chance.randrange(len(changed))]) if seed % 3 == 0 else bytes(changed)
        assert sum(len(one.columns) if isinstance(one, Samples) else one.count for one in parsed(made)) == 1


@given(st.binary(max_size=500))
def test_anything_may_be_read(content: bytes) -> None:
    assert len(parsed(content)) == 1
    FORMAT.recognises(content, "")
