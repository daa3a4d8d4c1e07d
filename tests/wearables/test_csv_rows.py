"""This is the place where it is tested what is tolerated in comma-separated files, and what a bad row costs."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FileRefused
from core.sources.wearables.csv_numbers import EMPTY, FINE, WRONG, number, numbers
from core.sources.wearables.csv_rows import LONGEST_LINE, Block, blocks, encoding_of, look
from core.sources.wearables.csv_times import DAY_FIRST, MONTH_FIRST, UNCLEAR, YEAR_FIRST, Times, day_order, epoch
from core.sources.wearables.form import Member
from tests.wearables.csv_given import at, member

HEADER = ("time", "value")


def rows_of(content: bytes | str, header: tuple[str, ...] = HEADER) -> tuple[list[list[str]], list[tuple[int, str]]]:
    given_file = member(content)
    sheet = look(given_file.open().read(65536), lambda names: tuple(names[: len(header)]) == header)
    assert sheet is not None
    rows, faults = [], []
    for block in blocks(given_file, sheet):
        rows += [[str(line), *row] for line, row in zip(block.lines, block.rows, strict=True)]
        faults += block.faults
    return rows, faults


TEXT = "time,value\na,1\nb,2\n"


@pytest.mark.parametrize(
    "written",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace("a,1", '"a","1"').encode(),
        TEXT.replace("1\n", "1\0\n").encode(),
        TEXT.rstrip("\n").encode(),
        TEXT.replace("\na", "\n\n  \n,\na").encode(),
    ],
    ids=[
        "plain",
        "bom",
        "utf16",
        "utf16le",
        "utf16be",
        "crlf",
        "cr",
        "semicolon",
        "tab",
        "quoted",
        "nul",
        "no_last_newline",
        "blank_lines",
    ],
)
def test_however_a_table_is_written_the_same_rows_come_out(written: bytes) -> None:
    rows, faults = rows_of(written)
    assert [row[1:] for row in rows] == [["a", "1"], ["b", "2"]]
    assert faults == []


def test_latin_1_is_read_where_it_is_no_utf_8_and_one_bad_byte_does_not_undo_utf_8() -> None:
    assert rows_of("time,value\nGerät,1\n".encode("latin-1"))[0][0][1] == "Gerät"
    assert encoding_of("Gerät, Horodatage de l’appareil, 设备".encode() + b"\xff") == "utf-8-sig"


def test_a_header_is_found_below_other_lines_and_rows_keep_their_numbers() -> None:
    rows, _ = rows_of("Patient: somebody\n\nsep=,\ntime,value\na,1\n")
    assert rows == [["5", "a", "1"]]


def test_a_row_too_long_loses_only_itself() -> None:
    rows, faults = rows_of("time,value\na,1\nb,2,3\nc,3,,\nd,4\n")
    assert [row[1] for row in rows] == ["a", "c", "d"]
    assert faults == [(3, "too_many_cells")]


def test_a_quote_that_is_never_closed_loses_only_its_row() -> None:
    rows, faults = rows_of('time,value\na,1\n"b,2\n' + "".join(f"c{n},{n}\n" for n in range(200)))
    assert len(rows) == 201
    assert faults == [(3, "quote_not_closed")]


def test_a_quote_inside_a_cell_is_a_letter() -> None:
    assert rows_of("time,value\n5'10\",1\n")[0] == [["2", "5'10\"", "1"]]


def test_a_quoted_text_may_run_over_lines_also_where_a_piece_of_the_file_ends() -> None:
    filler = "".join(f"x{n},{n}\n" for n in range(40_000))
    rows, faults = rows_of("time,value\n" + filler + '"one\ntwo, three",7\nlast,8\n' + filler)
    assert faults == []
    assert ["one\ntwo, three", "7"] in [row[1:] for row in rows]
    assert len(rows) == 80_002


def test_a_file_that_was_cut_off_says_so_once() -> None:
    rows, faults = rows_of("time,value\na,1\nb")
    assert [row[1] for row in rows] == ["a"]
    assert faults == [(3, "cut_short")]
    assert rows_of('time,value\na,1\n"b')[1] == [(3, "cut_short")]


def test_a_line_without_end_is_not_held_and_costs_only_itself() -> None:
    rows, faults = rows_of("time,value\n" + "z" * (LONGEST_LINE * 3) + "\nb,2\n")
    assert [row[1] for row in rows] == ["b"]
    assert faults == [(2, "line_too_long")]


def test_a_header_that_comes_again_is_no_row() -> None:
    assert len(rows_of(TEXT + TEXT)[0]) == 4


def test_what_came_before_a_refusal_of_the_stream_is_kept() -> None:
    class Torn(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            if not data:
                raise FileRefused("too_large")
            return data

    torn = Member("t.csv", 0, lambda: Torn(TEXT.encode()))
    sheet = look(TEXT.encode(), lambda names: tuple(names) == HEADER)
    assert sheet is not None
    came: list[Block] = []
    with pytest.raises(FileRefused):
        came.extend(_each(blocks(torn, sheet), came))
    assert sum(len(block.rows) for block in came) == 2


def _each(given_blocks: Iterator[Block], into: list[Block]) -> list[Block]:
    for block in given_blocks:
        into.append(block)
    return []


@given(
    st.lists(
        st.lists(
            st.text(alphabet=st.characters(blacklist_categories=("Cs",), blacklist_characters='"\r\n\0,'), max_size=8),
            min_size=2,
            max_size=2,
        ),
        max_size=30,
    )
)
def test_plain_cells_come_out_as_they_went_in(cells: list[list[str]]) -> None:
    text = "time,value\n" + "".join(",".join(row) + "\n" for row in cells)
    wanted = [row for row in cells if any(cell.strip() for cell in row) and [one.strip().casefold() for one in row] != list(HEADER)]
    assert [row[1:] for row in rows_of(text)[0]] == wanted


@pytest.mark.parametrize(
    ("cell", "comma", "value"),
    [
        ("5", False, 5.0), (" 5.5 ", False, 5.5), ("1,234", False, 1234.0), ("12,345,678.5", False, 12345678.5), ("5,8", False, 5.8),
        ("5,8", True, 5.8), ("1.234,5", True, 1234.5), ("5.8", True, 5.8), ("-0.2", False, -0.2), ("1e3", False, 1000.0),
        ("1_000", False, None), ("inf", False, None), ("5 kg", False, None), ("1,2,3", False, None), ("1,2,3", True, None), ("0x1A", False, None),
    ],
)  # fmt: skip
def test_numbers_are_read_with_the_decimal_sign_of_the_file(cell: str, comma: bool, value: float | None) -> None:
    assert number(cell, comma) == value


def test_a_column_of_numbers_tells_what_each_cell_is() -> None:
    values, state = numbers(["1", "", "NaN", "x", " 2 ", "1_0"])
    assert state.tolist() == [FINE, EMPTY, EMPTY, WRONG, FINE, WRONG]
    assert values[[0, 4]].tolist() == [1.0, 2.0]


def test_times_are_read_as_the_file_writes_them() -> None:
    times = Times(MONTH_FIRST)
    assert times.local("4/12/2016 1:05:00 AM") == (at("2016-04-12T01:05:00"), -32767)
    assert times.local("4/12/2016 12:05:00 AM") == (at("2016-04-12T00:05:00"), -32767)
    assert times.local("4/12/2016 12:05 PM") == (at("2016-04-12T12:05:00"), -32767)
    assert times.local("13/4/2016 1:05") is None
    assert times.local("4/12/2016 13:05 PM") is None
    assert Times(DAY_FIRST).local("13-04-2016 13:05") == (at("2016-04-13T13:05"), -32767)
    assert times.iso("2024-03-31T01:30:00+05:30") == (at("2024-03-30T20:00:00"), 330)
    assert times.iso("2024-03-31T01:30:00.250Z") == (at("2024-03-31T01:30:00.250"), -32768)
    assert times.local("2016/11/28 15:36") == (at("2016-11-28T15:36"), -32767)
    assert Times(UNCLEAR).local("03-04-2021 10:00") is None
    assert epoch("1600000000") == (1_600_000_000 * 10**9, -32768)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["13-02-2021 10:00", "01-02-2021 10:00"], DAY_FIRST),
        (["02-13-2021 10:00", "01-02-2021 10:00"], MONTH_FIRST),
        (["02-03-2021 10:00 PM"], MONTH_FIRST),
        (["02-03-2021 10:00"], UNCLEAR),
        (["13-02-2021", "02-13-2021"], UNCLEAR),
        (["01-02-2021", "02-02-2021", "03-02-2021"], DAY_FIRST),
        (["02-01-2021", "02-02-2021", "02-03-2021"], MONTH_FIRST),
        (["2021-02-13"], YEAR_FIRST),
    ],
)
def test_the_order_of_day_and_month_is_what_all_times_together_show(texts: list[str], order: str) -> None:
    assert day_order(texts) == order
