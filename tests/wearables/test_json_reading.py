"""This is the place where the reading of JSON of devices is tested: long lists in pieces, damage, bombs, encodings."""

from __future__ import annotations

import io
import json
import tracemalloc

import pytest

from core.errors import FileRefused
from core.sources.wearables.form import Member
from core.sources.wearables.json_list import listed
from core.sources.wearables.json_read import DOCUMENT, documents, glance_at
from tests.wearables.csv_given import member

ROWS = [
    {"dateTime": f"01/01/24 00:{n // 60:02}:{n % 60:02}", "value": {"bpm": n, "note": 'a "quoted" [bracket] \\'}}
    for n in range(500)
]


def came(data: bytes) -> tuple[list[object], list[str]]:
    pieces = list(listed(member(data)))
    return [item for piece in pieces for item in piece.items], [piece.why for piece in pieces if piece.why]


def small_pieces(data: bytes, size: int) -> Member:
    class Slow(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(size)

    return Member("x.json", len(data), lambda: Slow(data))


@pytest.mark.parametrize("size", [1, 7, 64, 1000, 1 << 18])
def test_a_list_comes_whole_whatever_the_pieces_it_is_read_in(size: int) -> None:
    data = json.dumps(ROWS[:60], indent=1).encode()
    assert [item for piece in listed(small_pieces(data, size)) for item in piece.items] == ROWS[:60]


@pytest.mark.parametrize("size", [5, 333, 1 << 18])
def test_lists_inside_an_object_come_with_their_names_and_the_object_last(size: int) -> None:
    whole = {"a": 1, "first": ROWS[:3], "between": {"x": [1, 2]}, "second": [], "third": ROWS[:2], "z": "end"}
    pieces = list(listed(small_pieces(json.dumps(whole).encode(), size)))
    assert [item for piece in pieces if piece.key == "first" for item in piece.items] == ROWS[:3]
    assert [item for piece in pieces if piece.key == "third" for item in piece.items] == ROWS[:2]
    assert pieces[-1].key == DOCUMENT
    assert pieces[-1].items == [{"a": 1, "first": [], "between": {"x": [1, 2]}, "second": [], "third": [], "z": "end"}]


def test_lines_of_json_come_one_by_one_and_a_bad_line_loses_itself() -> None:
    lines = [json.dumps(row) for row in ROWS[:5]]
    lines[2] = lines[2][:-3]
    assert came("\r\n".join(lines).encode()) == ([*ROWS[:2], *ROWS[3:5]], ["not_json"])


@pytest.mark.parametrize("coded", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_way_of_writing_unicode_is_read(coded: str) -> None:
    rows = [{"name": "手表", "value": 1}]
    data = json.dumps(rows, ensure_ascii=False).encode(coded)
    assert came(data) == (rows, [])
    assert [piece.items for piece in documents(member(data))] == [[rows]]
    assert glance_at(data).names == {"name", "value"}


def test_what_stands_before_a_cut_is_kept() -> None:
    data = json.dumps(ROWS).encode()
    for cut in range(len(data) // 2, len(data) // 2 + 300):
        items, whys = came(data[:cut])
        assert items == ROWS[: len(items)]
        assert len(items) >= data[:cut].count(b"},") // 2 - 1
        assert whys == ["cut_short"]


def test_a_lost_quote_or_bracket_loses_only_its_element() -> None:
    texts = [json.dumps(row) for row in ROWS[:9]]
    for damage in (
        lambda text: text.replace('"bpm"', '"bpm'),
        lambda text: text[:-1],
        lambda text: text + "}",
        lambda text: text.replace(":", "", 1),
    ):
        broken = [*texts[:4], damage(texts[4]), *texts[5:]]
        items, whys = came(f"[{','.join(broken)}]".encode())
        kept = [item for item in items if item in ROWS]
        assert [row for row in ROWS[:9] if row not in kept] in ([ROWS[4]], [])
        assert whys


def test_a_name_said_twice_is_a_fault_of_its_element() -> None:
    assert came(b'[{"a":1},{"a":2,"a":3},{"a":{"b":1,"b":1}},{"a":4}]') == ([{"a": 1}, {"a": 4}], ["two_values", "two_values"])


def test_numbers_that_json_does_not_know_come_as_they_are() -> None:
    items, whys = came(b'[{"a":NaN},{"a":Infinity},{"a":1}]')
    assert (str(items[0]["a"]), items[1]["a"], items[2], whys) == ("nan", float("inf"), {"a": 1}, [])  # type: ignore[index]


@pytest.mark.parametrize(
    "bomb", [b"[" * 1_000_000, b'{"a":' * 1_000_000, b'[{"a":' + b"[" * 1_000_000, b'{"x":1,"a":[' + b"[" * 1_000_000]
)
def test_a_million_brackets_are_refused_before_anything_is_parsed(bomb: bytes) -> None:
    tracemalloc.start()
    assert came(bomb) == ([], ["json_too_deep"])
    assert [piece.why for piece in documents(member(bomb))] == ["json_too_deep"]
    assert tracemalloc.get_traced_memory()[1] < 100_000_000
    tracemalloc.stop()


def test_a_document_of_a_million_empty_lists_is_refused() -> None:
    assert [piece.why for piece in documents(member(b'{"a":[' + b"[]," * 1_100_000 + b"[]]}"))] == ["too_large"]


def test_a_document_that_was_cut_keeps_its_outermost_list() -> None:
    whole = json.dumps(
        {"status": 0, "body": {"groups": [{"date": 1, "measures": [{"v": 1}, {"v": 2}], "category": 2}] * 3}}
    ).encode()
    cut = whole[: whole.rindex(b'"category"')]
    pieces = list(documents(member(cut)))
    assert [piece.why for piece in pieces] == ["cut_short", ""]
    assert len(pieces[1].items[0]["body"]["groups"]) == 2


def test_nothing_and_no_json_say_so() -> None:
    assert came(b"") == ([], ["file_empty"])
    assert came(b"  \n ") == ([], ["file_empty"])
    assert came(b"date,value\n1,2\n") == ([], ["not_json"])
    assert came(b"[]") == ([], [])
    assert came(b"[] trailing") == ([], ["not_json"])


def test_a_refusal_of_the_stream_passes_after_what_was_read() -> None:
    class Bomb(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise FileRefused("too_large")
            return super().read(len(self.getvalue()) - 5)

    data = json.dumps(ROWS).encode()
    found = []
    with pytest.raises(FileRefused):
        for piece in listed(Member("x", 0, lambda: Bomb(data))):
            found += piece.items
    assert found == ROWS[:499]
