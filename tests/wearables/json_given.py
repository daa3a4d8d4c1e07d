"""This is the place where it stands what the tests of JSON formats share: files made from values, and damage done to them on purpose."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from core.sources.wearables.form import HEAD_BYTES, Format, Member
from tests.wearables.csv_given import Came, member, survives

_TOKENS = (
    b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"null", b"true", b"NaN", b"-Infinity", b"1e999", b"9" * 400, b"-1", b'""', b"{}", b"[]",
    b"\n", b"\0", b"\xff", b"\xef\xbb\xbf", b'"\\ud800"', b"99999999999999999999", b'"9999-12-31T23:59:60Z"', b"[" * 100, b'"resourceType":"Patient"',
)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**400, -(10**30), 1e300, "", "x", "NaN", "١٢", [], {}, [None], {"value": None}, "2024-02-30T00:00:00Z", "0",
    "🙂" * 50, "\ud800", "9" * 30, "1_000",
)  # fmt: skip


def given(value: Any, name: str = "data.json") -> Member:
    return member(json.dumps(value), name)


def came(form: Format, value: Any, name: str = "data.json") -> Came:
    """What a format makes of a value, after it recognised it."""
    one = given(value, name)
    with one.open() as stream:
        assert form.recognises(stream.read(HEAD_BYTES), name)
    return Came(form, one)


def damaged(seeds: list[Any], count: int, seed: int) -> Iterator[bytes]:
    """Half of the copies have bytes flipped, put in, cut out or cut off; half are well-formed with odd values in odd places."""
    dice = random.Random(seed)
    texts = [json.dumps(one, indent=dice.choice((None, 1))).encode() for one in seeds]
    for number in range(count):
        data = _bytes(dice, texts) if number % 2 else json.dumps(_odd(dice, dice.choice(seeds))).encode()
        yield data.decode("utf-8", "replace").encode("utf-16") if dice.random() < 0.05 else data


def _bytes(dice: random.Random, texts: list[bytes]) -> bytes:
    data = bytearray(dice.choice(texts))
    for _ in range(dice.randint(1, 6)):
        where, how = dice.randrange(len(data) + 1), dice.random()
        if how < 0.3 and data:
            data[min(where, len(data) - 1)] = dice.randrange(256)
        elif how < 0.65:
            data[where:where] = dice.choice(_TOKENS)
        elif how < 0.85:
            del data[where : where + dice.randint(1, 30)]
        else:
            del data[where:]
    return bytes(data)


def _odd(dice: random.Random, value: Any) -> Any:
    if dice.random() < 0.04:
        return dice.choice(_VALUES)
    if isinstance(value, dict):
        kept = {name: _odd(dice, one) for name, one in value.items() if dice.random() > 0.03}
        if dice.random() < 0.05 and kept:
            kept[dice.choice(list(kept)) + "x"] = dice.choice(_VALUES)
        return kept
    return [_odd(dice, one) for one in value] if isinstance(value, list) else value


def check_json_damage(
    form: Format, seeds: list[Any], names: Callable[[int], str] = lambda _: "data.json", count: int = 300, seed: int = 20261126
) -> None:
    for number, data in enumerate(damaged(seeds, count, seed)):
        survives(form, data, names(number))
