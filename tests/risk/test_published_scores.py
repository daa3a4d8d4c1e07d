"""This is the place where scores and kidney equations are held against every published example, through the command and by the names of the columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.risk import published

POINTS = {
    "FINDRISC": "findrisc", "ADA_risk(no GDM item)": "ada_risk_test", "CHA2DS2-VASc": "cha2ds2_vasc", "CHA2DS2-VA": "cha2ds2_va",
    "HAS-BLED": "has_bled", "qSOFA": "qsofa",
}  # fmt: skip


@pytest.mark.parametrize("name", POINTS)
def test_a_score_gives_the_published_points(name: str, tmp_path: Path) -> None:
    vectors = published.scores(name)
    answers = published.applied(POINTS[name], [inputs for inputs, _ in vectors], tmp_path)
    assert [(answer["score"], answer["declined"]) for answer in answers] == [(f"{expected:g}", "") for _, expected in vectors]


@pytest.mark.parametrize(("name", "equation", "within"), [("CDRS_NewChinese", "cdrs", 0), ("FIB4", "fib4", 5e-5), ("MELD_3_0", "meld3", 5e-4)])
def test_a_score_gives_the_worked_examples(name: str, equation: str, within: float, tmp_path: Path) -> None:
    vectors = published.of_scores_json(name)
    answers = published.applied(equation, [inputs for inputs, _ in vectors], tmp_path)
    assert [float(answer["score"]) for answer in answers] == pytest.approx([expected for _, expected in vectors], abs=within)


def test_meld_is_reported_whole_and_at_most_40(tmp_path: Path) -> None:
    answers = published.applied("meld3", [inputs for inputs, _ in published.of_scores_json("MELD_3_0")], tmp_path)
    assert [answer["reported"] for answer in answers] == ["22", "6", "40", "29"]


def test_news2_gives_the_charts_points(tmp_path: Path) -> None:
    vectors = published.rows("news2_vectors.csv")
    answers = published.applied("news2", vectors, tmp_path)
    assert [answer["score"] for answer in answers] == [one["expected"] for one in vectors]


def test_kidney_function_agrees_with_the_published_tables(tmp_path: Path) -> None:
    vectors = published.rows("ckdepi_vectors.csv")
    answers = published.applied("ckdepi", vectors, tmp_path)
    off = [abs(float(answer["egfr"]) - float(one["expected"])) / float(one["tolerance"].split()[0]) for answer, one in zip(answers, vectors, strict=True)]
    assert max(off) <= 1
    assert [float(answer["egfr"]) for answer in answers] == pytest.approx([float(one["computed"]) for one in vectors], abs=6e-4)


def test_kidney_failure_agrees_to_the_last_printed_digit(tmp_path: Path) -> None:
    vectors = published.rows("kfre_vectors.csv")
    answers = published.applied("kfre", vectors, tmp_path)
    assert [float(answer["kidney_failure"]) for answer in answers] == pytest.approx([float(one["expected_risk"]) for one in vectors], abs=5.1e-9)


def test_kidney_failure_by_one_equation_is_the_same_as_by_the_mixed_table(tmp_path: Path) -> None:
    vectors = [one for one in published.rows("kfre_vectors.csv") if one["model"] == "6var" and one["years"] == "5"]
    answers = published.applied("kfre_6var", vectors, tmp_path)
    assert [float(answer["kidney_failure_5yr"]) for answer in answers] == pytest.approx([float(one["expected_risk"]) for one in vectors], abs=5.1e-9)
