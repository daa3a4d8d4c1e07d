"""This is the place where the intake of pulse signals is held to its promise: ten seconds at 100 Hz or a refusal with a reason, whatever the bytes."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import FileRefused
from models.signal_check.intake import signal

T = np.arange(3000) / 100
PULSE = 2000 + 300 * ((T * 1.2) % 1 < 0.2) * np.sin(np.pi * ((T * 1.2) % 1) / 0.2) - 100 * ((T * 1.2) % 1)


def npz(**arrays: object) -> bytes:
    packed = io.BytesIO()
    np.savez(packed, **arrays)  # type: ignore[arg-type]
    return packed.getvalue()


def steep(seconds: float = 30, rate: float = 100, beats: float = 72) -> np.ndarray:
    """A trace that rises in a fifth of a beat and falls in the rest."""
    part = (np.arange(round(seconds * rate)) / rate * beats / 60) % 1
    return np.where(part < 0.2, part / 0.2, 1 - (part - 0.2) / 0.8) * 1000


@pytest.mark.parametrize("rate", [25, 30, 50, 64, 100, 125, 128, 250, 256, 500, 1000])
def test_any_usual_rate_becomes_segments_of_ten_seconds_at_100_hz(rate: int) -> None:
    found = signal("a.npz", npz(ppg=steep(30, rate), rate=rate))
    assert found.segments.shape == (3, 1000) and found.segments.dtype == np.float32 and found.rate == rate
    here, there = found.segments[1, 20:980], steep()[1020:1980]
    assert np.corrcoef(here, there)[0, 1] > 0.98


@pytest.mark.parametrize("rate", [24.9, 1001, 0, -100, float("nan"), float("inf")])
def test_a_rate_that_cannot_be_used_is_refused(rate: float) -> None:
    with pytest.raises(FileRefused) as refused:
        signal("a.npz", npz(ppg=steep(30), rate=rate))
    assert refused.value.code == "signal_rate_unusable" and refused.value.facts["need"] == "25 to 1000 Hz"


def test_a_rate_that_nobody_says_is_not_guessed() -> None:
    with pytest.raises(FileRefused) as refused:
        signal("a.npz", npz(ppg=steep(30)))
    assert refused.value.code == "signal_rate_unknown"
    assert len(signal("a.npz", npz(ppg=steep(30)), 100).segments) == 3


def test_rows_of_a_thousand_are_ten_seconds_each() -> None:
    rows = steep(50).reshape(5, 1000).astype(np.uint16)
    found = signal("a.npz", npz(ppg=rows, label=np.zeros(5), subject=np.array(["S1"] * 5)))
    assert np.array_equal(found.segments, rows.astype(np.float32)) and found.numbers == (0, 1, 2, 3, 4)


def test_the_same_signal_in_any_format_is_the_same_segments() -> None:
    trace = np.round(steep(20), 3)
    texts = [f"{at / 100:.2f},{value}" for at, value in enumerate(trace)]
    ways = [
        npz(signal=trace, fs=100.0),
        json.dumps({"rate": 100, "ppg": trace.tolist()}).encode(),
        json.dumps({"hz": 100, "segments": trace.reshape(2, 1000).tolist()}).encode(),
        ("time,ppg\n" + "\n".join(texts)).encode(),
        "\n".join(texts).encode(),
        ("value\r\n" + "\r\n".join(str(value) for value in trace)).encode("utf-8-sig"),
        ("ppg;ms\n" + "\n".join(f"{value};{at * 10}" for at, value in enumerate(trace))).encode(),
        ("time\tppg\n" + "\n".join(f"2026-01-01T00:00:{at / 100:09.6f}+01:00\t{value}" for at, value in enumerate(trace))).encode(),
        "\n".join(",".join(map(str, row)) for row in trace.reshape(2, 1000)).encode(),
    ]
    first, *others = [signal("x", way, 100.0) for way in ways]
    for other in others:
        assert other.segments == pytest.approx(first.segments, abs=1e-3)


def test_a_segment_with_a_gap_is_left_out_and_counted_and_nothing_is_filled_in() -> None:
    trace = steep(50)
    trace[1500:1503] = np.nan
    found = signal("a.npz", npz(ppg=trace, rate=100))
    assert found.numbers == (0, 2, 3, 4) and found.dropped == 1
    lines = [f"{at / 100:.2f},{value:.3f}" for at, value in enumerate(steep(50)) if not 2300 <= at < 2400]
    found = signal("a.csv", "\n".join(lines).encode())
    assert found.numbers == (0, 1, 3, 4) and found.dropped == 1


def test_jitter_of_the_clock_is_no_gap() -> None:
    random = np.random.default_rng(1)
    times = np.arange(3000) / 100 + random.uniform(-0.002, 0.002, 3000)
    trace = np.interp(times, np.arange(3000) / 100, steep(30))
    found = signal("a.csv", "\n".join(f"{t:.4f},{v:.4f}" for t, v in zip(times, trace, strict=True)).encode())
    assert len(found.segments) + found.dropped >= 2 and found.dropped == 0


def test_a_recording_on_its_head_is_turned() -> None:
    upright = signal("a.npz", npz(ppg=steep(30), rate=100))
    turned = signal("a.npz", npz(ppg=1000 - steep(30), rate=100))
    assert np.corrcoef(upright.segments[0], turned.segments[0])[0, 1] > 0.99


def test_what_is_kept_reads_back_as_the_same() -> None:
    first = signal("a.csv", "\n".join(map(str, steep(25, 64))).encode(), 64)
    again = signal("kept.npz", first.content)
    assert again.digest == first.digest and np.array_equal(again.segments, first.segments)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "signal_unreadable"),
        (b"hello", "signal_too_short"),
        (b"\xff\xfe\x00", "signal_unreadable"),
        (b"PK\x03\x04broken", "signal_unreadable"),
        (b"\x93NUMPY\x01\x00\x10\x00{'descr': '|O'}", "signal_unreadable"),
        (npz(ppg=np.array([{"a": 1}], dtype=object)), "signal_unreadable"),
        (npz(a=np.zeros(9), b=np.zeros(9)), "signal_unreadable"),
        (npz(ppg=steep(9), rate=100), "signal_too_short"),
        (npz(ppg=np.full(2000, np.nan), rate=100), "signal_too_short"),
        (b'{"rate": 100, "ppg": [1, 2, "3"]}', "signal_unreadable"),
        (b'{"rate": "fast", "ppg": [1, 2]}', "signal_unreadable"),
        (b"[" * 100_000, "signal_unreadable"),
        (b"time,ppg\n0,1\n2,1\n1,1", "signal_unreadable"),
        (b"a,b,c\n1,2,3", "signal_unreadable"),
    ],
)
def test_what_cannot_be_used_is_refused_with_place_and_need(content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        signal("x", content, 100)
    assert refused.value.code == code and refused.value.facts["place"] and refused.value.facts["need"]


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package, package.open("ppg.npy", "w", force_zip64=True) as member:
        for _ in range(120):
            member.write(bytes(1 << 20))
    assert len(packed.getvalue()) < 1 << 20
    with pytest.raises(FileRefused) as refused:
        signal("bomb.npz", packed.getvalue(), 100)
    assert refused.value.code == "file_too_large"


PIECES = st.sampled_from(
    [
        b"{",
        b"[",
        b'"ppg":',
        b"1,",
        b"NaN",
        b"\n",
        b"time,",
        b"PK\x03\x04",
        b"\x93NUMPY\x01\x00",
        b"1e999",
        b'"rate":100',
        b"]",
        b"}",
    ]
)


@settings(max_examples=120, deadline=None)
@given(
    st.one_of(st.binary(max_size=400), st.lists(PIECES, max_size=30).map(b"".join)),
    st.sampled_from([None, 100.0, 50.0, 1e9, float("nan")]),
)
def test_whatever_the_bytes_nothing_but_a_refusal_is_raised(content: bytes, rate: float | None) -> None:
    refused_or_segments(content, rate)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=6), st.booleans())
def test_a_damaged_file_is_read_or_refused(at: int, patch: bytes, cut: bool) -> None:
    whole = npz(ppg=steep(12).astype(np.uint16), rate=np.float64(100))
    at %= len(whole)
    refused_or_segments(whole[:at] if cut else whole[:at] + patch + whole[at + len(patch) :], None)


def refused_or_segments(content: bytes, rate: float | None) -> None:
    try:
        found = signal("x", content, rate)
    except FileRefused:
        return
    assert found.segments.shape[1] == 1000 and np.isfinite(found.segments).all() and len(found.numbers) == len(found.segments)
