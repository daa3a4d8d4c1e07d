"""This is the place where reading tables of glucose sensors (id, time, gl) is tested."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.domain.samples import FLOATING
from core.sources.wearables.cgm_hall import FORMAT
from tests.wearables.csv_given import Came, at, check_damage, member, of_path

TABLE = "id,time,gl,diagnosis\n1636-69-001,2014-02-03 08:42:12,93.0,diabetic\n1636-69-001,2014-02-03 08:47:12,,diabetic\nb,2014-02-03 08:47:12,94,\n"


def test_only_exactly_these_columns_are_recognised() -> None:
    assert FORMAT.recognises(TABLE.encode(), "x")
    assert FORMAT.recognises(b"id,time,gl\n", "x")
    assert not FORMAT.recognises(b"id,time,glucose\n", "cgm.csv")
    assert not FORMAT.recognises(b"id,time,gl,unit\n", "cgm.csv")


def test_people_keep_apart_and_the_clock_has_no_zone() -> None:
    came = Came(FORMAT, member(TABLE))
    mine = came.columns("cgm_glucose", subject="1636-69-001")
    assert (mine.start.tolist(), mine.value.tolist(), mine.offset.tolist()) == ([at("2014-02-03T08:42:12")], [93.0], [FLOATING])
    assert came.entries == 2


def test_damage_never_raises() -> None:
    check_damage(FORMAT, [TABLE.encode()])


def test_the_real_table_is_read_whole(shared_data: Path) -> None:
    path = shared_data / "wearable" / "cgm-hall2018" / "cgm.csv"
    rows = [line.split(",") for line in path.read_text().splitlines()[1:]]
    came = Came(FORMAT, of_path(path))
    assert came.counts == {("cgm_glucose", ""): len(rows)}
    assert not came.odd
    assert {one.subject for one in came.samples} == {row[0] for row in rows}
    assert np.isclose(came.columns("cgm_glucose").value.sum(), sum(float(row[2]) for row in rows))
