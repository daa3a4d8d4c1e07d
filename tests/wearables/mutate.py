"""This is the place where valid files of every format are damaged, many thousand times, and their readers are held to their promise.

`python -m tests.wearables.mutate --each 10000 [--only KEY]` does it at length; the suite does the same a few dozen times each.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from core.domain.ledger import Outcome
from core.domain.samples import COLUMNS, FLOATING, GRAINS, UTC_ONLY, Samples, Tally
from core.domain.signals import SIGNALS
from core.sources.wearables.collect import LEAST_NS, MOST_NS
from core.sources.wearables.form import HEAD_BYTES, Format, Member
from tests.wearables.csv_given import member
from tests.wearables.seeds import Seed, found_formats, seeds

OUTCOMES = {one.value for one in Outcome} - {Outcome.STORED.value}
_HUGE = (
    b"99999999999999999999999", b"-1", b"1e309", b"NaN", b"-0", b"4294967295", b"\xff\xff\xff\xff\xff\xff\xff\xff", b"\x00" * 16, b"\x7f" * 8,
    b"9999-12-31T23:59:59Z", b"0001-01-01", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"<", b"&x;", b'"', b"[[[[", b"{", b",,,", b"\n\n", b"\r",
)  # fmt: skip


def damaged(dice: random.Random, given: Sequence[Seed]) -> Seed:
    """A copy of one of the files with one to eight wounds."""
    seed = dice.choice(given)
    data = bytearray(seed.content)
    for _ in range(dice.randint(1, 8)):
        _wound(dice, data, dice.choice(given).content)
    return Seed(seed.name, bytes(data))


def _wound(dice: random.Random, data: bytearray, other: bytes) -> None:
    at, size = dice.randrange(len(data) + 1), dice.randint(1, 64)
    how = dice.randrange(8)
    if how == 0 and data:
        data[min(at, len(data) - 1)] ^= 1 << dice.randrange(8)
    elif how == 1:
        data[at : at + size] = dice.randbytes(size)
    elif how == 2:
        del data[at : at + size]
    elif how == 3 and dice.random() < 0.5:
        del data[at:]
    elif how == 4:
        data[at:at] = dice.choice(_HUGE)
    elif how == 5:
        data[at:at] = data[at : at + size] * dice.randint(1, 20)
    elif how == 6:
        begin = dice.randrange(len(other) + 1)
        data[at : at + size] = other[begin : begin + size]
    else:
        data[at:at] = other[dice.randrange(len(other) + 1) :][:400]


def promises(form: Format, given: Member, head: bytes) -> Counter[str]:
    """Reads a file and says what came, by outcome ("" for samples); asserts that all of it is what a reader may yield."""
    form.recognises(head[:HEAD_BYTES], given.name)
    came: Counter[str] = Counter()
    for one in form.read(given):
        if isinstance(one, Samples):
            whole(one)
            came[""] += len(one.columns)
        else:
            accounted(one)
            came[one.outcome] += one.count
    return came


def whole(batch: Samples) -> None:
    """Whether a batch of samples may be stored as it is."""
    columns, row = batch.columns, SIGNALS[batch.signal]
    assert batch.grain in GRAINS
    assert len(columns) > 0
    assert {len(getattr(columns, name)) for name in COLUMNS} == {len(columns)}
    assert (columns.start.dtype, columns.end.dtype, columns.value.dtype) == (np.int64, np.int64, np.float64)
    assert np.isfinite(columns.value).all()
    assert (columns.end >= columns.start).all()
    assert columns.start.min() >= LEAST_NS and columns.end.max() <= MOST_NS
    clocks = columns.offset[(columns.offset != UTC_ONLY) & (columns.offset != FLOATING)]
    assert (np.abs(clocks.astype(int)) <= 15 * 60).all()
    if row.states:
        assert np.isin(columns.value, np.arange(len(row.states))).all()


def accounted(tally: Tally) -> None:
    assert tally.count > 0
    assert tally.outcome in OUTCOMES
    assert tally.why == tally.why.lower() and tally.why.isidentifier(), tally.why


def attempts(key: str, count: int, seed: int = 20_261_126) -> Iterator[tuple[int, Seed]]:
    """Damaged files of a format, the same each time."""
    dice = random.Random(f"{key}/{seed}")
    for number in range(count):
        yield number, damaged(dice, seeds()[key])


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=10_000)
    parser.add_argument("--only", default="")
    parser.add_argument("--seed", type=int, default=20_261_126)
    asked = parser.parse_args(arguments)
    failed = 0
    for key, form in found_formats().items():
        if asked.only not in ("", key):
            continue
        begun, came, faults = time.monotonic(), Counter[str](), 0
        for number, one in attempts(key, asked.each, asked.seed):
            try:
                came += promises(form, member(one.content, one.name), one.content)
            except Exception:  # noqa: BLE001 - what escapes is what we are looking for
                faults += 1
                if faults <= 3:
                    print(f"{key}, number {number}:", traceback.format_exc(limit=-4), sep="\n")
        failed += faults
        print(f"{key}: {asked.each} damaged files, {faults} faults, {dict(came)}, {time.monotonic() - begun:.0f} s", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
