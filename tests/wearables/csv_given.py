"""This is the place where it stands what the tests of comma-separated formats share: files made in memory, what came of them, and damage done on purpose."""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from core.domain.samples import Columns, Samples, Tally
from core.sources.wearables.form import HEAD_BYTES, Format, Member


def member(content: bytes | str, name: str = "table.csv") -> Member:
    data = content.encode() if isinstance(content, str) else content
    return Member(name, len(data), lambda: io.BytesIO(data))


def of_path(path: Path) -> Member:
    return Member(path.name, path.stat().st_size, lambda: path.open("rb"))


class Came:
    """All that a reader yielded: `columns(signal)` joined, `counts` of samples, `odd` entries by (outcome, why), `entries` in all."""

    def __init__(self, form: Format, given: Member) -> None:
        self.samples: list[Samples] = []
        self.tallies: list[Tally] = []
        for one in form.read(given):
            (self.samples if isinstance(one, Samples) else self.tallies).append(one)  # type: ignore[arg-type]
        self.counts: Counter[tuple[str, str]] = Counter()
        for batch in self.samples:
            self.counts[batch.signal, batch.grain] += len(batch.columns)
        self.odd: Counter[tuple[str, str]] = Counter()
        for tally in self.tallies:
            self.odd[tally.outcome, tally.why] += tally.count

    @property
    def entries(self) -> int:
        return sum(self.counts.values()) + sum(self.odd.values())

    def columns(self, signal: str, grain: str | None = None, subject: str | None = None) -> Columns:
        return Columns.joined(
            [
                one.columns
                for one in self.samples
                if one.signal == signal and grain in (None, one.grain) and subject in (None, one.subject)
            ]
        )

    def values(self, signal: str, grain: str | None = None) -> list[float]:
        return self.columns(signal, grain).value.tolist()

    @property
    def devices(self) -> set[str]:
        return {one.device for one in self.samples}

    @property
    def paths(self) -> set[str]:
        return {one.path for one in self.tallies}


def at(text: str) -> int:
    """The ns of an ISO time, UTC or a local clock as if it were."""
    return int(np.datetime64(text, "ns").astype(np.int64))


_TOKENS = (
    b'"', b",", b";", b"\t", b"\n", b"\r", b"\0", b"\xff", b"-", b"99999999999999999999", b"1e308", b"nan", b"inf", b"_", b"[", b"]", b'{"',
    b"\xff\xfe", b"\xef\xbb\xbf", b"9999-12-31", b"0000-00-00", b"1970-01-01 00:00:00.000", b"\xe4\xb8\xad",
)  # fmt: skip


def mutated(seeds: list[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Damaged copies: bytes flipped, pieces put in, cut out, doubled, cut off; one in twenty in UTF-16."""
    dice = random.Random(seed)
    for _ in range(count):
        data = bytearray(dice.choice(seeds))
        for _ in range(dice.randint(1, 8)):
            where, how = dice.randrange(len(data) + 1), dice.random()
            if how < 0.3 and data:
                data[min(where, len(data) - 1)] = dice.randrange(256)
            elif how < 0.6:
                data[where:where] = dice.choice(_TOKENS)
            elif how < 0.8:
                del data[where : where + dice.randint(1, 30)]
            elif how < 0.9:
                del data[where:]
            else:
                again = dice.randrange(len(data) + 1)
                data[where:where] = data[again : again + 60]
        wide = dice.random() < 0.05
        yield bytes(data).decode("utf-8", "replace").encode("utf-16") if wide else bytes(data)


def survives(form: Format, data: bytes, name: str = "table.csv") -> None:
    """The promise of every reader on any bytes: it raises nothing and what it yields is whole."""
    form.recognises(data[:HEAD_BYTES], name)
    for one in form.read(member(data, name)):
        if isinstance(one, Samples):
            columns = one.columns
            assert len(columns) > 0
            assert np.isfinite(columns.value).all()
            assert (columns.end >= columns.start).all()
        else:
            assert one.count > 0
            assert one.why


def check_damage(form: Format, seeds: list[bytes], names: Callable[[int], str] = lambda _: "table.csv", count: int = 300) -> None:
    for number, data in enumerate(mutated(seeds, count, 20261126)):
        survives(form, data, names(number))
