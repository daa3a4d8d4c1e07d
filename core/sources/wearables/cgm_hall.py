"""This is the place where tables of glucose sensors in the form of the iglu package are read: id, time, gl (and diagnosis).

The form is recognised by exactly these column names; its documentation (iglu, example_data_hall: Hall 2018, doi:10.1371/
journal.pbio.2005143) says mg/dL. Clock: local without a zone (FLOATING). The table names no device. `diagnosis` is said again in
each row of what the study found and is no entry. `id` is whose it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.samples import Parsed
from core.sources.wearables.csv_columns import Books, Frame, Take, no_header, take
from core.sources.wearables.csv_rows import blocks, head_of, look
from core.sources.wearables.csv_times import Times
from core.sources.wearables.form import Format, Member

_FORMS = (("id", "time", "gl", "diagnosis"), ("id", "time", "gl"))


def _wanted(names: Sequence[str]) -> bool:
    return tuple(names) in _FORMS or (names[:1] == ("",) and tuple(names[1:]) in _FORMS)  # R writes the row's number first


def recognises(head: bytes, name: str) -> bool:
    return look(head, _wanted) is not None


def read(member: Member) -> Parsed:
    sheet = look(head_of(member), _wanted)
    if sheet is None:
        yield from no_header(member.name)
        return
    books = Books(member.name)

    def rows() -> Parsed:
        times, plan = Times(), {sheet.index("gl"): Take("cgm_glucose")}
        for block in blocks(member, sheet):
            columns = block.columns or [()] * len(sheet.names)
            moments = [times.iso(text) for text in columns[sheet.index("time")]]
            subject = [text.strip() for text in columns[sheet.index("id")]]
            yield from take(block, Frame.of(moments, None, subject), plan, sheet, books)

    yield from books.closed(rows())


FORMAT = Format("cgm_hall", recognises, read)
